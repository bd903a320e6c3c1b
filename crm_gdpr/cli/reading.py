"""`crm-gdpr reconcile`: read HubSpot with whatever workers there are, this process among them, and say how far."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import click
from rich.status import Status

from crm_gdpr.addons.dialogue.reconcile import conclusion, start
from crm_gdpr.cli.show import console, json_option, print_json, print_table
from crm_gdpr.env import Env
from crm_gdpr.gate import Refused
from crm_gdpr.jobs import boot
from crm_gdpr.jobs.run import perform_one
from crm_gdpr.store.scans import Reading

PATIENCE_S = 120.0


@click.command()
@click.option("--full", is_flag=True, help="Read everything, not only what changed.")
@click.option("--anew", is_flag=True, help="Drop the dialogue index first, and build it from HubSpot again.")
@json_option
def reconcile(full: bool, anew: bool, as_json: bool) -> None:
    """Read HubSpot into the dialogue index and write back what follows; workers that run take part."""
    env = boot()
    if anew:
        env.store.index.drop()
    reading, keys = start(env, full=full)
    keys = (*keys, conclusion(reading.id))
    if as_json:
        _help(env, reading, keys)
        print_json(env.store.scans.last())
        return
    with ThreadPoolExecutor(1) as helper, Status("Reading …", console=console) as status:
        work = helper.submit(_help, env, reading, keys)
        while not work.done():
            status.update(said(env.store.scans.progress(reading).to_json(env.clock.now())))
            time.sleep(0.5)
        work.result()
    told = env.store.scans.last() or {}
    print_table("Read", ("what", "how many"), [(name, _told(value)) for name, value in told.items()])


def said(progress: dict[str, Any]) -> str:
    """Say how far a scan has come, on one line."""
    left = "" if progress["seconds_left"] is None else f", about {progress['seconds_left']} s left"
    read = f"{progress['records']} records, {progress['rate']}/s"
    return f"{read}, {progress['calls']} calls, parts {progress['parts']}{left}"


def _help(env: Env, reading: Reading, keys: Sequence[str]) -> None:
    """Do whatever work of the scan nobody else does, until it is concluded."""
    seen: Any = None
    last = time.monotonic()
    while env.store.scans.get(reading.id) is not None:
        for key in keys:
            perform_one(env, key)
        _refuse_if_failed(env, keys)
        now = (env.store.scans.progress(reading), [env.store.work.state(key) for key in keys])
        seen, last = (seen, last) if now == seen else (now, time.monotonic())
        if time.monotonic() - last > PATIENCE_S:
            raise Refused("a worker holds part of the scan and does not go on; run `crm-gdpr reconcile` again")
        time.sleep(0.1)


def _refuse_if_failed(env: Env, keys: Sequence[str]) -> None:
    failed = {f["key"]: f["error"] for f in env.store.work.failed()}
    for key in keys:
        if key in failed:
            raise Refused(f"the scan stopped: {failed[key]}; `crm-gdpr reconcile` goes on from where it stood")


def _told(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return ", ".join(f"{kind} {count}" for kind, count in value.items()) or "nothing"
