"""How an event was told in one column; events and links found by their key alone; what a reading met, by the page."""

import json
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PORTION = 5_000


def upgrade() -> None:
    _move(
        op.create_table(
            "events_anew",
            sa.Column("ref", sa.String(length=80), primary_key=True),
            sa.Column("on", sa.Date()),
            sa.Column("way", sa.Text(), nullable=False),
            sa.Column("open", sa.Boolean(), nullable=False),
            sa.Column("scan", sa.Integer(), nullable=False),
            sa.Column("digest", sa.BigInteger()),
            sa.Column("won", sa.Boolean(), nullable=False),
            sa.Column("until", sa.Date()),
            sa.Column("held", sa.Boolean()),
            sqlite_with_rowid=False,
        ),
        "events",
    )
    _move(
        op.create_table(
            "links_anew",
            sa.Column("ref", sa.String(length=80), primary_key=True),
            sa.Column("kind", sa.String(length=10), primary_key=True),
            sa.Column("id", sa.String(length=24), primary_key=True),
            sqlite_with_rowid=False,
        ),
        "links",
    )
    op.create_index("links_by_id", "links", ["kind", "id"])
    op.create_table(
        "met",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("scan", sa.Integer(), nullable=False, index=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ids", sa.JSON(), nullable=False),
    )


def _move(into: sa.Table, name: str) -> None:
    """Take every row over, a portion at a time, in the order of the key."""
    connection = op.get_bind()
    every = sa.select(sa.text("*")).select_from(sa.table(name)).order_by(sa.column("ref"))
    rows = connection.execution_options(yield_per=PORTION).execute(every)
    moved = map(_row, rows.mappings())
    while portion := list(islice(moved, PORTION)):
        connection.execute(sa.insert(sa.table(into.name, *map(sa.column, portion[0]))), portion)
    op.drop_table(name)
    op.rename_table(into.name, name)


def _row(row: Any) -> dict[str, Any]:
    if "more" not in row:
        return dict(row)
    told = {"kind": row["kind"], "direction": row["direction"], **json.loads(row["more"] or "{}")}
    way = json.dumps({name: value for name, value in told.items() if value is not None})
    kept = {name: value for name, value in row.items() if name not in ("kind", "direction", "more")}
    return {**kept, "way": way}
