"""Until when somebody listened."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("moment", sa.Float, nullable=False),
    )
