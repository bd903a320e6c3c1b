"""Objections, who carries them, and the hashes they leave behind."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("objected_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(length=120), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_objections_state", "objections", ["state"])
    op.create_table(
        "carriers",
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.String(length=24), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("objection_id", "contact_id"),
    )
    op.create_index("carriers_contact", "carriers", ["contact_id"])
    op.create_table(
        "suppressions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "objection_id"),
    )
    op.create_index("suppressions_objection", "suppressions", ["objection_id"])
