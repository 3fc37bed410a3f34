"""Write ``docs/bpmn-support.md`` from the tables that the tests run: ``python -m`` this module."""

from collections.abc import Iterable
from pathlib import Path

from engine.lint.rules import SENTENCES
from tests.engine.rows import Refusal, Run
from tests.engine.rows_basic import ROWS as BASIC
from tests.engine.rows_events import ROWS as EVENTS
from tests.engine.rows_refused import ROWS as REFUSED

PAGE = Path(__file__).parents[2] / "docs" / "bpmn-support.md"
RUNS: list[Run] = [*BASIC, *EVENTS]

HEAD = """# What of BPMN runs here

Written by `make docs` from the tables in `tests/engine/rows_*.py`. Each row is a small
diagram that a test publishes: a supported one is run through the engine, step by step, and its
path, its open tasks and its values are compared; a refused one must name rule and element. A test
fails when this page is not what the tables say.

`kartabl lint FILE... [--format json]` tells what the gate says of a file, without publishing it.

| verdict | rows | what it means |
|---|---|---|
| supported | {supported} | runs as the standard says |
| repaired | {repaired} | runs as a reader means it: `engine/spiff/repair.py` writes the diagram anew before it is read; the file, the drawing and the history keep its own ids |
| refused | {refused} | the gate names the element; nothing is published |
| warned | {warned} | published, with a word of warning |

## Rules to know

- **Values.** A case has one set of values. Each branch of a parallel or inclusive gateway brings to
  the join what it has changed since the branches parted; where two changed the same name, the one
  that arrives last has its way (the gate warns: `parallel-write`). A branch that ends while others
  go on has arrived as well: from then on the others see what it has changed.
- **Sub-processes and called processes** get all values and give all back. What a sub-process has
  written so far is seen behind its boundary events and in its event sub-processes.
- **Loops and multi-instance.** Each instance sees the values and its own item. With an output
  collection only the output item leaves the instance, in the order of the items; without one, what
  it has changed. A completion condition may use `numberOfInstances`,
  `numberOfCompletedInstances`, `numberOfActiveInstances` and `loopCounter`. At most 1,000 instances.
- **Messages and signals** first reach what waits in the same case; only what nobody there takes
  goes to other cases: a message to one case with the same name and key, a signal to all that wait.
  They bear the values that the property `payload` lists. A signal that nobody waits for is gone.
- **Throwing events run last**: all other automatic steps rest before a message, signal or
  escalation is thrown, so that whoever is about to wait does wait.
- **Errors** climb from activity to activity; the nearest boundary event or event sub-process that
  catches the code takes it, one without a code takes any. A handler that fails is no BPMN error: its
  step is rolled back, or an incident opens.
- **Timers.** A value in ISO 8601 may stand as it is, without quotes; anything else is an expression.
  A date without an offset is meant for Tehran. Months are calendar months; a cycle counts from its
  start, so it does not drift. Missed firings are made up for, one by one.
- **Conditions** of conditional events look at the values of the whole case; an event that does not
  interrupt fires once. A name without a value does not hold.
- **Non-interrupting** message, signal and escalation events may happen again and again while their
  activity is open; an event sub-process can be entered while its process's other steps go on.
- **Exclusive gateways** take the first flow whose condition holds, in the order of the file, never
  of the drawing. Where no condition holds and there is no default, the step is refused with a sentence.
- **Expressions** are the safe subset of Python in `forms/expressions.py`; scripts are lines
  `name = expression`.
- **Soundness.** The gate explores all markings of each process up to 20,000 and says when there are
  more (`bound`). It refuses steps that could wait for ever and steps that could run twice at once.
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _table(head: str, rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, "|" + "---|" * (head.count("|") - 1)]
    lines += ("| " + " | ".join(map(_cell, row)) + " |" for row in rows)
    return "\n".join(lines)


def _sections(rows: Iterable[Run | Refusal]) -> list[str]:
    return list(dict.fromkeys(row.section for row in rows))


def _runs() -> str:
    parts = []
    for section in _sections(RUNS):
        rows = [row for row in RUNS if row.section == section]
        told = (
            (row.construct, "repaired" if row.repaired else "supported", row.rule) for row in rows
        )
        parts.append(f"### {section}\n\n" + _table("| construct | verdict | how |", told))
    return "\n\n".join(parts)


def _refusals() -> str:
    parts = []
    for section in _sections(REFUSED):
        rows = [row for row in REFUSED if row.section == section]
        told = (
            (
                row.construct,
                "warned" if row.severity == "warning" else "refused",
                f"`{row.rule}`",
                SENTENCES[row.rule][1].format("…"),
            )
            for row in rows
        )
        parts.append(f"### {section}\n\n" + _table("| construct | verdict | rule | says |", told))
    return "\n\n".join(parts)


def _rules() -> str:
    told = ((f"`{rule}`", en.format("…"), fa.format("…")) for rule, (fa, en) in SENTENCES.items())
    return _table("| rule | English | فارسی |", told)


def page() -> str:
    """Return the page."""
    repaired = sum(row.repaired for row in RUNS)
    warned = sum(row.severity == "warning" for row in REFUSED)
    head = HEAD.format(
        supported=len(RUNS) - repaired,
        repaired=repaired,
        refused=len(REFUSED) - warned,
        warned=warned,
    )
    return (
        f"{head}\n## What runs\n\n{_runs()}\n\n## What the gate refuses\n\n{_refusals()}\n\n"
        f"## All rules of the gate\n\n{_rules()}\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
