"""Signing in and out.  Accounts are in the store; who fails too often waits a minute.

Failures are counted by name and address, and by address whatever the names, in this process only: enough to make
guessing slow, nothing to keep.  What still counts is never dropped to make room for an address that floods.
"""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from crm_gdpr.addons.console.language import t

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.users import User

FAILURES, OF_ONE_ADDRESS, WINDOW_S, KEPT = 5, 30, 60.0, 10_000
LONGEST_NAME = 120
Place = tuple[str, str]


@dataclass(frozen=True)
class Account:
    """A signed-in user, as Flask-Login wants to see it."""

    name: str
    role: str
    mark: str
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return f"{self.name}|{self.mark}"


class Throttle:
    """Counts failures by name and address, and by address."""

    def __init__(self) -> None:
        self._failed: dict[Place, list[float]] = {}

    def blocks(self, name: str, address: str) -> bool:
        """Tell whether there were too many failures within the window."""
        return self._count((name, address)) >= FAILURES or self._count(("", address)) >= OF_ONE_ADDRESS

    def failed(self, name: str, address: str) -> None:
        """Count a failure; of those that count no more, none is kept when there are many."""
        if len(self._failed) >= KEPT:
            self._failed = {place: found for place in self._failed if (found := self._recent(place))}
        for place in ((name, address), ("", address)):
            self._failed[place] = [*self._recent(place), time.monotonic()][-OF_ONE_ADDRESS:]

    def _count(self, place: Place) -> int:
        return len(self._recent(place))

    def _recent(self, place: Place) -> list[float]:
        since = time.monotonic() - WINDOW_S
        return [at for at in self._failed.get(place, ()) if at > since]


def load(signed_in: str) -> Account | None:
    """Return the account behind a session, with the role it has now; None once removed, or with a new password."""
    env: Env = current_app.extensions["crm_gdpr"]
    name, _, mark = signed_in.rpartition("|")
    user = env.store.users.get(name)
    return _account(user) if user is not None and hmac.compare_digest(user.mark, mark) else None


def login() -> str | Response | tuple[str, int]:
    """Show the form; sign in whoever knows the password."""
    if request.method == "GET":
        return render_template("console/login.html")
    env: Env = current_app.extensions["crm_gdpr"]
    throttle: Throttle = current_app.extensions["console_throttle"]
    name = request.form.get("name", "")
    place = (name[:LONGEST_NAME], request.remote_addr or "")
    if throttle.blocks(*place):
        flash(t("För många försök. Vänta en minut.", "Too many attempts. Wait a minute."), "error")
        return render_template("console/login.html"), 429
    account = _account(env.store.users.check(name, request.form.get("password", "")))
    if account is None:
        throttle.failed(*place)
        flash(t("Namnet eller lösenordet stämmer inte.", "The name or the password is not right."), "error")
        return render_template("console/login.html"), 401
    session.clear()
    session.permanent = True
    login_user(account)
    return redirect(_local(request.args.get("next")) or url_for("console.overview"))


def logout() -> Response:
    """Sign out."""
    logout_user()
    session.clear()
    return redirect(url_for("console.login"))


def _account(user: User | None) -> Account | None:
    return None if user is None else Account(user.name, user.role, user.mark)


def _local(target: str | None) -> str | None:
    """Return a path of the console; anything else could lead elsewhere."""
    home = url_for("console.overview")
    return target if target and target.startswith(home) and "\\" not in target else None
