"""What every API call passes on its way in and out: faults, tokens, scopes, limits, headers, the tally."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Request, Response

from crm_gdpr.emulator.errors import UnknownKind
from crm_gdpr.emulator.faults import Fault, Faults
from crm_gdpr.emulator.further_kinds import READ_ONLY
from crm_gdpr.emulator.limits import ASSOCIATIONS, ORDINARY, PLANS, SEARCHES, Limits, Usage
from crm_gdpr.emulator.portal import Portal
from crm_gdpr.emulator.tokens import Token, Tokens, scopes_for, scopes_for_sensitive
from crm_gdpr.emulator.wire.answers import error, limited, missing_scopes
from crm_gdpr.emulator.wire.router import Match
from crm_gdpr.emulator.wire.routes import Route
from crm_gdpr.emulator.wire.settings import TIME_ZONE


@dataclass
class Guard:
    """The state of the door: shared by all API calls of one emulator."""

    portal: Portal
    tokens: Tokens
    limits: Limits | None = None
    faults: Faults = field(default_factory=Faults)
    calls: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    not_emulated: Counter[tuple[str, str]] = field(default_factory=Counter)

    def token(self, request: Request) -> Token | None:
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        return self.tokens.find(value.strip()) if scheme.lower() == "bearer" else None

    def fault(self, request: Request) -> Fault | None:
        """What this call was told to go wrong by."""
        with self.portal.lock:
            return self.faults.take(request.method, request.path)

    def count(self, method: str, path: str, status: int) -> None:
        with self.portal.lock:
            self.calls[method, path, status] += 1

    def miss(self, request: Request) -> None:
        with self.portal.lock:
            self.not_emulated[request.method, request.path] += 1

    def refuse(self, match: Match, token: Token | None, sensitivity: str = "") -> Response | None:
        """Why this call, which may ask for sensitive properties, may not go on, if it may not."""
        route = match.route
        if token is None:
            return error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found or not valid.")
        kind = self._kind(match.ids.get("kind", ""))
        needed = scopes_for_sensitive(kind, sensitivity) or scopes_for(route.area, kind, writing=route.writing)
        if not token.grants(needed):
            return missing_scopes(needed)
        if route.area == "objects" and route.writing and self._kind(match.ids["kind"]) == READ_ONLY:
            return error(400, "VALIDATION_ERROR", f"Records of {READ_ONLY} can be read and not written by the API")
        day = self._now().date().isoformat()
        exceeded = self.limits.take(day, of=counted_as(route), app_id=token.app_id) if self.limits else None
        return limited(exceeded.policy, exceeded.message) if exceeded else None

    def finish(self, response: Response, route: Route | None = None, token: Token | None = None) -> Response:
        """What is refused before it is counted, for the token or its scopes, carries no limits."""
        response.headers["X-HubSpot-Correlation-Id"] = str(uuid.uuid4())
        if self.limits and route and token and response.status_code != 403:
            response.headers.update(self.limits.headers(of=counted_as(route), app_id=token.app_id))
        return response

    def usage(self) -> Usage:
        """The calls of today, in the account's time zone."""
        now = self._now()
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), TIME_ZONE)
        resets_ms = int(midnight.timestamp()) * 1000
        if self.limits is None:
            return Usage(PLANS["professional"].daily, sum(self.calls.values()), resets_ms)
        return Usage(self.limits.plan.daily, self.limits.used(now.date().isoformat()), resets_ms)

    def _kind(self, alias: str) -> str:
        """What scopes speak of. An object type nobody has is answered later, with its own error."""
        try:
            kind = self.portal.kinds.of(alias)
        except UnknownKind:
            return alias
        return "custom" if kind.is_custom else kind.name

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.portal.clock.now_ms() / 1000, UTC).astimezone(TIME_ZONE)


def counted_as(route: Route) -> str:
    """Batches and labels of associations have an allowance of their own, pair by pair they have none."""
    if route.is_search:
        return SEARCHES
    return ASSOCIATIONS if route.area in ("associations", "old_associations", "labels") else ORDINARY
