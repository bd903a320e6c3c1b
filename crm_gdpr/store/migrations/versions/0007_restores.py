"""How often somebody was brought back from the recycle bin."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("restores", sa.Integer(), nullable=False, server_default="0"))
