"""People: lists by verdict, and the search for one.

Names and addresses are read from HubSpot for the page and kept nowhere; addresses never stand in a URL.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crm_gdpr.addons.access import matching
from crm_gdpr.addons.console.language import t
from crm_gdpr.addons.console.paging import asked
from crm_gdpr.addons.console.wording import VERDICTS

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

NAMES = ("firstname", "lastname", "email", "jobtitle", "company")


def people() -> str:
    """List those of one verdict, the longest silent first."""
    env: Env = current_app.extensions["crm_gdpr"]
    verdict = request.args.get("verdict", "unknown")
    if verdict not in VERDICTS:
        abort(404)
    paging = asked(env.store.index.counts().get(verdict, 0))
    standings = env.store.index.by_verdict(verdict, paging.last - paging.first, after=paging.first)
    return render_template(
        "console/people.html",
        verdict=verdict,
        standings=standings,
        paging=paging,
        names=names_of(env, (s.contact_id for s in standings)),
    )


def search() -> Response | str:
    """Go to a person by contact id, address or name; of several who match, all are shown."""
    env: Env = current_app.extensions["crm_gdpr"]
    wanted = request.form.get("who", "").strip()
    found = (wanted,) if wanted.isascii() and wanted.isdigit() else matching.people(env, wanted)
    if not found:
        flash(t("Ingen kontakt hittades.", "No contact was found."), "error")
        return redirect(url_for("console.people"))
    if len(found) == 1:
        return redirect(url_for("console.person", contact_id=found[0]))
    return render_template("console/found.html", found=found, records=read(env, found))


def read(env: Env, contact_ids: Iterable[str]) -> dict[str, Record]:
    """Return who they are, of those who are live."""
    return env.hubspot.interactive().read_many("contacts", contact_ids, NAMES)


def names_of(env: Env, contact_ids: Iterable[str]) -> dict[str, str]:
    """Return names for a list, read now; someone without one is called by nothing but the id."""
    records = read(env, contact_ids)
    full = {r.id: " ".join(filter(None, (r.properties.get(n) for n in NAMES[:2]))) for r in records.values()}
    return {contact_id: name for contact_id, name in full.items() if name}
