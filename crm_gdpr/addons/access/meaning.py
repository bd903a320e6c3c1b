"""Values in readable words: what a field is called, and what a code stands for (Art. 12(1)).  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import unescape
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from crm_gdpr.addon import Property
from crm_gdpr.addons.access.codes import explained
from crm_gdpr.addons.access.conduct import label
from crm_gdpr.addons.access.labels import SWEDISH
from crm_gdpr.addons.access.model import Field
from crm_gdpr.policy import Text

YES_NO = {"true": Text(sv="Ja", en="Yes"), "false": Text(sv="Nej", en="No")}
BLOCKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})


class Meaning:
    """The words for the properties of one kind of record."""

    def __init__(
        self,
        definitions: Iterable[Mapping[str, Any]],
        ours: Iterable[Property],
        zone: ZoneInfo,
        purposes: Mapping[str, Text] = MappingProxyType({}),
    ) -> None:
        self._definitions = {str(each["name"]): each for each in definitions}
        self._ours = {each.name: each for each in ours}
        self.zone = zone
        self._purposes = purposes

    @property
    def names(self) -> list[str]:
        """All properties there are, in HubSpot's order."""
        return list(self._definitions)

    def field(self, name: str, raw: str) -> Field:
        """Return a value with its label and its meaning; of markup the words are kept."""
        words = plain(raw) if self._is_markup(name, raw) else raw
        return Field(name, self.label(name), self._value(name, words), words)

    def label(self, name: str) -> Text:
        """Return what a property is called; ours in both languages, the portal's own as it spells them."""
        if name in self._ours:
            return self._ours[name].label
        portal = self._definitions.get(name, {}).get("label")
        return Text(sv=SWEDISH.get(name, str(portal)), en=str(portal)) if portal else label(name)

    def _value(self, name: str, raw: str) -> Text:
        definition = self._definitions.get(name, {})
        kind = definition.get("type")
        code = explained(name, raw, self._purposes)
        if code is not None:
            return code
        if kind == "bool":
            return YES_NO.get(raw, same(raw))
        if kind == "enumeration":
            return self._chosen(name, raw)
        if kind == "datetime":
            return same(moment(raw, self.zone))
        return same(raw)

    def _is_markup(self, name: str, raw: str) -> bool:
        """Tell markup by the property's kind, or by its name where the portal calls a body plain text."""
        definition = self._definitions.get(name, {})
        return definition.get("fieldType") == "html" or (name.endswith(("_body", "_html")) and "<" in raw)

    def _chosen(self, name: str, raw: str) -> Text:
        """Several choices are stored with semicolons between them."""
        options = {str(o.get("value")): same(str(o.get("label"))) for o in self._options(name)}
        if name in self._ours:
            options |= {option.value: option.label for option in self._ours[name].options}
        chosen = [options.get(value, same(value)) for value in raw.split(";")]
        return Text(sv=", ".join(c.sv for c in chosen), en=", ".join(c.en for c in chosen))

    def _options(self, name: str) -> list[Mapping[str, Any]]:
        options = self._definitions.get(name, {}).get("options")
        return [each for each in options if isinstance(each, dict)] if isinstance(options, list) else []


def same(text: str) -> Text:
    """A value that reads the same in every language."""
    return Text(sv=text, en=text)


def moment(raw: str, zone: ZoneInfo) -> str:
    """Return an instant as a day and a time of day; what is no instant stays as it is."""
    try:
        at = datetime.fromtimestamp(int(raw) / 1000, zone) if raw.isdigit() else datetime.fromisoformat(raw)
    except (ValueError, OverflowError, OSError):
        return raw
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def plain(html: str) -> str:
    """Return the text of a note or mail without its markup."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(reader.found).splitlines())
    return unescape("\n".join(line for line in lines if line))


class _Reader(HTMLParser):
    """Keeps the text; a block begins a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        if tag in BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style") and self._silent > 0
        if tag in BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)
