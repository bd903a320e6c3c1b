"""A digest of what HubSpot says about a record, so that a record that says the same need not be read closely again.

It covers what was asked for and nothing else, and it is sealed with the code that reads and with what the policy adds:
when either changes, every digest does, and everything is read anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import repeat
from pathlib import Path
from typing import Any

from crm_gdpr import quick_json

HERE = Path(__file__).parent
READERS = ("digest.py", "events.py", "facts.py", "mail.py", "scan.py", "schemas.py")
ABSENT = 0  # no value of a property is a number


@cache
def seal(policy: str) -> bytes:
    """What every digest is keyed with: the code that reads, and the rules it reads by."""
    code = b"".join((HERE / name).read_bytes() for name in READERS)
    return blake2b(code + policy.encode(), digest_size=8).digest()


@dataclass(frozen=True)
class Digest:
    """Of records of one kind, of which these properties and associations were asked for."""

    sealed: bytes
    names: Sequence[str]
    associations: Sequence[str]

    def of(self, properties: Mapping[str, str | None], associated: Sequence[Sequence[str]]) -> int:
        """64 bits, the same in every process."""
        said: list[Any] = list(map(properties.get, self.names, repeat(ABSENT)))
        said += [ids if len(ids) < 2 else sorted(set(ids)) for ids in associated]
        return int.from_bytes(
            blake2b(quick_json.dumps(said), digest_size=8, key=self.sealed).digest(), "big", signed=True
        )

    def of_listed(self, item: Mapping[str, Any]) -> int | None:
        """The same of a record on a list page; None, and so to be read closely, where the page lacks some of it."""
        try:
            lists, associated = item.get("associations") or {}, []
            for name in self.associations:
                given = lists.get(name) or {"results": ()}
                if given.get("paging"):
                    return None
                associated.append([str(each["id"]) for each in given["results"]])
            return self.of(item["properties"], associated)
        except (AttributeError, KeyError, TypeError):
            return None
