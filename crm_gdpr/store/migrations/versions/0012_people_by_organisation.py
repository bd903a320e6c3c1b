"""People read organisation by organisation, and how often a verdict on them was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("touched", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("people_together", "people", ["organisation_id", "contact_id"])
    op.drop_index("ix_people_organisation_id", table_name="people")
