"""What must last: inbox, work, dialogue index, plans, stages, erasure list, requests, objections, ledger.

One `Store` with one part per subject; each part is a small class over the same database.
"""

from __future__ import annotations

from pathlib import Path

from crm_gdpr.store.cases import Cases
from crm_gdpr.store.customers import Customers
from crm_gdpr.store.database import Database
from crm_gdpr.store.errands import Errands
from crm_gdpr.store.foreign import Foreign
from crm_gdpr.store.inbox import Inbox
from crm_gdpr.store.incidents import Incidents
from crm_gdpr.store.index import Index
from crm_gdpr.store.journal import Journal
from crm_gdpr.store.ledger import Ledger
from crm_gdpr.store.lists import Lists
from crm_gdpr.store.notes import Notes
from crm_gdpr.store.objections import Objections
from crm_gdpr.store.pause import Pause
from crm_gdpr.store.plans import Plans
from crm_gdpr.store.requests import Requests
from crm_gdpr.store.scans import Scans
from crm_gdpr.store.stages import Stages
from crm_gdpr.store.suppression import Suppression
from crm_gdpr.store.usage_plans import UsagePlans
from crm_gdpr.store.users import Users
from crm_gdpr.store.work import Work


class Store:
    """All parts of the store over one database address, with the journal beside it where there is a place for one."""

    def __init__(self, url: str, journal: Path | None = None) -> None:
        self.database = Database(url)
        self.notes = Notes(self.database)
        self.journal = Journal(self.database, self.notes, journal)
        self.inbox = Inbox(self.database)
        self.work = Work(self.database, self.journal)
        self.index = Index(self.database, self.journal)
        self.scans = Scans(self.database)
        self.stages = Stages(self.database)
        self.plans = Plans(self.database)
        self.usage_plans = UsagePlans(self.database)
        self.cases = Cases(self.database, self.journal)
        self.customers = Customers(self.database)
        self.errands = Errands(self.database, self.journal)
        self.foreign = Foreign(self.database)
        self.requests = Requests(self.database, self.journal)
        self.objections = Objections(self.database, self.journal)
        self.incidents = Incidents(self.database)
        self.ledger = Ledger(self.database)
        self.users = Users(self.database)
        self.lists = Lists(self.database)
        self.pause = Pause(self.notes)
        self.suppression = Suppression(self.database, self.notes, self.journal)
