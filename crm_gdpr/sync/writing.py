"""Creating, updating, archiving, and the one call that erases.

Updates end in the same state however often they are sent.  The rest is sent once: where the answer is lost, the
error says `applied_unknown`, and the caller reads again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crm_gdpr.sync.conversations import THREADS
from crm_gdpr.sync.errors import HubSpotError, NotFound, Refused, refusal
from crm_gdpr.sync.reading import PAGE
from crm_gdpr.sync.records import ASSOCIATION_TYPES, Record, Written
from crm_gdpr.sync.schemas import listed, only_asked, record
from crm_gdpr.sync.wire import Wired, chunks, options

Values = Mapping[str, str | None]


class Writing(Wired):
    """Everything that changes a record."""

    def create(self, kind: str, properties: Values, *, associations: Sequence[tuple[str, str]] = ()) -> Record:
        """A new record, associated with others (kind, id).  An address already there is `Refused` (409)."""
        body = {
            "properties": _values(properties),
            "associations": [_association(kind, *each) for each in associations],
        }
        return record(kind, self._api.crm.objects.basic_api.create(kind, body, **options()).json())

    def update(self, kind: str, record_id: str, properties: Values) -> Record:
        """One record changed; None clears a value.  The answer holds little more than what was changed."""
        body = {"properties": _values(properties)}
        return record(kind, self._api.crm.objects.basic_api.update(kind, record_id, body, **options()).json())

    def update_many(self, kind: str, changes: Mapping[str, Values]) -> Written:
        """Many records changed, a hundred a call; what HubSpot refuses is named with the reason, per id."""
        written = Written()
        for portion in chunks(changes, PAGE):
            written += self._update_batch(kind, {each: changes[each] for each in portion})
        return written

    def archive(self, kind: str, record_id: str) -> bool:
        """Into the recycle bin, where it can be restored for 90 days; False: it was gone already."""
        try:
            self._api.crm.objects.basic_api.archive(kind, record_id, **options())
        except NotFound:
            return False
        return True

    def archive_thread(self, thread_id: str) -> bool:
        """A conversation into its trash, which HubSpot empties after 30 days; False: it was gone already."""
        try:
            self._transport.send("DELETE", f"{THREADS}/{thread_id}")
        except NotFound:
            return False
        return True

    def associate(self, kind: str, record_id: str, to_kind: str, to_id: str) -> None:
        """Two records of any kinds, without a label; again does no harm."""
        self._api.crm.associations.v4.basic_api.create_default(kind, record_id, to_kind, to_id, **options())

    def purge(self, contact_id: str) -> None:
        """Erase a contact for good (Art. 17).  By id only: an unknown address would be put on a block list."""
        if not contact_id.isdigit():
            raise ValueError("purge takes a record id, never an address")
        self._api.crm.contacts.basic_api.purge({"objectId": contact_id}, **options())

    def purge_file(self, file_id: str) -> bool:
        """Erase a file and its content for good; False: it was gone already."""
        if not file_id.isdigit():
            raise ValueError("purge_file takes a file's id")
        try:
            self._transport.send("DELETE", f"/files/v3/files/{file_id}/gdpr-delete")
        except NotFound:
            return False
        return True

    def _update_batch(self, kind: str, changes: Mapping[str, Values]) -> Written:
        """One batch.  HubSpot refuses the whole of it for one bad record, so a refused one is halved."""
        try:
            return self._send_batch(kind, changes)
        except (Refused, NotFound) as error:
            if len(changes) == 1:
                return Written(refused=dict.fromkeys(changes, _reason(error)))
        half, names = len(changes) // 2, list(changes)
        first, second = ({name: changes[name] for name in part} for part in (names[:half], names[half:]))
        return self._update_batch(kind, first) + self._update_batch(kind, second)

    def _send_batch(self, kind: str, changes: Mapping[str, Values]) -> Written:
        inputs = [
            {"id": each, "properties": _values(values), "objectWriteTraceId": each} for each, values in changes.items()
        ]
        page = listed(self._api.crm.objects.batch_api.update(kind, {"inputs": inputs}, **options()).json())
        done = tuple(dict.fromkeys(record(kind, item).id for item in page.results))
        only_asked(done, changes)
        reasons = {each: refusal(error) for error in page.errors for each in _named(error)}
        left = [each for each in changes if each not in done]
        return Written(done, {each: reasons.get(each, "not in the answer, for no stated reason") for each in left})


def _values(properties: Values) -> dict[str, str]:
    """HubSpot clears a value when it is set to the empty text."""
    return {name: "" if value is None else value for name, value in properties.items()}


def _association(kind: str, to_kind: str, record_id: str) -> dict[str, Any]:
    type_id = ASSOCIATION_TYPES[kind, to_kind]
    return {
        "to": {"id": record_id},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}],
    }


def _named(error: Mapping[str, Any]) -> list[str]:
    """The ids that an error of a batch is about."""
    context = error.get("context")
    context = context if isinstance(context, dict) else {}
    return [str(each) for key in ("objectWriteTraceId", "ids", "id") for each in context.get(key) or ()]


def _reason(error: HubSpotError) -> str:
    return " ".join(filter(None, (str(error.status), error.category, *error.said.codes)))
