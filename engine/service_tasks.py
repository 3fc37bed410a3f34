"""The contract of handlers: registered Python functions that service tasks call.

A plain handler runs inside the step and shares its transaction: for registers in the same
database. A handler with effects outside (mail, letters, other systems) is registered as
``Outside``: the step commits with the task waiting, a job calls the handler, and a second step
takes what it returned.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import HandlerRefused
from engine.models import ProcessInstance
from engine.transaction import Transaction

__all__ = ["Handler", "HandlerContext", "HandlerRefused", "JobContext", "Outside"]


@dataclass(frozen=True)
class HandlerContext:
    """What a handler inside the step may touch: its transaction and the case's routing facts."""

    tx: Transaction
    instance: ProcessInstance
    #: The case's values; read only.
    data: Mapping[str, Any]
    process_key: str
    element_id: str


@dataclass(frozen=True)
class JobContext:
    """What a handler outside the step gets."""

    #: The same for every try of one task: by it an effect is done once.
    idempotency_key: str
    instance_id: str
    business_key: str
    district: str
    office: str
    #: The case's values when the try began; a copy.
    data: Mapping[str, Any]
    element_id: str


#: Takes the context and the parameters drawn in the diagram; returns values for the case.
Inside = Callable[[HandlerContext, Mapping[str, Any]], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Outside:
    """A handler that a job calls, at least once; when its tries are used up an incident opens."""

    run: Callable[[JobContext, Mapping[str, Any]], Mapping[str, Any] | None]
    #: Tries before a person is asked.
    attempts: int = 5
    #: Seconds before the second try; each further pause is ``backoff`` times as long.
    pause: float = 5.0
    backoff: float = 3.0
    #: Seconds after which a try counts as failed; what it returns later is ignored.
    time_limit: float = 60.0


Handler = Inside | Outside
