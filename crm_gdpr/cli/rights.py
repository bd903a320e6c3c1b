"""What people asked of us under their rights."""

from __future__ import annotations

from datetime import datetime

import click

from crm_gdpr.cli.policy import due
from crm_gdpr.cli.show import json_option, print_json, print_table
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
@click.option("--by", required=True, metavar="NAME")
def open_(contact_id: str, right: str, received: datetime | None, by: str) -> None:
    """Open a request for a contact."""
    env = boot()
    day = received.date() if received else env.today()
    falls_due = due_date(day, False).due_on
    number = env.store.requests.open(right=right, received_on=day, due_on=falls_due, contact_id=contact_id)
    env.record("request.opened", actor=by, contact_id=contact_id, request=number, right=right)
    click.echo(f"Request {number} is open; due on {falls_due}.")


@requests_.command("show")
@click.argument("request_id", type=int)
@json_option
def show_request(request_id: int, as_json: bool) -> None:
    """Show one request."""
    request: Request | None = boot().store.requests.get(request_id)
    if request is None:
        raise Refused(f"request {request_id} is not known; `crm-gdpr requests list --all` lists them")
    if as_json:
        print_json(vars(request))
    else:
        print_table(f"Request {request_id}", ("what", "value"), vars(request).items())
