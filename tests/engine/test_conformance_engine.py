"""Repaired and widened constructs as the rest of the engine sees them: inbox, drawing, jobs."""

from collections.abc import Mapping
from typing import Any

import pytest

from engine import diagram, instances, jobs
from engine.errors import DefinitionRefused
from engine.service_tasks import HandlerContext, JobContext, Outside
from tests.engine.bpmn import end, flow, path, script, service, start, user, xor
from tests.engine.conftest import CLERK, World
from tests.engine.elements import (
    begin,
    boundary,
    catch,
    link,
    message,
    over,
    process,
    roots,
    several,
    throw,
    timer,
    times,
    watching,
    within,
)
from tests.engine.rows import do, send, wait
from tests.engine.rows_basic import line
from tests.engine.running import take, town

__all__ = ["town"]


def state(town: World, case: str) -> dict[str, Any]:
    """Return what the drawing shows of a case."""
    with town.engine.reading() as tx:
        return diagram.state(tx, instances.get(tx, case), "p", {"p"})


def test_handlers_outside_the_step_run_once_for_each_instance(town: World) -> None:
    called: list[Any] = []

    def post(_context: JobContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
        called.append(parameters["to"])
        return {"sent": f"to {parameters['to']}"}

    before = town.engine.handlers
    town.engine.handlers = {**before, "post": Outside(post)}
    task = within(service("s", "post", to="x"), "")
    marked = task.replace(
        "</bpmn:extensionElements>",
        "</bpmn:extensionElements>" + several(over("items", "x", "all_sent", "sent")),
    )
    town.deploy(process(*line(script("i", "items = [1, 2, 3]"), marked, user("a"), ids="i s a")))
    case = town.start()
    assert town.keys(case) == []
    while jobs.run_pending(town.engine):
        pass
    assert sorted(called) == [1, 2, 3]
    assert town.keys(case) == ["a"]
    assert town.data(case)["all_sent"] == ["to 1", "to 2", "to 3"]
    town.engine.handlers = before


def test_each_instance_is_a_row_of_the_inbox(town: World) -> None:
    town.deploy(
        process(
            *line(
                script("i", "items = [1, 2]"),
                within(user("a"), several(over("items", "x", "notes", "note"))),
                ids="i a",
            )
        )
    )
    case = town.start()
    assert town.keys(case) == ["a", "a"]
    take(town, case, do("a", note="n"))
    assert town.keys(case) == ["a"]
    assert state(town, case)["current"] == [{"id": "a", "fa": "کارمند", "en": "Clerk"}]
    take(town, case, do("a", note="n"))
    assert town.instance(case).state == "completed"
    assert state(town, case)["flows"] == ["f_a_finish", "f_begin_i", "f_i_a"]


def test_what_is_added_is_neither_in_the_history_nor_in_the_drawing(town: World) -> None:
    parts = (
        start(),
        user("a"),
        user("b"),
        throw("t", link("on")),
        catch("w", link("on")),
        end(),
        end("other"),
        path("begin", "a"),
        flow("a", "b", "count > 1"),
        flow("a", "t"),
        path("w", "finish"),
        path("b", "other"),
        watching(
            "e",
            begin("e1", timer("Duration", "P9D")),
            script("s", "x = 1"),
            end("e2"),
            path("e1", "s", "e2"),
        ),
    )
    town.deploy(process(*parts))
    case = town.start()
    take(town, case, do("a", count=2))
    shown = state(town, case)
    assert shown["done"] == ["a", "begin", "finish", "t", "w"]
    assert shown["flows"] == ["f_a_b", "f_a_t", "f_begin_a", "f_w_finish"]
    assert [one["id"] for one in shown["current"]] == ["b"]
    take(town, case, do("b"))
    assert town.instance(case).end_event == "other"
    shown = state(town, case)
    assert shown["flows"] == ["f_a_b", "f_a_t", "f_b_other", "f_begin_a", "f_w_finish"]
    with town.engine.reading() as tx:
        content = diagram.xml(tx, instances.get(tx, case).definition_id, "p")
    assert b"triggeredByEvent" in content
    assert b".inside" not in content


def test_the_message_of_an_event_sub_process_is_sent_by_its_lane(town: World) -> None:
    parts = (
        start(),
        user("a"),
        end(),
        path("begin", "a", "finish"),
        watching(
            "e",
            begin("e1", message("news")),
            script("s", "got = note"),
            end("e2"),
            path("e1", "s", "e2"),
        ).replace(
            '<bpmn:startEvent id="e1" isInterrupting="true">',
            '<bpmn:startEvent id="e1" isInterrupting="true"><bpmn:extensionElements>'
            '<spiffworkflow:properties><spiffworkflow:property name="formKey" '
            'value="test/any"/></spiffworkflow:properties></bpmn:extensionElements>',
        ),
    )
    town.deploy(process(*parts, roots=roots(message="news")))
    case = town.start()
    with town.engine.reading(CLERK) as tx:
        [row] = instances.subscriptions(tx, instances.get(tx, case))
    assert (row.element_id, row.process_key, row.role, row.form_key) == (
        "e1",
        "p",
        "clerk",
        "test/any",
    )
    take(town, case, send("news", note="n"))
    assert town.data(case)["got"] == "n"
    assert town.instance(case).end_event == "e2"


def test_a_boundary_timer_of_a_repaired_task_sets_the_next_due(town: World) -> None:
    town.deploy(
        process(
            start(),
            user("a"),
            boundary("b", "a", timer("Duration", "P1D")),
            end(),
            end("other"),
            path("begin", "a", "finish"),
            path("b", "other"),
        )
    )
    case = town.start()
    due = town.instance(case).next_due_at
    assert due is not None
    assert (due - town.now).days == 1
    take(town, case, wait(days=2))
    assert town.instance(case).next_due_at is None


def handler(*outputs: str) -> Any:
    """Return a handler that declares what it sets."""

    def act(_context: HandlerContext, _parameters: Mapping[str, Any]) -> dict[str, Any]:
        return dict.fromkeys(outputs, 1)

    act.outputs = frozenset(outputs)  # type: ignore[attr-defined]
    return act


@pytest.mark.parametrize(("outputs", "passes"), [(("approved",), True), (("aprv",), False)])
def test_names_are_checked_against_what_handlers_declare(
    town: World,
    outputs: tuple[str, ...],
    passes: bool,
) -> None:
    before = town.engine.handlers
    town.engine.handlers = {"decide": handler(*outputs)}
    parts = (
        start(),
        service("s", "decide"),
        xor("g", default="d"),
        user("a"),
        end(),
        path("begin", "s", "g"),
        flow("g", "a", "approved == 1"),
        flow("g", "finish", flow_id="d"),
        path("a", "finish"),
    )
    try:
        if passes:
            town.deploy(process(*parts))
            return
        with pytest.raises(DefinitionRefused) as refused:
            town.deploy(process(*parts) + b"<!-- not what was published before -->")
        assert [(p.rule, p.element_id) for p in refused.value.problems] == [("variable", "g")]
    finally:
        town.engine.handlers = before


def test_a_process_may_declare_values_that_come_from_elsewhere(town: World) -> None:
    before = town.engine.handlers
    town.engine.handlers = {}
    parts = (start(), script("s", "x = given + 1"), end(), path("begin", "s", "finish"))
    declared = process(*parts).replace(
        b"<bpmn:laneSet",
        b"<bpmn:extensionElements><spiffworkflow:properties>"
        b'<spiffworkflow:property name="variables" value="given"/></spiffworkflow:properties>'
        b"</bpmn:extensionElements><bpmn:laneSet",
    )
    try:
        with pytest.raises(DefinitionRefused):
            town.deploy(process(*parts))
        town.deploy(declared)
    finally:
        town.engine.handlers = before


def test_a_count_of_instances_may_come_from_a_form(town: World) -> None:
    town.deploy(process(*line(user("n"), within(user("a"), several(times("count"))), ids="n a")))
    case = town.start()
    take(town, case, do("n", count=4))
    assert town.keys(case) == ["a"] * 4
