"""Readings with parts and cursors; events as kind, day and direction, with a digest of what HubSpot said."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BARE = ("ref", "kind", "on", "direction")


def upgrade() -> None:
    op.create_table(
        "scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("told", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scan_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scan", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=80), nullable=True),
        sa.Column("before", sa.BigInteger(), nullable=True),
        sa.Column("hand", sa.String(length=40), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("scan_parts") as batch_op:
        batch_op.create_index(batch_op.f("ix_scan_parts_scan"), ["scan"], unique=False)
    for name in ("people", "organisations"):
        op.add_column(name, sa.Column("digest", sa.BigInteger(), nullable=True))
        op.execute(sa.update(sa.table(name, sa.column("scan"))).values(scan=0))
    _reshape_events()


def _reshape_events() -> None:
    connection = op.get_bind()
    kept = [_row(*row) for row in connection.execute(sa.text("SELECT ref, facts, open FROM events"))]
    op.drop_table("events")
    events = op.create_table(
        "events",
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=True),
        sa.Column("more", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("scan", sa.Integer(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("ref"),
    )
    op.bulk_insert(events, [row for row in kept if row])


def _row(ref: str, facts: str | None, is_open: bool) -> dict[str, object] | None:
    known = json.loads(facts) if facts else None
    if known is None:
        return None
    more = {name: value for name, value in known.items() if name not in BARE and value is not None}
    on = date.fromisoformat(known["on"]) if known.get("on") else None
    columns = {"ref": ref, "kind": known["kind"], "on": on, "direction": known.get("direction"), "more": more or None}
    return {**columns, "open": bool(is_open), "scan": 0}
