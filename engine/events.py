"""The closed set of things that the event log can say: ``subject:object:action``."""

from enum import StrEnum


class EventType(StrEnum):
    """What happened."""

    #: A person started a process instance.
    process_instance_started = "process_instance:case:started"
    #: The instance reached its end; ``data["end_event"]`` says which.
    process_instance_completed = "process_instance:case:completed"
    #: A user task came into an inbox.
    user_task_opened = "user_task:work:opened"
    #: A person took the task into his hands.
    user_task_claimed = "user_task:work:claimed"
    #: A person put the task back.
    user_task_unclaimed = "user_task:work:unclaimed"
    #: The task was handed to a person; ``data["to"]``.
    user_task_assigned = "user_task:work:assigned"
    #: The form was submitted; ``data`` holds the values as they were.
    user_task_completed = "user_task:work:completed"
    #: A deadline or another path withdrew the task.
    user_task_cancelled = "user_task:work:cancelled"
    #: The token passed an element that needs no person.
    element_completed = "element:token:passed"
    #: A deadline came.
    timer_fired = "timer:deadline:fired"
    #: A message arrived; ``data`` holds its form values.
    message_received = "message:case:received"
    #: The case sent a message or a signal; ``data`` holds name, key and values.
    message_sent = "message:case:sent"
    #: A job was left that calls a handler with effects outside.
    service_task_started = "service_task:handler:started"
    #: A registered handler did its work; ``data`` holds what it returned.
    service_task_completed = "service_task:handler:completed"
    #: A step failed without a person to tell.
    incident_opened = "incident:case:opened"
    #: An incident was dealt with.
    incident_resolved = "incident:case:resolved"
    #: A reminder or an escalation went to a post.
    notification_sent = "notification:post:sent"
    #: A row of a register changed; ``data`` holds old and new values.
    office_changed = "register:office:changed"
    #: A bundle was published.
    deployment_created = "deployment:bundle:created"
    #: A person logged in.
    user_logged_in = "user:session:started"
    #: A log-in was refused.
    login_refused = "user:session:refused"
    #: A person logged out.
    user_logged_out = "user:session:ended"
    #: A person let a program act for him; ``data`` says which and what it may.
    token_created = "user:token:created"  # noqa: S105
    #: A person stopped a program.
    token_revoked = "user:token:revoked"  # noqa: S105
    #: A program came with an unknown, expired or revoked token.
    token_refused = "user:token:refused"  # noqa: S105
    #: A person was added.
    user_added = "user:account:added"
    #: A file of a case was read.
    file_read = "file:content:read"
    #: A file was attached to a form.
    file_stored = "file:content:stored"
    #: A day of the calendar was changed.
    calendar_changed = "calendar:day:changed"
