"""What the gateway's parts share: the client's API objects, and walks over pages that end."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from crm_gdpr.sync.errors import Malformed
from crm_gdpr.sync.schemas import Listed, listed
from crm_gdpr.sync.transport import Answer, Transport


class Wired:
    """A part of the gateway."""

    _api: Any  # the official client, speaking over our transport
    _transport: Transport


def options(**given: Any) -> dict[str, Any]:
    """The options of a client call that are set, as they stand in a URL; the answer is wanted without models."""
    chosen = {name: "true" if value is True else value for name, value in given.items() if value}
    return {**chosen, "_preload_content": False}


def walk(fetch: Callable[[str | None], Answer]) -> Iterator[Listed]:
    """Every page to the last.  A cursor met twice would never end, and is not believed."""
    seen: set[str] = set()
    after: str | None = None
    while True:
        page = listed(fetch(after).json())
        yield page
        after = page.after
        if after is None:
            return
        if after in seen:
            raise Malformed.because("a cursor that leads back to a page already read")
        seen.add(after)


def walk_paths(
    get: Callable[[str], dict[str, Any]], path: str, asked: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Every item of a list that the client does not know, page by page to the last."""
    seen: set[str] = set()
    after: str | None = None
    while True:
        cursor = {"after": after} if after else {}
        page = listed(get(f"{path}?{urlencode({**asked, **cursor}, doseq=True)}"))
        yield from page.results
        after = page.after
        if after is None:
            return
        if after in seen:
            raise Malformed.because("a cursor that leads back to a page already read")
        seen.add(after)


def chunks(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    """The ids in portions, each once, in their order."""
    rest = iter(dict.fromkeys(ids))
    while portion := list(islice(rest, size)):
        yield portion
