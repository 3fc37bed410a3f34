"""What diagrams may compute: safe expressions, ``name = expression`` scripts, handlers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from engine.spiff.places import at_element
from engine.spiff.values import check
from forms.expressions import check_size, compile_expression, compile_script

Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Call:
    """A service task that asks for its handler."""

    handler: str
    element_id: str
    task_id: str
    #: As drawn in the diagram, computed.
    parameters: Mapping[str, Any]
    data: Mapping[str, Any]


class SafeEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """Evaluate with our own expression language; nothing reaches Python's ``eval``."""

    def __init__(self, functions: Functions) -> None:
        super().__init__()
        self.functions = functions

    def evaluate(
        self, expression: str, context: dict[str, Any], external_context: Any = None
    ) -> Any:
        """Return the value of an expression over the task's data."""
        names = {**(external_context or {}), **context}
        functions = {**self.functions, "defined": lambda name: name in names}
        return compile_expression(expression).evaluate(names, functions)

    def execute(self, script: str, context: dict[str, Any], external_context: Any = None) -> bool:
        """Run the assignments of a script one after the other."""
        for name, expression in compile_script(script):
            value = self.evaluate(expression.text, context, external_context)
            check_size(value)
            context[name] = value
        return True


class StepScripts(PythonScriptEngine):  # type: ignore[misc]
    """The script engine of one step: its functions know the step's instant and calendar."""

    def __init__(
        self,
        functions: Functions,
        handler: Callable[["Call"], Mapping[str, Any] | None],
    ) -> None:
        super().__init__(SafeEnvironment(functions))
        self._handler = handler

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        """Evaluate for a task; our own errors pass through with their sentences."""
        with at_element(task):
            return self.environment.evaluate(expression, task.data, external_context)

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        """Run a script task."""
        with at_element(task):
            return bool(self.environment.execute(script, task.data, external_context))

    def run_handler(self, task: Any, name: str, parameters: Mapping[str, Any]) -> bool:
        """Call a registered handler and merge what it returns; False when a job will do it."""
        call = Call(name, task.task_spec.bpmn_id, str(task.id), parameters, task.data)
        with at_element(task):
            values = self._handler(call)
        if values is None:
            return False
        check(dict(values))
        task.data.update(values)
        return True
