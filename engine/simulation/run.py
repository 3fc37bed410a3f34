"""Run a request: deploy, start, then do what the request gives until nothing can happen."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import select

from engine import deployments
from engine.deployments import Published, published
from engine.errors import FormInvalid
from engine.lint import Problem
from engine.models import MessageSubscription, ProcessDefinition, UserTask
from engine.simulation.answers import Answers
from engine.simulation.case import SimulatedCase
from engine.simulation.failures import Stopped, answer_refused, explained
from engine.simulation.limits import MOST_SECONDS, TimeSpent, bounded
from engine.simulation.problems import Place, found
from engine.simulation.report import blank, report
from engine.simulation.request import Request, RequestRefused, read_request
from engine.simulation.sandbox import Sandbox
from engine.simulation.stand_ins import stand_ins
from engine.spiff.elements import Diagram
from engine.spiff.foreign import adapted
from engine.spiff.parser import Bundle
from engine.transaction import Engine

Act = Callable[[], object]
#: All definitions of a simulation are of one deployment.
_ANY_DEFINITION = select(ProcessDefinition.id).limit(1)


def simulate(sandbox: Sandbox, raw: Any, seconds: float = MOST_SECONDS) -> dict[str, Any]:
    """Return what becomes of a request given as a JSON value; whatever it holds, this returns."""
    try:
        request = read_request(raw)
    except RequestRefused as refusal:
        return blank("refused", refusal.problems)
    with sandbox.engine(request.now) as engine:
        run = Run(engine, request, sandbox.supplied)
        try:
            with bounded(seconds):
                verdict = run.go()
        except TimeSpent:
            sandbox.distrust()
            run.readable = False
            verdict = "step_limit" if run.case.id else "failed"
            run.problems.append(found("time-limit", detail=f"{seconds:g}"))
        except Exception as error:  # noqa: BLE001  (no diagram may break what runs the others)
            stop = explained(error, run.place)
            verdict = stop.verdict
            run.problems += stop.problems
        return run.report(verdict)


class Run:
    """One request in its private engine."""

    def __init__(
        self,
        engine: Engine,
        request: Request,
        supplied: Callable[[list[Diagram]], dict[str, bytes]],
    ) -> None:
        self.engine = engine
        self.request = request
        self.answers = Answers(request.answers)
        self.messages = list(request.messages)
        self.random = Random(request.seed)  # noqa: S311  (it draws examples, not secrets)
        self.case = SimulatedCase(engine, self.random, request.now)
        self.problems: list[Problem] = []
        self.published: Published | None = None
        #: False once the database was lost in the middle of a statement.
        self.readable = True
        self._supplied = supplied

    def report(self, verdict: str) -> dict[str, Any]:
        """Return what became of it."""
        if self.published is None or not self.case.id:
            return blank(verdict, self.problems)
        timers_set = self.readable and self.case.standing.next_due is not None
        workflows = self.case.workflows() if timers_set else []
        return report(verdict, self.problems, self.case, self.published.bundle, workflows)

    def place(self, element_id: str) -> Place:
        """Return where an element stands in the files."""
        if self.published is None:
            return Place(element_id=element_id)
        bundle = self.published.bundle
        for scope in bundle.scopes.values():
            if element_id in scope.elements:
                file = bundle.files.get(scope.process_key, "")
                return Place(file, element_id, scope.elements[element_id].name_fa)
        return Place(element_id=element_id)

    def go(self) -> str:
        """Deploy, start, and act until nothing can happen; return the verdict."""
        self._deploy()
        self._start()
        steps = 0
        while not (ended := self._ended()) and (act := self._next()) is not None:
            if steps >= self.request.max_steps:
                raise Stopped("step_limit", found("max-steps", detail=str(steps)))
            act()
            steps += 1
        for name, _values in self.messages:
            self.problems.append(found("message-unused", detail=name, severity="warning"))
        return ended or self._at_rest()

    def _deploy(self) -> None:
        files, scopes = dict(self.request.files), list[Diagram]()
        for name, content in self.request.files.items():
            if name.endswith(".bpmn"):
                files[name], found_in = adapted(content, name, self.request.answers.keys())
                scopes += found_in
        files = self._supplied(scopes) | files
        self.engine.handlers = stand_ins(self.engine.handlers, scopes, self.answers)
        with self.engine.transaction() as tx:
            _deployment, warnings = deployments.deploy_and_tell(tx, files, "simulation")
        self.problems = [warning for warning in warnings if not self._solved(warning)]
        with self.engine.reading() as tx:
            self.published = published(tx, tx.session.scalars(_ANY_DEFINITION).one())

    def _solved(self, problem: Problem) -> bool:
        """Tell whether a variable that nobody in the bundle sets is set by the request."""
        given = self.request.data.keys() | self.answers.names()
        return problem.rule == "variable" and (self.request.auto or problem.detail in given)

    def _start(self) -> None:
        """Begin the case; a message that its start event waits for may bring its first values."""
        bundle = self._bundle()
        key = _process(bundle.diagrams, list(bundle.scopes.values()), self.request.process)
        self._check_names(list(bundle.scopes.values()))
        values = dict(self.request.data)
        start = bundle.diagrams[key].start()
        if self.messages and start.message == self.messages[0][0]:
            values |= self.messages.pop(0)[1]
        self.case.start(key, values)

    def _bundle(self) -> Bundle:
        if self.published is None:
            raise LookupError("nothing is published yet")
        return self.published.bundle

    def _check_names(self, scopes: list[Diagram]) -> None:
        elements = [element for scope in scopes for element in scope.elements.values()]
        taken = {element.message for element in elements}
        for name in sorted({name for name, _values in self.messages} - taken):
            raise Stopped("refused", found("message-unknown", detail=name))
        for name in self.answers.unknown({element.id for element in elements}):
            self.problems.append(found("answer-unknown", detail=name, severity="warning"))

    def _ended(self) -> str:
        """Return the verdict of a case that is done; "" while it is not."""
        incident = self.case.standing.incident
        if incident is not None:
            place = self.place(incident.element_id)
            raise Stopped("failed", found("incident", place, detail=incident.message))
        return "completed" if self.case.standing.ended else ""

    def _next(self) -> Act | None:
        """Return what happens next; None when nothing can."""
        standing = self.case.standing
        if self.messages:
            for row in standing.subscriptions:
                if row.name == self.messages[0][0]:
                    return partial(self._send, row)
        due = standing.next_due
        if due is not None and due <= self.case.now:
            return self.case.pass_time
        return self._work() or (self.case.pass_time if due and self.request.advance_time else None)

    def _work(self) -> Act | None:
        tasks = self.case.standing.tasks
        answered = [task for task in tasks if self.answers.has(task.key)]
        if answered:
            return partial(self._answer, min(answered, key=self._turn))
        if self.request.auto and tasks:
            return partial(self.case.do, self.random.choice(tasks))
        return None

    def _turn(self, task: UserTask) -> tuple[int, int]:
        """Return when it is a task's turn: as opened; of one step's tasks as in the answers."""
        return self.case.opened_in(task), self.answers.place(task.key)

    def _answer(self, task: UserTask) -> None:
        try:
            self.case.complete(task, self.answers.take(task.key))
        except FormInvalid as refusal:
            raise answer_refused(self.place(task.key), refusal) from refusal

    def _send(self, row: MessageSubscription) -> None:
        try:
            self.case.send(row, self.messages.pop(0)[1])
        except FormInvalid as refusal:
            raise answer_refused(self.place(row.element_id), refusal) from refusal

    def _at_rest(self) -> str:
        """Return "waiting" where a person, a message or time can take the case further."""
        standing = self.case.standing
        if standing.tasks or standing.subscriptions or standing.next_due:
            return "waiting"
        stuck = [e.id for workflow in self.case.workflows() for e in workflow.standing()]
        raise Stopped("failed", *(found("stuck", self.place(each)) for each in stuck or [""]))


def _process(diagrams: dict[str, Diagram], scopes: list[Diagram], wanted: str) -> str:
    """Return the process to run: the one that is asked for, or the one that no other calls."""
    if wanted:
        if wanted not in diagrams:
            raise Stopped("refused", found("process-unknown", detail=", ".join(sorted(diagrams))))
        return wanted
    called = {element.called for scope in scopes for element in scope.elements.values()}
    first = sorted(diagrams.keys() - called) or sorted(diagrams)
    if len(first) > 1:
        raise Stopped("refused", found("process-unclear", detail=", ".join(first)))
    return first[0]
