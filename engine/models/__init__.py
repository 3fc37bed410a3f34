"""The engine's tables: definitions, runtime, history, identity, calendar. No behaviour here."""

from engine.models.base import Base
from engine.models.calendar import CalendarDay, WeekendRule
from engine.models.definitions import Deployment, ProcessDefinition, Resource
from engine.models.history import EventLogEntry, EventStream
from engine.models.identity import AccessToken, Assignment, LoginFailure, User
from engine.models.jobs import Message, Worker
from engine.models.runtime import (
    Draft,
    Incident,
    MessageSubscription,
    Notification,
    ProcessInstance,
    StoredFile,
    UserTask,
)

__all__ = [
    "AccessToken",
    "Assignment",
    "Base",
    "CalendarDay",
    "Deployment",
    "Draft",
    "EventLogEntry",
    "EventStream",
    "Incident",
    "LoginFailure",
    "Message",
    "MessageSubscription",
    "Notification",
    "ProcessDefinition",
    "ProcessInstance",
    "Resource",
    "StoredFile",
    "User",
    "UserTask",
    "WeekendRule",
    "Worker",
]
