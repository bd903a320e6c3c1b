"""What a property value must look like, and how HubSpot stores it: as text, whatever was sent."""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from crm_gdpr.emulator.errors import Invalid, Malformed, Problem
from crm_gdpr.emulator.instants import DAY_MS, text, to_ms
from crm_gdpr.emulator.properties import Property

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(rf"-?\d+|{_DATE.pattern}([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_LONGEST = 65_536


def stored(prop: Property, value: object, present: str | None = None) -> str:
    """Return what is stored for ``value``; an empty string clears. Raises Invalid for what is not allowed."""
    plain = _plain(prop, value)
    if plain == "":
        return ""
    if prop.name == "email" and prop.unique:
        return _email(prop, plain)
    return _RULES.get(prop.type, _string)(prop, plain, present)


def _plain(prop: Property, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise Malformed(f"Invalid input JSON: the value of {prop.name} must be a text")
    return str(value)


def _refuse(prop: Property, code: str, message: str) -> Invalid:
    return Invalid([Problem(prop.name, code, message)])


def _email(prop: Property, value: str) -> str:
    if not _EMAIL.fullmatch(value.strip()):
        raise _refuse(prop, "INVALID_EMAIL", f"Email address {value} is invalid")
    return value.strip().lower()


def _string(prop: Property, value: str, _present: str | None) -> str:
    if len(value) > _LONGEST:
        raise _refuse(prop, "INVALID_STRING_LENGTH", f"{prop.name} is longer than {_LONGEST} characters")
    return value


def _number(prop: Property, value: str, _present: str | None) -> str:
    if not _NUMBER.fullmatch(value) or not math.isfinite(float(value)):
        raise _refuse(prop, "INVALID_INTEGER", f"{value} was not a valid number.")
    return value


def _boolean(prop: Property, value: str, _present: str | None) -> str:
    if value.lower() not in ("true", "false"):
        raise _refuse(prop, "INVALID_BOOLEAN", f"{value} was not a valid boolean.")
    return value.lower()


def _date(prop: Property, value: str, _present: str | None) -> str:
    """A day, or midnight UTC in milliseconds."""
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value).isoformat()
        if int(value) % DAY_MS == 0:
            return datetime.fromtimestamp(int(value) / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        pass
    raise _refuse(prop, "INVALID_DATE", f"{value} was not a valid date; use YYYY-MM-DD or midnight UTC")


def _datetime(prop: Property, value: str, _present: str | None) -> str:
    try:
        if _INSTANT.fullmatch(value):
            return text(to_ms(value))
    except (ValueError, OverflowError, OSError):
        pass
    raise _refuse(prop, "INVALID_LONG", f"{value} was not a valid long.")


def _enumeration(prop: Property, value: str, present: str | None) -> str:
    """Several values are separated by semicolons; a leading one adds to what is there."""
    chosen = [part for part in value.split(";") if part] if prop.is_multiple else [value]
    if prop.options:
        allowed = [option.value for option in prop.options]
        for part in chosen:
            if part not in allowed:
                listed = ", ".join(allowed)
                message = f"{part} was not one of the allowed options: [{listed}]"
                raise _refuse(prop, "INVALID_OPTION", message)
    if prop.is_multiple and value.startswith(";"):
        chosen = [*(present or "").split(";"), *chosen]
    return ";".join(dict.fromkeys(part for part in chosen if part))


_RULES: dict[str, Callable[[Property, str, str | None], str]] = {
    "number": _number,
    "bool": _boolean,
    "date": _date,
    "datetime": _datetime,
    "enumeration": _enumeration,
}
