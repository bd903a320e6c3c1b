"""An answer that reached somebody else: its link dies, and a personal data breach is on the clock (Art. 33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_gdpr.addons.access.files import delete
from crm_gdpr.addons.access.rights import NO_REASON
from crm_gdpr.addons.access.steps import StepRefused

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.incidents import Incident
    from crm_gdpr.store.requests import Request


def missent(env: Env, request: Request, what: str, *, by: str) -> Incident:
    """Kill the link, delete the package, and open an incident with 72 hours to report it."""
    if not what.strip():
        raise StepRefused(NO_REASON)
    package = env.store.requests.package_of(request.id)
    if package is not None:
        delete(env, package)
    incident = env.store.incidents.open(what.strip(), at=env.clock.now(), request_id=request.id)
    env.record(
        "package.missent",
        actor=by,
        contact_id=request.contact_id,
        request=request.id,
        incident=incident.id,
        report_by=incident.report_by.isoformat(),
    )
    return incident
