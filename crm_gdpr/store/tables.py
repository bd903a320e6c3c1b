"""Every table of the store, and the two column types they need.

The store keeps our own conduct.  Facts about people stay in HubSpot: here stand ids, kinds, instants and keyed hashes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)


inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("received_at", Instant, nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("body", LargeBinary),  # emptied as soon as it is drained: HubSpot puts property values into it
    Column("drained_at", Instant),
    sqlite_autoincrement=True,  # a number is never given twice: keys of work are made from it
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("why", String(200), nullable=False),
    Column("event", JSON, nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice: keys of work are made from it
)

work = Table(
    "work",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("job", String(80), nullable=False),
    Column("queue", String(20), nullable=False),
    Column("ids", JSON, nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("attempt", Integer, nullable=False, default=0),
    Column("due_s", Float, nullable=False),  # wall clock: leases must not end because a test moved the calendar
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("lasting", Boolean, nullable=False, default=False, server_default="0"),  # the journal keeps it until done
)

slots = Table(
    "slots",
    metadata,
    Column("job", String(80), primary_key=True),
    Column("last_at", Instant, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(64)),
    Column("detail", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    Index("ledger_subject", "subject"),
)

people = Table(
    "people",
    metadata,
    Column("contact_id", String(24), primary_key=True),
    Column("organisation_id", String(24)),
    Column("facts", JSON, nullable=False),
    Column("verdict", String(10), index=True),
    Column("last_dialogue_on", Date),
    Column("last_dialogue_ref", String(80)),
    Column("next_step", String(10)),
    Column("next_on", Date),
    Column("stands_until", Date, index=True),  # empty: to be judged at the next occasion
    Column("touched", Integer, nullable=False, default=0, server_default="0"),  # so often was a verdict taken back
    Column("mirror", JSON, nullable=False),
    Column("archived", Boolean, nullable=False, default=False),
    Column("scan", Integer, nullable=False, default=0),
    Column("digest", BigInteger),
    Column("customer", Boolean, nullable=False, default=False),  # by the person's own stage
    Index("people_together", "organisation_id", "contact_id"),
)

organisations = Table(
    "organisations",
    metadata,
    Column("company_id", String(24), primary_key=True),
    Column("facts", JSON, nullable=False),
    Column("scan", Integer, nullable=False, default=0),
    Column("digest", BigInteger),  # of what HubSpot said; the same again need not be read closely
    Column("held", Boolean),  # empty: not known
)

events = Table(
    "events",
    metadata,
    Column("ref", String(80), primary_key=True),
    Column("on", Date),
    Column("way", Text, nullable=False),  # kind, direction, outcome and the like, as JSON: ways are few
    Column("open", Boolean, nullable=False, default=False),
    Column("scan", Integer, nullable=False, default=0),
    Column("digest", BigInteger),
    Column("won", Boolean, nullable=False, default=False),
    Column("until", Date),  # the end of a won deal's own contract
    Column("held", Boolean, default=False),  # empty: not known
    sqlite_with_rowid=False,  # found by its key alone, at half the steps
)

links = Table(
    "links",
    metadata,
    Column("ref", String(80), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("id", String(24), primary_key=True),
    Index("links_by_id", "kind", "id"),
    sqlite_with_rowid=False,
)

scans = Table(
    "scans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),  # of the full scan that what is met is marked with
    Column("since", Instant),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("expected", Integer),
    Column("told", JSON(none_as_null=True)),
    sqlite_autoincrement=True,  # a number is never given twice: keys of work are made from it
)

scan_parts = Table(
    "scan_parts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scan", Integer, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("after", String(80)),
    Column("before", BigInteger),
    Column("hand", String(40)),
    Column("done", Boolean, nullable=False, default=False),
    Column("pages", Integer, nullable=False, default=0),
    Column("read", Integer, nullable=False, default=0),
    Column("calls", Integer, nullable=False, default=0),
    Column("found", JSON, nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice: a part that was undone is not met again
)

met = Table(
    "met",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scan", Integer, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("ids", JSON, nullable=False),  # of records that HubSpot says the same of as before
)

stages = Table(
    "stages",
    metadata,
    Column("contact_id", String(24), primary_key=True),
    Column("stage", String(10), nullable=False),
    Column("stage_on", Date, nullable=False),
    Column("reminded_on", Date),
)

plans = Table(
    "plans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("made_on", Date, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("approved_by", String(120)),
    Column("approved_at", Instant),
    Column("seconded_by", String(120)),
    Column("seconded_at", Instant),
    Column("begun_at", Instant),
    Column("applied_at", Instant),
    Column("closed_on", Date),  # from then on the items name people only by their keyed hash
    sqlite_autoincrement=True,  # a number is never given twice: keys of work are made from it
)

plan_items = Table(
    "plan_items",
    metadata,
    Column("plan_id", Integer, primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("step", String(10), nullable=False),
    Column("verdict", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("state", String(10), nullable=False, default="waiting"),
    Column("note", Text),
)

usage_plans = Table(
    "usage_plans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("made_on", Date, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("steps", JSON, nullable=False),
    Column("done", JSON, nullable=False),
    Column("approved_by", String(120)),
    Column("approved_at", Instant),
    Column("applied_at", Instant),
    sqlite_autoincrement=True,  # a number is never given twice: keys of work are made from it
)

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", String(24), nullable=False, unique=True),
    Column("subject", String(64), nullable=False),
    Column("way", String(12), nullable=False),
    Column("frozen", JSON, nullable=False),
    Column("state", String(14), nullable=False, index=True),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("restores", Integer, nullable=False, default=0, server_default="0"),
    sqlite_autoincrement=True,  # a number is never given twice: keys of work are made from it
)

errands = Table(
    "errands",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False, index=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("owner_id", String(24), nullable=False),
    Column("contact_id", String(24), index=True),
    Column("task_id", String(24)),
    Column("opened_on", Date, nullable=False),
    Column("due_on", Date),
    Column("done_on", Date),
    sqlite_autoincrement=True,  # a number is never given twice: keys of work are made from it
)

foreign_deletions = Table(
    "foreign_deletions",
    metadata,
    Column("contact_id", String(24), primary_key=True),
    Column("seen_on", Date, nullable=False, index=True),
    Column("customer_id", String(24)),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("right", String(4), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("received_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("contact_id", String(24), index=True),
    Column("ticket_id", String(24)),
    Column("ref", String(80)),  # what it came with, as `tickets/7`; one message opens each right once
    Column("received_at", Instant),
    Column("language", String(2)),
    Column("identity_note", Text),
    Column("identity_by", String(120)),
    Column("identity_second_by", String(120)),  # the second reader, where the first check was not enough
    Column("identity_at", Instant),
    Column("link_hash", String(64), unique=True),  # of the one-time link that confirms an address
    Column("link_expires_at", Instant),
    Column("paused_on", Date),
    Column("paused_days", Integer, nullable=False, default=0),
    Column("extended_on", Date),
    Column("extended_why", Text),
    Column("detail", JSON),  # what is to be corrected or restricted: names of properties and grounds, never values
    Column("outcome", String(20)),
    Column("outcome_why", Text),
    Column("closed_on", Date),
    UniqueConstraint("ref", "right", name="requests_ref"),
    sqlite_autoincrement=True,  # a number is never given twice: keys of work are made from it
)

packages = Table(
    "packages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request_id", Integer, nullable=False, index=True),
    Column("contact_id", String(24), nullable=False, index=True),
    Column("file", String(80), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("original_sha256", String(64)),  # of the answer before anything was withheld
    Column("reviewed_by", String(120)),
    Column("reviewed_at", Instant),
    Column("token_hash", String(64), unique=True),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("collected_at", Instant),
    sqlite_autoincrement=True,  # a number is never given twice: keys of work are made from it
)

objections = Table(
    "objections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope", String(12), nullable=False),
    Column("about", String(40), nullable=False),  # the subscription type, where the no is to one
    Column("objected_on", Date, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("by", String(120), nullable=False),
    Column("state", String(12), nullable=False, index=True),
    Column("ended_on", Date),
    Column("ended_by", String(120)),
    Column("why", Text),
    sqlite_autoincrement=True,  # a number is never given twice: keys of work are made from it
)

carriers = Table(
    "carriers",
    metadata,
    Column("objection_id", Integer, primary_key=True),
    Column("contact_id", String(24), primary_key=True),
    Column("same", Boolean, nullable=False),  # not: a person looked, and it is somebody else
    Column("quarantined_on", Date),  # brought back by somebody else than the person
    Index("carriers_contact", "contact_id"),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("objection_id", Integer, primary_key=True),
    Index("suppressions_objection", "objection_id"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user", String(120), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request_id", Integer),
    Column("what", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("report_by", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("outcome", Text),
    sqlite_autoincrement=True,
)

users = Table(
    "users",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(10), nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("key", String(200), nullable=False),
    Column("written", Boolean, nullable=False, default=False),
    sqlite_autoincrement=True,  # a number is never given twice: a store behind the journal is an older copy
)

notes = Table(
    "notes",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", JSON, nullable=False),
)

lists = Table(
    "lists",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("since_at", Instant, nullable=False),
    Column("token", String(16), nullable=False),
    Index("lists_age", "name", "since_at"),
)
