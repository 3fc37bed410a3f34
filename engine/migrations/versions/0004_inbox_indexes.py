"""Indexes of the inbox: one for each kind of branch, over open tasks only."""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"

_FREE = text("state = 'open' AND assignee IS NULL")
_HELD = text("state = 'open' AND assignee IS NOT NULL")
_POST = ("role", "scope", "due_at", "id", "process_key", "district", "search_key")
_INDEXES = (
    ("ix_user_task_post", _POST, _FREE),
    ("ix_user_task_district", ("role", "district", "due_at", "id"), _FREE),
    ("ix_user_task_role", ("role", "due_at", "id"), _FREE),
    ("ix_user_task_holder", ("assignee", "due_at", "id"), _HELD),
)


def upgrade() -> None:
    """Put partial indexes in the place of the two that held closed tasks as well."""
    op.drop_index("ix_user_task_state_role_scope_due_at_id", "user_task")
    op.drop_index("ix_user_task_state_assignee_due_at_id", "user_task")
    for name, columns, where in _INDEXES:
        op.create_index(
            name, "user_task", list(columns), sqlite_where=where, postgresql_where=where
        )
