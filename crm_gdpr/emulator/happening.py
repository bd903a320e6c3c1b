"""People look at pages and do what is counted; what they did goes with them for good."""

from crm_gdpr.emulator.account import locked
from crm_gdpr.emulator.bin import Bin
from crm_gdpr.emulator.instants import text, to_ms
from crm_gdpr.emulator.occurrences import PAGE_VIEW, EventLog


class Happening(Bin):
    """Events about records."""

    def _empty(self) -> None:
        super()._empty()
        self.events = EventLog()

    @locked
    def add_event(self, type_: str, contact_id: str, *, at: str = "", **properties: str) -> str:
        """Something happened with a contact, now unless dated."""
        record = self.record("contacts", int(contact_id))
        at_ms = to_ms(at) if at else self.clock.now_ms()
        return self.events.add(type_, "contacts", record.id, at_ms, properties).id

    @locked
    def view_page(self, contact_id: str, url: str, *, at: str = "") -> str:
        """The person, known by a cookie, looks at a page of ours."""
        record = self.record("contacts", int(contact_id))
        read, seen = record.properties.get, text(to_ms(at)) if at else self.clock.now()
        views = int(float(read("hs_analytics_num_page_views", "0"))) + 1
        values = {"hs_analytics_num_page_views": str(views)}
        if not read("hs_analytics_first_url"):
            values["hs_analytics_first_url"] = url
        if seen >= read("hs_analytics_last_timestamp", ""):
            values |= {"hs_analytics_last_timestamp": seen, "hs_analytics_last_url": url}
        self._calculate(record, values)
        self._recount((record.kind, record.id))
        return self.add_event(PAGE_VIEW, contact_id, at=at, hs_url=url)

    def _gone(self, kind: str, id_: int) -> None:
        super()._gone(kind, id_)
        if self.events.events:
            self.events.forget(kind, self.ids_of(kind, id_))
