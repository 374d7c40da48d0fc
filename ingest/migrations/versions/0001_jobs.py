"""Tables of the durable jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "ingest_jobs",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("run", sa.String(40), nullable=False, unique=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("workspace", sa.Text, nullable=False),
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("origin", sa.JSON(none_as_null=True)),
        sa.Column("contents", sa.JSON, nullable=False),
        sa.Column("committing", sa.Boolean, nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("report", sa.JSON(none_as_null=True)),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("updated_at", sa.Float, nullable=False),
    )
    op.create_index("ingest_jobs_state", "ingest_jobs", ["state"])
    op.create_index("ingest_jobs_document", "ingest_jobs", ["document_id"])
    op.create_index("ingest_jobs_content", "ingest_jobs", ["content_sha256"])
