"""Service tasks with effects outside: what their job needs to know, and taking what it brings."""

from collections.abc import Mapping
from typing import Any

from engine.errors import StaleRevision
from engine.events import EventType
from engine.execution import guarded
from engine.models import ProcessInstance
from engine.service_tasks import JobContext, Outside
from engine.states import InstanceState
from engine.step import locked, take_up
from engine.transaction import Engine, Transaction

#: A handler, what it gets, and the parameters drawn in the diagram.
ServiceCall = tuple[Outside, JobContext, dict[str, Any]]


def service_call(tx: Transaction, instance_id: str, task_id: str) -> ServiceCall | None:
    """Return what a waiting service task asks for; None when it does not wait any more."""
    instance = tx.session.get(ProcessInstance, instance_id)
    if instance is None or instance.state != InstanceState.running:
        return None
    found = take_up(tx, instance).workflow.service_parameters(task_id)
    if found is None:
        return None
    element, name, parameters = found
    handler = tx.engine.handlers[name]
    if not isinstance(handler, Outside):
        return None
    context = JobContext(
        task_id,
        instance.id,
        instance.business_key,
        instance.district,
        instance.office,
        instance.data,
        element.id,
    )
    return handler, context, parameters


def finish(engine: Engine, instance_id: str, task_id: str, values: Mapping[str, Any]) -> bool:
    """Let a case go on with what a handler returned; False when it has moved on meanwhile."""
    with engine.transaction() as tx:
        instance = locked(tx, instance_id)
        try:
            step = take_up(tx, instance)
        except StaleRevision:
            return False
        found = step.workflow.service_parameters(task_id)
        if found is None:
            return False
        told = {"handler": found[1], "parameters": found[2], "values": dict(values)}
        step.record_service(EventType.service_task_completed, found[0].id, told)
        guarded(step, step.workflow.complete_service, task_id, values)
        return True
