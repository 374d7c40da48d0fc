"""Which message a turn answers: it is forgotten with it, and replaced when it is edited."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("thread_turns", sa.Column("message", sa.String(64), nullable=False, server_default=""))
    op.create_index("thread_turns_message", "thread_turns", ["message"])
