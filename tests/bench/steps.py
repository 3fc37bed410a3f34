"""A step against the bare floor and against plain SpiffWorkflow."""

from collections.abc import Callable
from pathlib import Path

from engine.deployments import published
from engine.functions import functions_for
from engine.spiff.runtime import Workflow
from engine.spiff.scripts import StepScripts
from engine.transaction import Engine
from tests.bench import cases
from tests.bench.cases import VALUES, Case
from tests.bench.databases import Maker
from tests.bench.floor import Floor
from tests.bench.measuring import interleaved, median, tally
from tests.bench.plain import Plain
from tests.bench.report import Figure, Part, Size
from tests.bench.weighing import weigh


def _engine_only(case: Case) -> Callable[[], object]:
    """Return an act that loads a workflow, completes its open task and dumps it."""
    row = case.row()
    with case.engine.reading() as tx:
        bundle = published(tx, row.definition_id).bundle
        functions, now = functions_for(tx), tx.now

    def run() -> bytes:
        scripts = StepScripts(functions, lambda _call: None)
        workflow = Workflow.load(row.workflow, bundle, scripts, now, lambda _passed: None)
        [task] = workflow.open_tasks()
        workflow.complete(task.id, VALUES)
        return workflow.dump()

    return run


def compare(kartabl: Engine, size: Size) -> list[Figure]:
    """Time and count steps on one database."""
    counted = tally(kartabl.database)
    case = Case(kartabl).steps(10)
    floor, plain = Floor(case), Plain(kartabl.database)
    for _ in range(9):
        plain.step()
    text = plain.stored()
    acts: dict[str, Callable[[], object]] = {
        "whole": case.step,
        "floor": floor.step,
        "engine": _engine_only(case),
        "plain": lambda: plain.step_from(text),
        "plain_engine": lambda: plain.run(text),
    }
    asked = {name: counted.of(act) for name, act in acts.items()}
    ms = {name: median(times) for name, times in interleaved(size.steps, acts).items()}
    figures = [
        Figure("load + run + dump", ms["engine"], "CPU ms", 1.5),
        Figure("the same in plain SpiffWorkflow", ms["plain_engine"], "CPU ms"),
        Figure("ratio to plain SpiffWorkflow", ms["engine"] / ms["plain_engine"], "×"),
        Figure("whole step", ms["whole"], "CPU ms"),
        Figure("bare floor: the same rows by Core", ms["floor"], "CPU ms"),
        Figure("ratio to the floor", ms["whole"] / ms["floor"], "×", 2.5),
        Figure("plain SpiffWorkflow with one stored row", ms["plain"], "CPU ms"),
        Figure("ratio to plain SpiffWorkflow", ms["whole"] / ms["plain"], "×"),
        Figure("statements of a step", asked["whole"][0], ""),
        Figure("statements of the floor", asked["floor"][0], ""),
        Figure("commits of a step", asked["whole"][1], "", 1),
    ]
    return figures + _bytes(case, floor, plain, size)


def _bytes(case: Case, floor: Floor, plain: Plain, size: Size) -> list[Figure]:
    database = case.engine.database
    names = {"a step": case.step, "the floor": floor.step, "plain SpiffWorkflow": plain.step}
    rounds = min(size.steps, 50)  # plain SpiffWorkflow's tree grows with each
    weights = {name: weigh(database, act, rounds) for name, act in names.items()}
    written = [Figure(f"written by {name}", w.written / 1e3, "kB") for name, w in weights.items()]
    stored = [
        Figure(f"stored by {name}", weights[name].stored / 1e3, "kB")
        for name in ("a step", "the floor")  # plain SpiffWorkflow writes over its one row
    ]
    return written + stored


def growth(kartabl: Engine, size: Size) -> list[Figure]:
    """Compare a late step of one case with the tenth step of others."""
    counted = tally(kartabl.database)
    late = Case(kartabl).steps(size.late_step)
    rounds = max(3, size.steps // 4)
    early = iter([Case(kartabl).steps(9) for _ in range(2 * rounds + 1)])
    acts = {"late": late.step, "early": lambda: next(early).step()}
    asked = {name: counted.of(act)[0] for name, act in acts.items()}
    ms = {name: median(times) for name, times in interleaved(rounds, acts).items()}
    written = {name: weigh(kartabl.database, act, rounds).written for name, act in acts.items()}
    stored = len(late.row().workflow), len(Case(kartabl).steps(10).row().workflow)
    to = f"step 10 → {size.late_step:,}:"
    return [
        Figure(f"{to} CPU", ms["late"] / ms["early"], "×", 1.2),
        Figure(f"{to} bytes written", written["late"] / written["early"], "×", 1.2),
        Figure(f"{to} bytes of the workflow", stored[0] / stored[1], "×", 1.2),
        Figure(f"{to} statements", asked["late"] / asked["early"], "×", 1),
    ]


def plain_growth(kartabl: Engine, size: Size) -> list[Figure]:
    """Show what happens without compaction; after step 333 plain SpiffWorkflow ends this case."""
    plain = Plain(kartabl.database)
    texts = {}
    for step in (10, size.plain_step):
        while plain.steps < step - 1:
            plain.step()
        texts[step] = plain.stored()
    acts = {step: (lambda text=text: plain.run(text)) for step, text in texts.items()}
    ms = [median(times) for times in interleaved(min(size.steps, 20), acts).values()]
    of = f"plain SpiffWorkflow, step 10 → {size.plain_step}:"
    return [
        Figure(f"{of} CPU", ms[1] / ms[0], "×"),
        Figure(f"{of} bytes", len(texts[size.plain_step]) / len(texts[10]), "×"),
    ]


def measure(kind: str, make: Maker, place: Path, size: Size) -> Part:
    """Measure on a fresh database."""
    kartabl = cases.engine(make("steps"), place)
    figures = compare(kartabl, size) + growth(kartabl, size)
    if kind == "SQLite":  # the database makes no difference to it
        figures += plain_growth(kartabl, size)
    kartabl.database.dispose()
    return Part(f"Step, {kind}", figures)
