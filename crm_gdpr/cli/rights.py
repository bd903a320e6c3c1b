"""What people asked of us under their rights."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

import click

from crm_gdpr.addons.access import rights
from crm_gdpr.addons.access.files import content_of, sealed
from crm_gdpr.addons.access.steps import open_request, releasable
from crm_gdpr.cli.policy import due
from crm_gdpr.cli.show import by_option, json_option, print_json, print_table
from crm_gdpr.env import Env
from crm_gdpr.gate import Refused
from crm_gdpr.jobs import boot
from crm_gdpr.policy import Right
from crm_gdpr.policy import due as due_date
from crm_gdpr.store.requests import Request


@click.group("requests")
def requests_() -> None:
    """Requests under the GDPR and their clock."""


requests_.add_command(due)


@requests_.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed ones too.")
@json_option
def list_(everything: bool, as_json: bool) -> None:
    """List the open requests, the most urgent first."""
    found = boot().store.requests.all(open_only=not everything)
    if as_json:
        print_json([vars(request) for request in found])
    else:
        rows = [(r.id, r.right, r.status, r.received_on, r.due_on, r.contact_id) for r in found]
        print_table("Requests", ("request", "right", "status", "received", "due", "contact"), rows)


@requests_.command("open")
@click.argument("contact_id")
@click.option("--right", type=click.Choice([r.value for r in Right]), default="A15", show_default=True)
@click.option("--received", type=click.DateTime(["%Y-%m-%d"]), help="The day it was received; today when not given.")
@by_option
def open_(contact_id: str, right: str, received: datetime | None, by: str) -> None:
    """Open a request for a contact."""
    env = boot()
    day = received.date() if received else env.today()
    number = open_request(env, right=Right(right), received_on=day, contact_id=contact_id, by=by)
    click.echo(f"Request {number} is open; due on {due_date(day, False).due_on}.")


@requests_.command("extend")
@click.argument("request_id", type=int)
@click.option("--why", required=True, help="The reasons, for the person to read.")
@by_option
def extend_(request_id: int, why: str, by: str) -> None:
    """Take two months more, inside the first (Article 12(3))."""
    env = boot()
    rights.extend(env, _known(env, request_id), why, by=by)
    click.echo(f"Request {request_id} is extended; the letter lies in HubSpot.")


@requests_.command("refuse")
@click.argument("request_id", type=int)
@click.option("--why", required=True, help="The reasons, for the person to read.")
@by_option
def refuse_(request_id: int, why: str, by: str) -> None:
    """Close a request that is not answered (Article 12(4))."""
    env = boot()
    rights.refuse(env, _known(env, request_id), why, by=by)
    click.echo(f"Request {request_id} is refused; the letter lies in HubSpot.")


@click.command()
@click.argument("request_id", type=int)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A file that is not there.")
@by_option
def export(request_id: int, out: Path, by: str) -> None:
    """Write the package of a verified and reviewed request to an encrypted zip; its password is shown once."""
    env = boot()
    package = releasable(env, _known(env, request_id))
    content = content_of(env, package)
    if content is None:
        raise Refused(f"the package of request {request_id} is deleted; prepare it again")
    password = secrets.token_urlsafe(18)
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    env.record("package.exported", actor=by, contact_id=package.contact_id, request=request_id)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealed({f"request-{request_id}.zip": content}, password.encode()))
    click.echo(f"{out}: AES-256; give the password another way than the file: {password}")


@requests_.command("show")
@click.argument("request_id", type=int)
@json_option
def show_request(request_id: int, as_json: bool) -> None:
    """Show one request."""
    request = _known(boot(), request_id)
    if as_json:
        print_json(vars(request))
    else:
        print_table(f"Request {request_id}", ("what", "value"), vars(request).items())


def _known(env: Env, request_id: int) -> Request:
    request = env.store.requests.get(request_id)
    if request is None:
        raise Refused(f"request {request_id} is not known; `crm-gdpr requests list --all` lists them")
    return request
