"""Simulations: what is told of a case that nobody walked, for each way in which it can go."""

import orjson
import pytest

from engine.simulation import simulate
from tests.engine.bpmn import (
    HEAD,
    call,
    diagram,
    end,
    flow,
    message_catch,
    parallel,
    path,
    script,
    service,
    start,
    timer_boundary,
    user,
    xor,
)
from tests.engine.conftest import ANY, STRICT, form
from tests.engine.simulating import SANDBOX, STARTED, TWO_STEPS, passed, rules, run, sandbox


def test_answers_take_a_case_to_its_end_and_the_trace_names_every_element() -> None:
    told = run(*TWO_STEPS, answers={"ask": [{"outcome": "ok"}], "yes": [{"n": 5}]})
    assert told["verdict"] == "completed"
    assert passed(told) == ["begin", "ask", "choice", "yes", "done"]
    assert told["data"] == {"outcome": "ok", "n": 5}
    assert told["problems"] == []
    assert [e["seq"] for e in told["trace"]] == list(range(1, len(told["trace"]) + 1))
    assert told["trace"][0] == {
        "seq": 1,
        "event": "element:token:passed",
        "element_id": "begin",
        "element_type": "startEvent",
        "name": "",
        "at": STARTED,
    }
    types = {e["element_id"]: e["element_type"] for e in told["trace"]}
    assert (types["choice"], types["done"]) == ("exclusiveGateway", "endEvent")


def test_a_task_without_an_answer_stays_open_and_is_told() -> None:
    told = run(*TWO_STEPS, answers={"ask": {"outcome": "else"}}, lanes={"کارمند": ["no"]})
    assert told["verdict"] == "waiting"
    assert told["open_tasks"] == [
        {"id": "no", "name": "گام no", "lane": "کارمند", "form": "test/any"}
    ]
    assert "no" not in passed(told)


def test_generated_values_come_from_the_literals_that_conditions_compare_with() -> None:
    ends = {passed(run(*TWO_STEPS, auto=True, seed=seed))[-1] for seed in range(12)}
    assert ends == {"done", "refused"}


def test_the_same_seed_tells_the_same_byte_for_byte() -> None:
    xml = diagram("p", *TWO_STEPS).decode()
    request = {"files": {"p.bpmn": xml, "test/any.json": ANY.decode()}, "auto": True, "seed": 7}
    first = orjson.dumps(simulate(SANDBOX, request))
    assert orjson.dumps(simulate(sandbox(), request)) == first


def test_forms_of_the_bundle_refuse_answers_that_break_them() -> None:
    parts = (start(), user("ask", "test/strict"), end(), path("begin", "ask", "finish"))
    files = {"anything.json": STRICT.decode()}
    told = run(*parts, files=files, answers={"ask": {"name": "x"}})
    assert told["verdict"] == "failed"
    assert rules(told) == [("answer-refused", "ask")]
    [problem] = told["problems"]
    assert problem["message_en"] == (
        "This answer was not accepted: name: Write at least 3 characters."
    )
    assert "دست‌کم" in problem["message_fa"]
    assert [task["id"] for task in told["open_tasks"]] == ["ask"]
    assert run(*parts, files=files, answers={"ask": {"name": "xyz"}})["verdict"] == "completed"


def test_generated_values_pass_the_form() -> None:
    parts = (start(), user("ask", "test/strict"), end(), path("begin", "ask", "finish"))
    told = run(*parts, files={"f.json": STRICT.decode()}, auto=True)
    assert told["verdict"] == "completed"
    assert len(told["data"]["name"]) >= 3


def test_a_form_that_nothing_fills_ends_the_run_with_its_name() -> None:
    impossible = orjson.loads(form("test/no", {"n": {"type": "integer"}}, required=["n"]))
    sentence = {"fa": "هرگز", "en": "Never"}
    impossible["rules"] = [{"field": "n", "assert": "n > n", "message": sentence}]
    parts = (start(), user("ask", "test/no"), end(), path("begin", "ask", "finish"))
    told = run(*parts, files={"f.json": orjson.dumps(impossible).decode()}, auto=True)
    assert (told["verdict"], rules(told)) == ("failed", [("form-unfilled", "ask")])


def test_initial_values_decide_what_comes_before_the_first_task() -> None:
    parts = (
        start(),
        xor("size", default="f_size_small"),
        user("small"),
        user("big"),
        end(),
        end("finish2"),
        path("begin", "size", "small", "finish"),
        flow("size", "big", "amount > 10"),
        flow("big", "finish2"),
    )
    assert run(*parts, data={"amount": 11})["open_tasks"][0]["id"] == "big"
    assert run(*parts, data={"amount": 10})["open_tasks"][0]["id"] == "small"


def test_a_value_that_the_case_began_with_is_kept_in_the_first_round_only() -> None:
    parts = (
        start(),
        user("look"),
        xor("good", default="f_good_look"),
        end(),
        path("begin", "look", "good", "look"),
        flow("good", "finish", "good_enough"),
    )
    told = run(*parts, auto=True, data={"good_enough": True})
    assert passed(told) == ["begin", "look", "good", "finish"]
    again = run(*parts, auto=True, data={"good_enough": False}, seed=1)
    assert again["verdict"] == "completed"
    assert [e["element_id"] for e in again["trace"]].count("good") > 1


def test_answers_are_taken_round_by_round_then_the_task_waits() -> None:
    parts = (
        start(),
        user("look"),
        xor("good", default="f_good_look"),
        end(),
        path("begin", "look", "good", "look"),
        flow("good", "finish", "ok"),
    )
    told = run(*parts, answers={"look": [{"ok": False}, {"ok": False}]})
    assert (told["verdict"], told["open_tasks"][0]["id"]) == ("waiting", "look")
    told = run(*parts, answers={"look": [{"ok": False}, {"ok": True}, {"ok": False}]})
    assert told["verdict"] == "completed"


FORK = (
    start(),
    parallel("fork"),
    user("a"),
    user("b"),
    user("c"),
    parallel("join"),
    end(),
    path("begin", "fork", "a", "join", "finish"),
    path("fork", "b", "c", "join"),
)


def test_tasks_are_answered_as_they_opened_and_of_one_step_as_in_the_file() -> None:
    def order(*answered: str) -> list[str]:
        told = run(*FORK, answers={task: {} for task in answered})
        assert told["verdict"] == "completed"
        return [e["element_id"] for e in told["trace"] if e["event"].endswith("work:completed")]

    assert order("c", "b", "a") == ["b", "a", "c"]
    assert order("c", "a", "b") == ["a", "b", "c"]


def test_messages_are_delivered_in_order_as_soon_as_something_waits() -> None:
    parts = (
        start(),
        message_catch("first", "one"),
        message_catch("second", "two"),
        end(),
        path("begin", "first", "second", "finish"),
    )
    one, two = {"name": "one", "data": {"x": 1}}, {"name": "two"}
    told = run(*parts, messages=[one], drawn_messages="one,two")
    assert told["verdict"] == "waiting"
    assert told["waiting_for"]["messages"] == [{"id": "second", "name": "two"}]
    told = run(*parts, messages=[one, two], drawn_messages="one,two")
    assert (told["verdict"], told["data"]) == ("completed", {"x": 1})
    told = run(*parts, messages=[two, one], drawn_messages="one,two")
    assert (told["verdict"], rules(told, "warning")) == (
        "waiting",
        [("message-unused", ""), ("message-unused", "")],
    )


def test_a_message_that_no_event_takes_is_refused() -> None:
    told = run(*TWO_STEPS, data={"outcome": ""}, messages=[{"name": "nobody"}])
    assert (told["verdict"], rules(told)) == ("refused", [("message-unknown", "")])
    assert "nobody" in told["problems"][0]["message_en"]


def test_an_answer_for_no_task_is_told() -> None:
    told = run(*TWO_STEPS, data={"outcome": ""}, answers={"asl": {}})
    assert (told["verdict"], rules(told, "warning")) == ("waiting", [("answer-unknown", "")])


DEADLINE = (
    start(),
    user("ask"),
    timer_boundary("late", "ask", '"2026-01-10T08:00:00+00:00"', interrupting=True),
    end(),
    end("missed"),
    path("begin", "ask", "finish"),
    flow("late", "missed"),
)


def test_a_timer_is_told_with_its_instant_and_fires_only_when_time_may_pass() -> None:
    told = run(*DEADLINE)
    assert told["verdict"] == "waiting"
    assert told["waiting_for"]["timers"] == [
        {"id": "late", "name": "", "due": "2026-01-10T08:00:00Z"}
    ]
    told = run(*DEADLINE, advance_time=True)
    assert told["verdict"] == "completed"
    fired = next(e for e in told["trace"] if e["element_id"] == "late")
    assert (fired["event"], fired["at"]) == ("timer:deadline:fired", "2026-01-10T08:00:00Z")
    assert passed(told)[-1] == "ask"  # it was withdrawn
    told = run(*DEADLINE, advance_time=True, answers={"ask": {}})
    assert passed(told)[-1] == "finish"


def test_what_is_overdue_when_the_simulation_begins_fires_at_once() -> None:
    told = run(*DEADLINE, now="2026-02-01T00:00:00Z")
    assert told["verdict"] == "completed"
    assert "missed" in passed(told)


HOUR = (
    '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition><bpmn:timeDuration '
    'xsi:type="bpmn:tFormalExpression">"PT1H"</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)


def test_time_that_leads_nowhere_ends_at_the_step_limit() -> None:
    parts = (
        start(),
        xor("again"),
        HOUR,
        xor("done", default="f_done_again"),
        end(),
        path("begin", "again", "wait", "done", "again"),
        flow("done", "finish", "1 > 2"),
    )
    told = run(*parts, advance_time=True, max_steps=7)
    assert (told["verdict"], rules(told)) == ("step_limit", [("max-steps", "")])
    assert [e["element_id"] for e in told["trace"]].count("wait") == 7
    assert told["trace"][-1]["at"] == "2026-01-03T15:00:00Z"


def test_a_circle_without_a_task_ends_at_the_step_limit() -> None:
    parts = (
        start(),
        script("count", "n = 1"),
        xor("done", default="f_done_count"),
        end(),
        path("begin", "count", "done", "count"),
        flow("done", "finish", "n > 1"),
    )
    told = run(*parts)
    assert (told["verdict"], [rule for rule, _ in rules(told)]) == ("step_limit", ["step-limit"])


def test_a_registered_handler_runs_and_a_refusal_of_it_names_the_element() -> None:
    parts = (start(), service("s", "add"), end(), path("begin", "s", "finish"))
    told = run(*parts, data={"count": 4}, answers={"s": {"sum": 99}})
    assert told["data"] == {"count": 4, "sum": 5}
    parts = (start(), service("s", "refuse"), end(), path("begin", "s", "finish"))
    told = run(*parts)
    assert (told["verdict"], rules(told)) == ("failed", [("expression", "s")])
    assert (told["problems"][0]["message_fa"], told["problems"][0]["message_en"]) == (
        "نمی‌شود.",
        "It cannot be.",
    )


@pytest.mark.parametrize("task", [service("s", "other.maker"), '<bpmn:serviceTask id="s"/>'])
def test_a_handler_that_nobody_registered_needs_an_answer(task: str) -> None:
    parts = (start(), task, end(), path("begin", "s", "finish"))
    assert (run(*parts)["verdict"], rules(run(*parts))) == ("refused", [("handler", "s")])
    told = run(*parts, answers={"s": [{"score": 3}]})
    assert (told["verdict"], told["data"]) == ("completed", {"score": 3})


def test_a_service_task_brings_its_answers_one_after_the_other_and_the_last_again() -> None:
    parts = (
        start(),
        service("s", "other"),
        script("add", "total = total + n"),
        xor("more", default="f_more_finish"),
        end(),
        path("begin", "s", "add", "more", "finish"),
        flow("more", "s", "total < 9"),
    )
    told = run(*parts, data={"total": 0}, answers={"s": [{"n": 1}, {"n": 3}]})
    assert (told["verdict"], told["data"]["total"]) == ("completed", 10)


def test_a_handler_with_effects_outside_is_never_called() -> None:
    parts = (start(), service("s", "mail"), end(), path("begin", "s", "finish"))
    told = run(*parts, answers={"s": {"sent": True}})
    assert (told["verdict"], told["data"]) == ("completed", {"sent": True})
    assert run(*parts)["verdict"] == "completed"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = missing + 1", "The variable “missing” has no value yet."),
        ("x = 1 / 0", "Division by zero."),
        ("x = n.y", "There is no “y” here."),
    ],
)
def test_what_cannot_be_computed_names_its_element_in_both_languages(
    text: str, sentence: str
) -> None:
    parts = (start(), user("ask"), script("calc", text), end(), path("begin", "ask", "calc"))
    told = run(*parts, flow("calc", "finish"), data={"n": 1}, answers={"ask": {}})
    assert (told["verdict"], rules(told)) == ("failed", [("expression", "calc")])
    problem = next(p for p in told["problems"] if p["severity"] == "error")
    assert (problem["message_en"], problem["file"]) == (sentence, "p.bpmn")
    assert problem["message_fa"] != problem["message_en"]
    assert [task["id"] for task in told["open_tasks"]] == ["ask"]  # the step was taken back


def test_a_condition_that_cannot_be_computed_names_its_gateway() -> None:
    told = run(*TWO_STEPS, answers={"ask": {}})
    assert (told["verdict"], rules(told)) == ("failed", [("expression", "choice")])


def test_what_the_gate_refuses_is_told_as_lint_tells_it() -> None:
    told = run(start(), user("ask"), end(), path("begin", "ask"), flow("ask", "nowhere"))
    assert told["verdict"] == "refused"
    assert told["problems"]
    keys = "file rule severity element_id element_name message_fa message_en"
    assert all(list(problem) == keys.split() for problem in told["problems"])


def test_diagrams_of_other_makers_run() -> None:
    xml = (
        f'{HEAD}<bpmn:process id="p"><bpmn:laneSet id="l"><bpmn:lane id="l1" name="Sales team">'
        "<bpmn:flowNodeRef>ask</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
        '<bpmn:startEvent id="begin"/><bpmn:userTask id="ask" name="Ask"/><bpmn:endEvent id="e"/>'
        f"{path('begin', 'ask', 'e')}</bpmn:process></bpmn:definitions>"
    )
    request = {"files": {"x.bpmn": xml}, "answers": {"ask": {"any": {"thing": [1]}}}}
    told = simulate(SANDBOX, {**request, "answers": {}})
    assert told["open_tasks"] == [{"id": "ask", "name": "Ask", "lane": "Sales team", "form": ""}]
    told = simulate(SANDBOX, request)
    assert (told["verdict"], told["data"]) == ("completed", {"any": {"thing": [1]}})


def _two(first: str, second: str) -> str:
    return first.replace("</bpmn:definitions>", second[len(HEAD) :])


def test_the_process_that_no_other_calls_is_run() -> None:
    outer = diagram("outer", start(), call("c", "inner"), end(), path("begin", "c", "finish"))
    inner = diagram("inner", start("b"), user("ask"), end("e"), path("b", "ask", "e"))
    files = {"a.bpmn": inner.decode(), "b.bpmn": outer.decode()}
    told = simulate(SANDBOX, {"files": files, "answers": {"ask": {"x": 1}}})
    assert (told["verdict"], told["data"]) == ("completed", {"x": 1})
    assert passed(told) == ["begin", "b", "ask", "e", "c", "finish"]
    told = simulate(SANDBOX, {"files": files, "process": "inner"})
    assert passed(told) == ["b"]


def test_two_processes_that_nobody_calls_are_refused_by_name() -> None:
    one = diagram("one", start(), end(), path("begin", "finish"))
    two = diagram("two", start("b2"), end("e2"), path("b2", "e2"))
    request = {"files": {"x.bpmn": _two(one.decode(), two.decode())}}
    told = simulate(SANDBOX, request)
    assert (told["verdict"], rules(told)) == ("refused", [("process-unclear", "")])
    assert "one, two" in told["problems"][0]["message_en"]
    assert simulate(SANDBOX, {**request, "process": "two"})["verdict"] == "completed"
    told = simulate(SANDBOX, {**request, "process": "three"})
    assert (told["verdict"], rules(told)) == ("refused", [("process-unknown", "")])


def test_a_case_that_nothing_takes_further_is_stuck_and_says_where() -> None:
    condition = (
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:conditionalEventDefinition>'
        '<bpmn:condition xsi:type="bpmn:tFormalExpression">1 &gt; 2</bpmn:condition>'
        "</bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"
    )
    told = run(start(), condition, end(), path("begin", "wait", "finish"))
    assert (told["verdict"], rules(told)) == ("failed", [("stuck", "wait")])


def test_a_simulation_leaves_nothing_to_the_next_one() -> None:
    parts = (start(), user("ask"), end(), path("begin", "ask", "finish"))
    assert run(*parts, data={"x": 1})["data"] == {"x": 1}
    told = run(*parts)
    assert (told["data"], len(told["open_tasks"])) == ({}, 1)


def test_what_is_withdrawn_at_once_is_told_in_the_same_order_each_time() -> None:
    tasks = [f"t{number}" for number in range(6)]
    kill = '<bpmn:endEvent id="kill"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
    parts = [start(), parallel("fork"), user("stop"), kill, path("begin", "fork", "stop", "kill")]
    parts += [user(t) + end(f"e_{t}") + path("fork", t, f"e_{t}") for t in tasks]
    told = [run(*parts, answers={"stop": {}}) for _ in range(4)]
    assert told[0]["verdict"] == "completed"
    assert told == [told[0]] * 4


def test_a_case_that_a_message_starts_is_walked_as_well() -> None:
    def message(element: str, tag: str, name: str) -> str:
        definition = f'<bpmn:messageEventDefinition messageRef="{name}"/>'
        return f'<bpmn:{tag} id="{element}">{definition}</bpmn:{tag}>'

    buyer = (
        start(),
        message("order", "intermediateThrowEvent", "Order"),
        message("wait", "intermediateCatchEvent", "Reply"),
        end(),
        path("begin", "order", "wait", "finish"),
    )
    seller = (
        message("begin2", "startEvent", "Order"),
        user("pack"),
        message("reply", "endEvent", "Reply"),
        path("begin2", "pack", "reply"),
    )
    files = {
        "buyer.bpmn": diagram("buyer", *buyer, messages="Order,Reply").decode(),
        "seller.bpmn": diagram("seller", *seller, messages="Order,Reply").decode(),
    }
    request = {"files": files, "process": "buyer"}
    told = simulate(SANDBOX, request)
    assert (told["verdict"], [task["id"] for task in told["open_tasks"]]) == ("waiting", ["pack"])
    told = simulate(SANDBOX, {**request, "answers": {"pack": {}}})
    assert told["verdict"] == "completed"
    assert passed(told) == ["begin", "order", "begin2", "pack", "reply", "wait", "finish"]
    told = simulate(
        SANDBOX,
        {**request, "process": "seller", "messages": [{"name": "Order", "data": {"pieces": 2}}]},
    )
    assert (told["verdict"], told["data"]) == ("waiting", {"pieces": 2})


def test_a_signal_is_waited_for_and_delivered_by_its_name() -> None:
    xml = diagram(
        "p",
        start(),
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:signalEventDefinition signalRef="s"/>'
        "</bpmn:intermediateCatchEvent>",
        end(),
        path("begin", "wait", "finish"),
    ).decode()
    xml = xml.replace("<bpmn:process", '<bpmn:signal id="s" name="Alarm"/><bpmn:process', 1)
    told = simulate(SANDBOX, {"files": {"p.bpmn": xml}})
    assert told["waiting_for"]["signals"] == [{"id": "wait", "name": "Alarm"}]
    told = simulate(SANDBOX, {"files": {"p.bpmn": xml}, "messages": [{"name": "Alarm"}]})
    assert told["verdict"] == "completed"
