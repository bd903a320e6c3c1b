"""Plans carry the facts they rest on, may need two approvers, and name people by hash once done."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "foreign_deletions",
        sa.Column("contact_id", sa.String(length=24), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("customer_id", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("contact_id"),
    )
    op.create_index("ix_foreign_deletions_seen_on", "foreign_deletions", ["seen_on"])
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seconded_by", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
    # An older plan cannot be carried out any more: its hash was made another way, and a new one is made every night.
    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        batch_op.alter_column("contact_id", existing_type=sa.String(length=24), type_=sa.String(length=64))
        batch_op.add_column(sa.Column("facts", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("digest", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        batch_op.alter_column("facts", existing_type=sa.JSON(), server_default=None)
        batch_op.alter_column("digest", existing_type=sa.String(length=64), server_default=None)
