"""Make the answer; and let go of answers whose period has passed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.access.answer import compose
from crm_gdpr.addons.access.files import delete, strays, write
from crm_gdpr.addons.access.letters import lay
from crm_gdpr.addons.access.package import zipped

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Package

AFTER_COLLECTION = timedelta(days=14)
UNCOLLECTED = timedelta(days=30)


def acknowledge(env: Env, request_id: int) -> None:
    """Lay the acknowledgement of receipt in HubSpot for support to send, once."""
    request = env.store.requests.get(request_id)
    if request is None or request.status != "initiated":
        return
    lay(env, request, "received")
    env.record("request.acknowledged", actor="access", contact_id=request.contact_id, request=request_id)
    env.store.requests.change(request_id, status="acknowledged")


def prepare(env: Env, request_id: int) -> None:
    """Make the package of a request whose identity is confirmed; a newer one takes the place of the one before."""
    request = env.store.requests.get(request_id)
    if request is None or request.status != "accepted" or request.contact_id is None:
        return
    answer = compose(env, request.contact_id)
    if answer is None:
        env.record("package.nobody", actor="access", contact_id=request.contact_id, request=request_id)
        return
    before = env.store.requests.package_of(request_id)
    file, sha256 = write(env, zipped(answer))
    package_id = env.store.requests.add_package(
        request_id=request_id, contact_id=request.contact_id, file=file, sha256=sha256, made_at=env.clock.now()
    )
    if before is not None:
        delete(env, before)
    env.record(
        "package.made",
        actor="access",
        contact_id=request.contact_id,
        request=request_id,
        package=package_id,
        sha256=sha256,
    )


def forget(env: Env) -> None:
    """Delete packages whose period has passed, those of people who are gone, and files that no package names."""
    packages = [p for r in env.store.requests.all() if (p := env.store.requests.package_of(r.id)) is not None]
    for package in packages:
        if (is_over(env, package) or is_gone(env, package.contact_id)) and delete(env, package):
            env.record("package.deleted", actor="access", contact_id=package.contact_id, package=package.id)
    for path in strays(env, (package.file for package in packages)):
        path.unlink(missing_ok=True)


def is_over(env: Env, package: Package) -> bool:
    """Tell whether a package has been kept for its whole period."""
    if package.collected_at is not None:
        return package.collected_at + AFTER_COLLECTION <= env.clock.now()
    return package.made_at + UNCOLLECTED <= env.clock.now()


def is_gone(env: Env, contact_id: str) -> bool:
    """Tell whether a person has been erased since."""
    case = env.store.cases.of(contact_id)
    return case is not None and case.state == "gone"
