"""How far each person has come on the ladder: our conduct, so it is kept here and only mirrored to HubSpot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import delete, func, insert, select, update

from crm_gdpr.policy.silence import Told
from crm_gdpr.policy.verdict import REVIEW
from crm_gdpr.store.database import Database, among
from crm_gdpr.store.tables import stages
from crm_gdpr.store.touched import judge_anew


class Stages:
    """The step a person stands on, and the day it began."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, contact_id: str) -> tuple[str, date] | None:
        with self._db.read() as connection:
            row = connection.execute(select(stages).where(stages.c.contact_id == contact_id)).first()
        return None if row is None else (row.stage, row.stage_on)

    def reach(self, contact_ids: Iterable[str], stage: str, on: date) -> None:
        """Begin a stage on a day."""
        rows = [{"contact_id": id_, "stage": stage, "stage_on": on} for id_ in contact_ids]
        ids = [str(row["contact_id"]) for row in rows]
        with self._db.write() as connection:
            connection.execute(delete(stages).where(stages.c.contact_id.in_(ids)))
            if rows:
                connection.execute(insert(stages), rows)
            judge_anew(connection, ids)

    def remind(self, contact_ids: Iterable[str], on: date) -> None:
        """Remember that their owners were told once more; a new stage starts without it."""
        with self._db.write() as connection:
            which = stages.c.contact_id.in_(list(contact_ids))
            connection.execute(update(stages).where(which).values(reminded_on=on))

    def told(self, contact_ids: Sequence[str] | None = None) -> dict[str, Told]:
        """Return what the owners of those in review were told and when; of all of them, or of these."""
        query = select(stages.c.contact_id, stages.c.stage_on, stages.c.reminded_on).where(stages.c.stage == REVIEW)
        if contact_ids is not None:
            query = query.where(stages.c.contact_id.in_(contact_ids))
        with self._db.read() as connection:
            return {row.contact_id: Told(row.stage_on, row.reminded_on) for row in connection.execute(query)}

    def at(self, stage: str, contact_ids: Sequence[str]) -> list[str]:
        """Return those of the contacts that stand at a stage."""
        query = select(stages.c.contact_id).where(stages.c.stage == stage, among(stages.c.contact_id, contact_ids))
        with self._db.read() as connection:
            return list(connection.execute(query).scalars())

    def clear(self, contact_id: str) -> None:
        """Back to the start: a dialogue after all, or the person is gone."""
        with self._db.write() as connection:
            connection.execute(delete(stages).where(stages.c.contact_id == contact_id))
            judge_anew(connection, [contact_id])

    def counts(self) -> dict[str, int]:
        with self._db.read() as connection:
            rows = connection.execute(select(stages.c.stage, func.count()).group_by(stages.c.stage))
            return {name: count for name, count in rows}  # noqa: C416 - rows are not pairs to the type checker
