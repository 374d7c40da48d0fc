"""Which file a cached vector was computed for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("vectors", sa.Column("file_sha256", sa.String(64), nullable=False, server_default=""))
    op.create_index("vectors_file", "vectors", ["file_sha256"])
