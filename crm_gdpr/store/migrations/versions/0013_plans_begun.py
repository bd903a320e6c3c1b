"""When somebody started a plan: only such a one is taken up again."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("begun_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE plans SET begun_at = approved_at WHERE id IN (SELECT plan_id FROM plan_items WHERE state <> 'waiting')"
    )
