"""Workers, messages between cases, and incidents of single tasks."""

import sqlalchemy as sa
from alembic import op

from engine.models.base import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of jobs; tell messages from signals and give them keys."""
    op.create_table(
        "worker",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("sender", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("receiver", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["sender"], ["process_instance.id"], name=op.f("fk_message_sender")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_state_name_key"), "message", ["state", "name", "key"])
    with op.batch_alter_table("message_subscription") as table:
        table.add_column(
            sa.Column("kind", sa.String(length=10), nullable=False, server_default="message")
        )
        table.add_column(sa.Column("key", sa.String(length=80), nullable=False, server_default=""))
        table.drop_index("ix_message_subscription_name")
        table.create_index("ix_message_subscription_name_key", ["name", "key"])
    with op.batch_alter_table("incident") as table:
        table.add_column(
            sa.Column("task_id", sa.String(length=36), nullable=False, server_default="")
        )
