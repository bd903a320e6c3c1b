"""What the journal beside the store has to be told, and which work it keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("written", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    op.add_column("work", sa.Column("lasting", sa.Boolean, nullable=False, server_default="0"))
