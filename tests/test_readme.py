"""Promises about what we tell newcomers: every name in the README exists, and no file tells of a machine."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import textwrap
from dataclasses import MISSING, fields
from pathlib import Path

import click
import pytest

from crm_gdpr.cli import COMMANDS, cli
from crm_gdpr.env import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
PROSE = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
QUOTED = sorted(set(re.findall(r"`([^`\n]+)`", PROSE)))


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    lines = [line for line in section(title).splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def settings_read() -> dict[str, bool]:
    """Return each environment variable of Settings.read, and whether it must be set."""
    body = ast.parse(textwrap.dedent(inspect.getsource(Settings.read)))
    calls = [
        node
        for node in ast.walk(body)
        if isinstance(node, ast.Call) and re.fullmatch(r"read\.\w+", ast.unparse(node.func))
    ]
    return {ast.literal_eval(call.args[0]): len(call.args) == 1 for call in calls}


def tracked() -> list[Path]:
    """Return the files of the project: all that git holds or would take."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_the_addon_of_the_readme_is_the_file():
    listing = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert listing == [(ROOT / "examples/birthday/birthday.py").read_text()]


@pytest.mark.parametrize("path", [q for q in QUOTED if re.fullmatch(r"(crm_gdpr|tests|docs|examples)/[\w./]+", q)])
def test_a_path_in_the_readme_exists(path):
    assert (ROOT / path).exists()


def test_every_package_and_addon_is_on_the_map():
    parts = {p for p in (ROOT / "crm_gdpr").iterdir() if (p / "__init__.py").is_file()} - {ROOT / "crm_gdpr/addons"}
    addons = {p.parent for p in (ROOT / "crm_gdpr/addons").glob("*/__manifest__.py")}
    mapped = {ROOT / cells[0].strip("`") for cells in rows("The map")}
    assert parts | addons <= mapped


def test_the_settings_are_those_that_are_read():
    told = {cells[0].strip("`"): cells[1] == "required" for cells in rows("Settings")}
    assert told == settings_read()


def test_the_defaults_of_the_settings_are_told_right():
    told = {cells[0].strip("`"): cells[1].strip("`") for cells in rows("Settings")}
    source = inspect.getsource(Settings.read)
    for name, default in told.items():
        if "://" in default or default in ("v3", "2026-09", "professional"):
            assert f'"{name}", "{default}"' in source
            assert default in {f.default for f in fields(Settings) if f.default is not MISSING}


def test_every_setting_named_anywhere_exists():
    assert set(re.findall(r"\b(?:HUBSPOT|CRM_GDPR)_[A-Z_]+\b", README + CHANGELOG)) <= set(settings_read())


def test_the_commands_are_those_of_the_command_line():
    assert {cells[0].strip("`").split()[0].strip("`,") for cells in rows("Commands")} == set(COMMANDS)


def test_the_commands_below_a_command_are_told_whole():
    context = click.Context(cli)
    for cells in rows("Commands"):
        words = re.findall(r"[a-z]+", " ".join(re.findall(r"`([^`]+)`", cells[0])))
        command = cli.get_command(context, words[0])
        assert command is not None
        assert set(words[1:]) == (set(command.commands) if isinstance(command, click.Group) else set()), words[0]


@pytest.mark.parametrize("text", [README, CHANGELOG], ids=["README", "CHANGELOG"])
def test_every_call_of_the_command_line_can_be_made(text):
    calls = re.findall(r"crm-gdpr ([a-z]+)(?: ([a-z]+))?(?:[^`\n]*?(--[a-z]+))?", text)
    assert calls
    for name, below, option in calls:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None, name
        if isinstance(command, click.Group) and below:
            command = command.commands[below]
        assert not option or option in {o for p in command.params for o in p.opts}, f"{name} {option}"


def test_dev_py_knows_the_commands_of_the_readme():
    usage = subprocess.run([sys.executable, str(ROOT / "dev.py")], capture_output=True, text=True, check=False).stdout
    told = set(re.findall(r"python3 dev\.py ([a-z]+)", README))
    assert told == {"demo", "test", "check", "bench"}
    assert told <= set(re.findall(r"[a-z]+", usage.split("dev.py")[1]))


def test_the_processes_run_commands_that_exist():
    for line in (ROOT / "Procfile").read_text().splitlines():
        name, command = line.split(": ", 1)
        assert name.startswith(("web", "worker-", "clock"))
        assert not command.startswith("crm-gdpr") or command.split()[1] in COMMANDS


def test_no_file_names_an_index_or_a_place_on_some_machine():
    index = ["--" + option for option in ("index-url", "extra-index-url", "find-links")]
    places = ["file" + "://", *("/" + home + "/" for home in ("home", "work", "Users", "root"))]
    own = re.compile(r"(?<![\w.}/-])(?:" + "|".join(map(re.escape, index + places)) + ")")
    for path in tracked():
        text = path.read_bytes().decode(errors="ignore")
        assert not own.search(text), f"{path.relative_to(ROOT)}: {own.search(text)}"


def test_the_lock_file_holds_names_versions_and_hashes_alone():
    lock = (ROOT / "requirements.lock").read_text()
    stripped = re.sub(r"^\s*#.*$", "", lock, flags=re.MULTILINE)
    entries = [entry.split() for entry in stripped.replace("\\\n", " ").splitlines() if entry.strip()]
    for entry in entries:
        requirement = " ".join(word for word in entry if not word.startswith("--hash="))
        assert re.fullmatch(r"[a-z0-9._-]+==[\w.+!]+( ; .+)?", requirement), requirement
        hashes = [word for word in entry if word.startswith("--")]
        assert hashes, requirement
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", word) for word in hashes)
    assert "://" not in lock
