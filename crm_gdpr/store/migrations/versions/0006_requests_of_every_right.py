"""Requests of every right: how they came, were checked and ended; tokens of the API; incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEPT = (
    "id, right, status, received_on, due_on, contact_id, ticket_id, identity_note, identity_by, closed_on"  # as before
)


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "requests_anew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("right", sa.String(length=4), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("contact_id", sa.String(length=24), nullable=True),
        sa.Column("ticket_id", sa.String(length=24), nullable=True),
        sa.Column("ref", sa.String(length=80), nullable=True),
        sa.Column("received_at", instant, nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("identity_note", sa.Text(), nullable=True),
        sa.Column("identity_by", sa.String(length=120), nullable=True),
        sa.Column("identity_second_by", sa.String(length=120), nullable=True),
        sa.Column("identity_at", instant, nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("link_expires_at", instant, nullable=True),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extended_why", sa.Text(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("outcome_why", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("link_hash"),
        sa.UniqueConstraint("ref", "right", name="requests_ref"),
        sqlite_autoincrement=True,
    )
    op.execute(
        f"INSERT INTO requests_anew ({KEPT}, paused_days, ref) "  # noqa: S608 - our own names
        f"SELECT {KEPT}, 0, 'tickets/' || ticket_id FROM requests"
    )
    op.drop_table("requests")
    op.rename_table("requests_anew", "requests")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requests_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_status"), ["status"], unique=False)

    op.add_column("packages", sa.Column("original_sha256", sa.String(length=64), nullable=True))
    op.add_column("packages", sa.Column("reviewed_by", sa.String(length=120), nullable=True))
    op.add_column("packages", sa.Column("reviewed_at", instant, nullable=True))

    op.create_table(
        "api_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_user"), ["user"], unique=False)

    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("known_at", instant, nullable=False),
        sa.Column("report_by", instant, nullable=False),
        sa.Column("closed_at", instant, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
