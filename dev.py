#!/usr/bin/env python3
"""Set up and run crm_gdpr from a fresh clone: `python3 dev.py demo | test | check | bench`.

Standard library only.  The environment is `.venv` in the checkout; it is made once per lock file, and a second call is
instant.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts" if os.name == "nt" else "bin") / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "crm_gdpr.stamp"
# Started from inside .venv, the environment is still made by the Python it was made from.
BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)

COMMANDS = {
    "demo": [["-m", "crm_gdpr.cli", "demo"]],
    "test": [["-m", "pytest"]],
    "check": [["-m", "ruff", "check", "."], ["-m", "ruff", "format", "--check", "."], ["-m", "mypy"]],
    "bench": [["-m", "benchmarks"]],
}


class SetupError(Exception):
    """What is missing on this machine, and what to do about it."""


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python is told by
        print(
            "crm_gdpr needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Run it as python3.11 dev.py …"
        )
        return 1
    if not arguments or arguments[0] not in COMMANDS:
        print(f"usage: python3 dev.py {' | '.join(COMMANDS)}")
        return 2
    try:
        set_up()
    except SetupError as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return 1
    return run(COMMANDS[arguments[0]], arguments[1:])


def run(steps: list[list[str]], extra: list[str]) -> int:
    """Run each step in the environment; the last one takes our place, so that Ctrl-C is its own."""
    os.chdir(ROOT)
    for step in steps[:-1]:
        code = subprocess.call([str(PYTHON), *step])
        if code:
            return code
    sys.stdout.flush()
    return os.execv(PYTHON, [str(PYTHON), *steps[-1], *extra])  # noqa: S606 - the tools it is there to start


def set_up() -> None:
    """Make the environment if it is missing or made from another lock file."""
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    print("crm_gdpr: setting up .venv (once, about a minute) …", flush=True)
    install = make_environment()
    project = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    for step in (["--require-hashes", "-r", str(LOCK)], project):
        if subprocess.call([*install, *step], cwd=ROOT, stdout=subprocess.DEVNULL):
            raise SetupError(
                "installing the packages failed (see above). Check the network and the package index that pip uses; "
                "if a compiler is asked for, this platform has no ready-made package: "
                "use CPython 3.11-3.14 on Linux or macOS."
            )
    STAMP.write_text(wanted)


def make_environment() -> list[str]:
    """Return the install command of a fresh environment: uv's, the environment's own pip, or an outer pip."""
    shutil.rmtree(VENV, ignore_errors=True)
    uv = shutil.which("uv")
    if uv and not subprocess.call([uv, "venv", "--quiet", str(VENV)]):
        return [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    if quietly(BASE_PYTHON, "-m", "venv", str(VENV)):
        return [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    shutil.rmtree(VENV, ignore_errors=True)
    has_pip = quietly(BASE_PYTHON, "-m", "pip", "--version")
    if has_pip and quietly(BASE_PYTHON, "-m", "venv", "--without-pip", str(VENV)):
        pip = [BASE_PYTHON, "-m", "pip", "--python", str(PYTHON)]
        return [*pip, "install", "--quiet", "--disable-pip-version-check"]
    raise SetupError("no way to make a virtual environment here. On Debian or Ubuntu: apt install python3-venv")


def quietly(*command: str) -> bool:
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
