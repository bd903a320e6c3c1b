"""A digest of what HubSpot says about a record, so that a record that says the same need not be read closely again.

It covers what was asked for and nothing else, and it is sealed with the code that reads and with what the policy adds:
when either changes, every digest does, and everything is read anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
READERS = ("events.py", "facts.py", "mail.py", "scan.py", "schemas.py")
ABSENT = 0  # no value of a property is a number


@cache
def seal(policy: str) -> str:
    """What every digest begins with: the code that reads, and the rules it reads by."""
    code = b"".join((HERE / name).read_bytes() for name in READERS)
    return blake2b(code + policy.encode(), digest_size=8).hexdigest()


def digest(
    sealed: str, names: Sequence[str], properties: Mapping[str, str | None], associated: Sequence[Iterable[str]]
) -> int:
    """64 bits, the same in every process."""
    said = (sealed, [properties.get(name, ABSENT) for name in names], [sorted(set(ids)) for ids in associated])
    return int.from_bytes(blake2b(repr(said).encode(), digest_size=8).digest(), "big", signed=True)


def listed_ids(item: Mapping[str, Any], associations: Sequence[str]) -> list[list[str]] | None:
    """The ids that a list page gives with a record; None where it does not give them all."""
    lists = item.get("associations") or {}
    found = []
    for name in associations:
        given = lists.get(name) or {}
        if given.get("paging"):
            return None
        found.append([str(each["id"]) for each in given.get("results", ())])
    return found
