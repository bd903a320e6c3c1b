"""Since when a contact is in quarantine; what stands on the contact may be edited by anybody."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("carriers", sa.Column("quarantined_on", sa.Date))
