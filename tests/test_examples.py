"""Promises about the third-party addon of the README: found like any other, refused like any other, and it works."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from crm_gdpr.definitions import definitions
from crm_gdpr.emulator import Portal
from crm_gdpr.env import Env
from crm_gdpr.registry import GROUP, Registry
from crm_gdpr.sync import install

EXAMPLE = Path(__file__).parents[1] / "examples" / "birthday"
COVERED = "    export_sections=(ExportSection(title=TITLE, read=read, covers=frozenset({NAME})),),\n"


@pytest.fixture(scope="module")
def birthday() -> ModuleType:
    spec = spec_from_file_location("birthday", EXAMPLE / "birthday.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def site(where: Path, source: str) -> Path:
    """Lay the addon out as an installer does: the module, and beside it what the package says of itself."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    about = where / f"{project['name']}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = "\n".join(f"{name} = {value}" for name, value in project["entry-points"][GROUP].items())
    (about / "entry_points.txt").write_text(f"[{GROUP}]\n{points}\n")
    (where / "birthday.py").write_text(source)
    return where


def run(where: Path, *command: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "PYTHONPATH": str(where)}
    return subprocess.run([sys.executable, *command], env=surroundings, capture_output=True, text=True, check=False)


def test_the_example_is_an_addon_of_under_fifty_lines():
    assert len((EXAMPLE / "birthday.py").read_text().splitlines()) <= 50


def test_a_strangers_addon_is_found_through_its_entry_point(tmp_path):
    where = site(tmp_path, (EXAMPLE / "birthday.py").read_text())
    code = "from crm_gdpr.registry import load; print(*(a.name for a in load()))"
    found = run(where, "-c", code).stdout.split()
    assert found.index("objection") < found.index("birthday")


def test_the_command_line_lists_a_strangers_addon(tmp_path):
    where = site(tmp_path, (EXAMPLE / "birthday.py").read_text())
    listed = run(where, "-m", "crm_gdpr.cli", "addons", "--json")
    assert listed.returncode == 0
    assert '"birthday"' in listed.stdout


def test_without_its_export_section_the_addon_is_refused_by_name(tmp_path):
    whole = (EXAMPLE / "birthday.py").read_text()
    assert COVERED in whole
    refused = run(site(tmp_path, whole.replace(COVERED, "")), "-m", "crm_gdpr.cli", "addons")
    assert refused.returncode == 1
    assert refused.stdout == ""
    (line,) = refused.stderr.splitlines()
    assert "birthday_greeting_on" in line


@pytest.mark.parametrize(
    ("born", "today", "greeting"),
    [
        ("1980-05-17", date(2026, 5, 16), "2026-05-17"),
        ("1980-05-17", date(2026, 5, 17), "2026-05-17"),
        ("1980-05-17", date(2026, 5, 18), "2027-05-17"),
        ("1984-02-29", date(2028, 1, 1), "2028-02-29"),
        ("1984-02-29", date(2026, 1, 1), "2026-03-01"),
        ("1984-02-29", date(2026, 3, 1), "2026-03-01"),
        ("17 maj", date(2026, 5, 17), None),
        (None, date(2026, 5, 17), None),
    ],
)
def test_the_greeting_falls_on_the_next_birthday(birthday, born, today, greeting):
    assert birthday.next_greeting(born, today) == greeting


def test_the_nightly_job_writes_the_day_and_spares_who_objected(birthday, env: Env, portal: Portal):
    wanted = definitions(Registry((birthday.addon,)))
    install.apply(env.hubspot, install.plan(wanted, install.present(env.hubspot, wanted)))
    greeted = portal.add_contact(email="jane@example.com", date_of_birth="1980-05-17")
    objected = portal.add_contact(email="john@example.com", date_of_birth="1980-05-17")
    portal.edit("contacts", objected, gdpr_objected_on="2026-01-01")

    birthday.move_on(env)

    assert portal.value("contacts", greeted, "birthday_greeting_on") == birthday.next_greeting(
        "1980-05-17", env.today()
    )
    assert not portal.value("contacts", objected, "birthday_greeting_on")
    assert birthday.read(env, greeted)[0]["value"] == portal.value("contacts", greeted, "birthday_greeting_on")
    assert birthday.read(env, "404404") == []
