"""${message}

A migration takes locks: on a large table add columns as nullable, fill them in batches, and
create indexes concurrently on PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Apply."""
    ${upgrades if upgrades else "pass"}
