"""What every API call passes on its way in and out: faults, tokens, scopes, limits, headers, the tally."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Request, Response

from crm_gdpr.emulator.errors import UnknownKind
from crm_gdpr.emulator.faults import Faults
from crm_gdpr.emulator.kinds import kind_of
from crm_gdpr.emulator.limits import Limits
from crm_gdpr.emulator.portal import Portal
from crm_gdpr.emulator.tokens import Token, Tokens, scopes_for
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

    def refuse(self, match: Match, token: Token | None) -> Response | None:
        """Why this call may not go on, if it may not."""
        route = match.route
        if token is None:
            return error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found or not valid.")
        exceeded = self.limits.take(self._day(), is_search=route.is_search) if self.limits else None
        if exceeded:
            return limited(exceeded.policy, exceeded.message)
        needed = scopes_for(
            _AREAS.get(route.area, route.area), _plural(match.ids.get("kind", "")), writing=route.writing
        )
        return None if token.grants(needed) else missing_scopes(needed)

    def finish(self, response: Response, route: Route) -> Response:
        response.headers["X-HubSpot-Correlation-Id"] = str(uuid.uuid4())
        if self.limits and not route.is_search:
            response.headers.update(self.limits.headers())
        return response

    def _day(self) -> str:
        now = datetime.fromtimestamp(self.portal.clock.now_ms() / 1000, UTC)
        return now.astimezone(TIME_ZONE).date().isoformat()


_AREAS = {"pairs": "associations"}


def _plural(kind: str) -> str:
    """An object type nobody has is answered later, with its own error."""
    try:
        return kind_of(kind).name
    except UnknownKind:
        return kind
