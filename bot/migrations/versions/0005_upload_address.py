"""Where the bytes of an upload lie, where nothing but the event tells it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("uploads", sa.Column("address", sa.Text, nullable=False, server_default=""))
