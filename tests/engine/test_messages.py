"""Messages and signals between cases: found by name and key, kept until somebody waits for them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import history, incidents, jobs, messages
from engine.events import EventType
from engine.models import Message, MessageSubscription
from tests.engine.bpmn import diagram, end, extension, path, script, service, start, user
from tests.engine.conftest import CHIEF, CLERK, World

LANES = {"کارمند": ["begin", "place", "send", "a", "b", "wait", "finish"]}


def throw(kind: str, element: str = "intermediateThrowEvent", **properties: str) -> str:
    """Return an event that throws «news»."""
    inner = f'<bpmn:{kind}EventDefinition {kind}Ref="news"/>'
    head = f'<bpmn:{element} id="send" name="خبر">'
    return f"{head}{extension(properties)}{inner}</bpmn:{element}>"


def catch(kind: str, element: str = "intermediateCatchEvent", element_id: str = "wait") -> str:
    """Return an event that waits for «news»."""
    inner = f'<bpmn:{kind}EventDefinition {kind}Ref="news"/>'
    return f'<bpmn:{element} id="{element_id}" name="خبر">{inner}</bpmn:{element}>'


def _file(key: str, kind: str, *parts: str) -> bytes:
    content = diagram(key, *parts, lanes=LANES, messages="news")
    return content.replace(b"<bpmn:message ", f"<bpmn:{kind} ".encode())


def _sender(kind: str, office: str = "7201", **properties: str) -> bytes:
    steps = path("begin", "place", "a", "send", "finish")
    place = service("place", "place", office=f"'{office}'")
    parts = (start(starters="clerk"), place, user("a"), throw(kind, **properties), end(), steps)
    return _file("sender", kind, *parts)


def _receiver(kind: str) -> bytes:
    steps = path("begin", "place", "b", "wait", "finish")
    place = service("place", "place", office="'7201'")
    parts = (start(starters="clerk"), place, user("b"), catch(kind), end(), steps)
    return _file("receiver", kind, *parts)


def _waiting(world: World) -> str:
    case = world.start(CLERK, "receiver")
    world.do(CLERK, case, "b")
    return case


def _send(world: World, note: str = "سلام") -> str:
    case = world.start(CLERK, "sender")
    world.do(CLERK, case, "a", note=note, count=3)
    return case


def _states(world: World) -> list[str]:
    with world.engine.reading() as tx:
        return list(tx.session.scalars(select(Message.state).order_by(Message.created_at)))


def test_a_message_reaches_the_case_with_its_key_and_bears_only_its_payload(world: World) -> None:
    world.deploy(_sender("message", payload="note"), _receiver("message"))
    case = _waiting(world)
    sender = _send(world)
    assert world.instance(case).state == "running"
    jobs.run_pending(world.engine)
    assert world.instance(case).state == "completed"
    with world.engine.reading() as tx:
        [received] = [e for e in history.entries(tx, case) if e.type == EventType.message_received]
        [sent] = [e for e in history.entries(tx, sender) if e.type == EventType.message_sent]
    assert received.data == {"values": {"note": "سلام"}, "sender": sender}
    assert sent.data["key"] == "7201"
    assert _states(world) == ["delivered"]


def test_a_message_for_another_key_is_not_taken(world: World) -> None:
    world.deploy(_sender("message", office="7299"), _receiver("message"))
    case = _waiting(world)
    _send(world)
    jobs.run_pending(world.engine)
    assert world.instance(case).state == "running"
    assert _states(world) == ["pending"]


def test_the_diagram_may_compute_the_key(world: World) -> None:
    world.deploy(_sender("message", "7299", correlationKey="note"), _receiver("message"))
    case = _waiting(world)
    _send(world, note="7201")
    jobs.run_pending(world.engine)
    assert world.instance(case).state == "completed"


def test_a_message_that_comes_too_early_waits_for_its_receiver(world: World) -> None:
    world.deploy(_sender("message"), _receiver("message"))
    _send(world)
    jobs.run_pending(world.engine)
    assert _states(world) == ["pending"]
    case = _waiting(world)
    jobs.run_pending(world.engine)
    assert world.instance(case).state == "completed"
    assert _states(world) == ["delivered"]


def test_one_message_goes_to_one_case_only(world: World) -> None:
    world.deploy(_sender("message"), _receiver("message"))
    first = _waiting(world)
    world.pass_time(minutes=1)
    second = _waiting(world)
    _send(world)
    jobs.run_pending(world.engine)
    assert [world.instance(case).state for case in (first, second)] == ["completed", "running"]


def test_a_message_begins_the_process_that_starts_with_it(world: World) -> None:
    begun = _file(
        "receiver",
        "message",
        catch("message", "startEvent", "begin"),
        user("b"),
        end(),
        path("begin", "b", "finish"),
    )
    world.deploy(_sender("message", payload="note count"), begun)
    _send(world)
    jobs.run_pending(world.engine)
    with world.engine.reading() as tx:
        case = tx.session.scalars(select(Message.receiver)).one()
    assert world.keys(case) == ["b"]
    assert world.data(case) == {"note": "سلام", "count": 3}


def test_a_signal_reaches_everybody_who_waits_and_nobody_later(world: World) -> None:
    world.deploy(_sender("signal"), _receiver("signal"))
    cases = [_waiting(world), _waiting(world)]
    _send(world)
    jobs.run_pending(world.engine)
    assert [world.instance(case).state for case in cases] == ["completed"] * 2
    late = _waiting(world)
    jobs.run_pending(world.engine)
    assert world.instance(late).state == "running"


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_what_nobody_takes_is_given_up_after_a_while(world: World, kind: str) -> None:
    world.deploy(_sender(kind), _receiver(kind))
    _send(world)
    jobs.run_pending(world.engine)
    with world.engine.transaction() as tx:
        expired = messages.expire(tx, tx.now + timedelta(days=1))
    assert expired == (1 if kind == "message" else 0)


def test_nobody_can_send_a_signal_by_hand(world: World) -> None:
    world.deploy(_sender("signal"), _receiver("signal"))
    case = _waiting(world)
    with world.engine.reading(CLERK) as tx:
        from engine import instances

        assert tx.session.scalars(select(MessageSubscription.kind)).one() == "signal"
        assert instances.subscriptions(tx, instances.get(tx, case)) == []


def test_a_message_that_its_receiver_cannot_take_asks_a_person(world: World) -> None:
    steps = path("begin", "place", "b", "wait", "sum", "finish")
    place = service("place", "place", office="'7201'")
    broken = script("sum", "total = note + 1")
    parts = (start(starters="clerk"), place, user("b"), catch("message"), broken, end(), steps)
    world.deploy(_sender("message", payload="note"), _file("receiver", "message", *parts))
    case = _waiting(world)
    sender = _send(world)
    jobs.run_pending(world.engine)
    with world.engine.reading() as tx:
        [incident] = incidents.listed(tx)
    assert (incident.instance_id, incident.kind) == (sender, "message")
    assert world.instance(sender).state == "completed"
    assert world.instance(case).state == "running"
    assert _states(world) == ["pending"]


def test_a_message_goes_once_its_receiver_is_mended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(_sender("message"), _receiver("message"))
    case = _waiting(world)
    with monkeypatch.context() as broken:
        broken.setattr("engine.messages.guarded", _fail)
        _send(world)
        jobs.run_pending(world.engine)
    assert world.instance(case).state == "running"
    _retry(world)
    assert world.instance(case).state == "completed"
    assert _states(world) == ["delivered"]


def test_a_signal_that_one_case_cannot_take_reaches_the_others_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(_sender("signal"), _receiver("signal"))
    cases = [_waiting(world), _waiting(world)]
    whole, failures = messages.guarded, [True]

    def fail_once(*arguments: Any) -> Any:
        return _fail() if failures.pop() else whole(*arguments)

    monkeypatch.setattr("engine.messages.guarded", fail_once)
    failures[:] = [False, True]
    _send(world)
    jobs.run_pending(world.engine)
    assert sorted(world.instance(case).state for case in cases) == ["completed", "running"]
    monkeypatch.setattr("engine.messages.guarded", whole)
    _retry(world)
    assert [world.instance(case).state for case in cases] == ["completed"] * 2


def _fail(*_arguments: Any) -> Any:
    raise RuntimeError("a fault in the receiver's step")


def _retry(world: World) -> None:
    with world.engine.transaction(CHIEF) as tx:
        [incident] = incidents.listed(tx)
        incidents.retry(tx, incident.id, "mended")
    jobs.run_pending(world.engine)
    with world.engine.reading() as tx:
        assert incidents.listed(tx) == []
