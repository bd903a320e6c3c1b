"""What went wrong with personal data, and until when the authority must know of it (Art. 33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import incidents

TO_REPORT = timedelta(hours=72)  # Art. 33(1)


@dataclass(frozen=True)
class Incident:
    """One breach, or what may be one."""

    id: int
    request_id: int | None
    what: str
    known_at: datetime
    report_by: datetime
    closed_at: datetime | None
    outcome: str | None


class Incidents:
    """Open and close."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def open(self, what: str, *, at: datetime, request_id: int | None = None) -> Incident:
        """Register an incident; the clock of 72 hours runs from here."""
        values = {"what": what, "known_at": at, "report_by": at + TO_REPORT, "request_id": request_id}
        with self._db.write() as connection:
            key = connection.execute(insert(incidents).values(**values)).inserted_primary_key
        return Incident(id=int(key[0]), closed_at=None, outcome=None, **values)  # type: ignore[index, arg-type]  # one key

    def all(self) -> list[Incident]:
        with self._db.read() as connection:
            rows = connection.execute(select(incidents).order_by(incidents.c.closed_at, incidents.c.report_by)).all()
        return [Incident(**row._mapping) for row in rows]

    def close(self, incident_id: int, outcome: str, *, at: datetime) -> None:
        """Say what became of it: reported, or why not."""
        with self._db.write() as connection:
            query = update(incidents).where(incidents.c.id == incident_id)
            connection.execute(query.values(closed_at=at, outcome=outcome))
