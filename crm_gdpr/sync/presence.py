"""What HubSpot still answers for: records, conversations and files alike, by references such as `emails/48213`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from crm_gdpr.sync.belongings import Belongings
from crm_gdpr.sync.conversations import Conversations
from crm_gdpr.sync.reading import Reading

THREADS, FILES, FORMS = "threads", "files", "forms"


class Presence(Reading, Conversations, Belongings):
    """Read by id whether something is there."""

    def there(self, refs: Iterable[str], *, archived: bool = False) -> list[str]:
        """Return those of the references that are there, live or in the recycle bin; a file has no bin."""
        found: list[str] = []
        for kind, ids in split(refs).items():
            if kind == THREADS:
                found += [f"{kind}/{id_}" for id_ in ids if self.thread(id_, archived=archived) is not None]
            elif kind == FILES:
                found += [f"{kind}/{id_}" for id_ in ids if not archived and self.attachment(id_) is not None]
            elif kind != FORMS:
                found += [f"{kind}/{id_}" for id_ in self.read_many(kind, ids, (), archived=archived)]
        return found


def split(refs: Iterable[str]) -> dict[str, list[str]]:
    """Sort references by kind."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for ref in refs:
        kind, _, id_ = ref.partition("/")
        by_kind[kind].append(id_)
    return by_kind
