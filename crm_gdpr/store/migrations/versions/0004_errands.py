"""What we asked people to do in HubSpot, and who was reminded before an archive."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "errands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("owner_id", sa.String(length=24), nullable=False),
        sa.Column("contact_id", sa.String(length=24), nullable=True),
        sa.Column("task_id", sa.String(length=24), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_errands_kind", "errands", ["kind"])
    op.create_index("ix_errands_contact_id", "errands", ["contact_id"])
    op.add_column("stages", sa.Column("reminded_on", sa.Date(), nullable=True))
