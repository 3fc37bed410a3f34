"""Simulate small diagrams in tests."""

from typing import Any

from engine.identity import Role
from engine.service_tasks import HandlerContext, HandlerRefused, Outside
from engine.simulation import Sandbox, simulate
from tests.engine.bpmn import diagram, end, flow, path, start, user, xor

#: The instant at which simulations begin.
STARTED = "2026-01-03T08:00:00Z"


def _add(context: HandlerContext, _parameters: Any) -> dict[str, Any]:
    return {"sum": int(context.data.get("count", 0)) + 1}


def _refuse(_context: HandlerContext, _parameters: Any) -> None:
    raise HandlerRefused("نمی‌شود.", "It cannot be.")


def sandbox() -> Sandbox:
    """Return private databases with a role and three handlers."""
    handlers = {"add": _add, "refuse": _refuse, "mail": Outside(run=lambda _c, _p: 1 / 0)}
    return Sandbox({"clerk": Role("clerk", "کارمند", "Clerk")}, handlers)


SANDBOX = sandbox()


def run(
    *parts: str,
    lanes: dict[str, list[str]] | None = None,
    drawn_messages: str = "",
    files: dict[str, str] | None = None,
    **request: Any,
) -> dict[str, Any]:
    """Simulate a process made of parts."""
    xml = diagram("p", *parts, lanes=lanes, messages=drawn_messages).decode()
    return simulate(SANDBOX, {"files": {"p.bpmn": xml, **(files or {})}, **request})


def passed(told: dict[str, Any]) -> list[str]:
    """Return the ids of the elements that a token passed, in order, each once."""
    done = [e["element_id"] for e in told["trace"] if not e["event"].endswith(":opened")]
    return list(dict.fromkeys(done))


def rules(told: dict[str, Any], severity: str = "error") -> list[tuple[str, str]]:
    """Return rule and element of the findings."""
    return [(p["rule"], p["element_id"]) for p in told["problems"] if p["severity"] == severity]


#: A question whose answer decides between two tasks.
TWO_STEPS = (
    start(),
    user("ask"),
    xor("choice", default="f_choice_no"),
    user("yes"),
    user("no"),
    end("done"),
    end("refused"),
    path("begin", "ask", "choice", "no", "refused"),
    flow("choice", "yes", 'outcome == "ok"'),
    flow("yes", "done"),
)
