"""What binds people beside their own record: won deals with their contract's end, holds on deals and companies."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("won", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("events", sa.Column("until", sa.Date()))
    op.add_column("events", sa.Column("held", sa.Boolean(), server_default=sa.false()))
    op.add_column("organisations", sa.Column("held", sa.Boolean()))
    op.add_column("people", sa.Column("customer", sa.Boolean(), nullable=False, server_default=sa.false()))
