"""The contract of handlers: registered Python functions that service tasks call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import HandlerRefused
from engine.models import ProcessInstance
from engine.transaction import Transaction

__all__ = ["Handler", "HandlerContext", "HandlerRefused"]


@dataclass(frozen=True)
class HandlerContext:
    """What a handler may touch: the step's transaction and the case's routing facts."""

    tx: Transaction
    instance: ProcessInstance
    #: The case's values; read only.
    data: Mapping[str, Any]
    process_key: str
    element_id: str


#: Takes the context and the parameters drawn in the diagram; returns values for the case.
Handler = Callable[[HandlerContext, Mapping[str, Any]], Mapping[str, Any] | None]
