"""Signing in and out.  Accounts are in the store; a name that fails too often from one place waits a minute.

The failures are counted in this process only: enough to make guessing slow, nothing to keep.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from crm_gdpr.addons.console.language import t

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.users import User

FAILURES, WINDOW_S, KEPT = 5, 60.0, 1_000
Place = tuple[str, str | None]


@dataclass(frozen=True)
class Account:
    """A signed-in user, as Flask-Login wants to see it."""

    name: str
    role: str
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.name


class Throttle:
    """Counts failures by name and address."""

    def __init__(self) -> None:
        self._failed: defaultdict[Place, deque[float]] = defaultdict(lambda: deque(maxlen=FAILURES))

    def blocks(self, place: Place) -> bool:
        """Tell whether there were too many failures within the window."""
        failed = self._failed.get(place)
        return failed is not None and len(failed) == FAILURES and time.monotonic() - failed[0] < WINDOW_S

    def failed(self, place: Place) -> None:
        if len(self._failed) >= KEPT:
            self._failed.clear()
        self._failed[place].append(time.monotonic())


def load(name: str) -> Account | None:
    """Return the account behind a session, with the role it has now; None once it is removed."""
    env: Env = current_app.extensions["crm_gdpr"]
    return _account(env.store.users.get(name))


def login() -> str | Response | tuple[str, int]:
    """Show the form; sign in whoever knows the password."""
    if request.method == "GET":
        return render_template("console/login.html")
    env: Env = current_app.extensions["crm_gdpr"]
    throttle: Throttle = current_app.extensions["console_throttle"]
    name = request.form.get("name", "")
    place = (name, request.remote_addr)
    if throttle.blocks(place):
        flash(t("För många försök. Vänta en minut.", "Too many attempts. Wait a minute."), "error")
        return render_template("console/login.html"), 429
    account = _account(env.store.users.check(name, request.form.get("password", "")))
    if account is None:
        throttle.failed(place)
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
    return None if user is None else Account(user.name, user.role)


def _local(target: str | None) -> str | None:
    """Return a path of the console; anything else could lead elsewhere."""
    home = url_for("console.overview")
    return target if target and target.startswith(home) and "\\" not in target else None
