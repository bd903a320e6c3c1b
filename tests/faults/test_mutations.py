"""The gate is guarded by tests that notice: each of these changes to it must make the gate's own tests fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STORIES = ("retention", "plans", "erasure", "answers", "review", "restored")
TESTS = tuple(f"tests/addons/test_{name}.py" for name in STORIES)

MUTATIONS = {  # file of the gate, what stands there, what a careless hand would make of it
    "an unapproved plan runs": ("permission", "if plan.approved_by is None:", "if False:"),
    "one name is enough": ("permission", "if plan.seconded_by is None and", "if False and"),
    "the hash is not compared": ("permission", "fingerprint(plan.made_on, items) != plan.hash", "False"),
    "not armed is armed": ("permission", "if not self.policy.destruction.armed:", "if False:"),
    "a stop stops nothing": ("permission", "if stop is not None:", "if False:"),
    "the calendar is not watched": (
        "permission",
        "self.store.pause.watch_calendar(self.today, self.policy.breaker.clock_jump_days)",
        "pass",
    ),
    "no breaker is asked": ("permission", "if trip is not None:", "if False:"),
    "the day's cap is not counted": ("permission", "if destroyed >= cap:", "if False:"),
    "the hour's cap is not counted": ("permission", ">= limits.max_per_hour", ">= 10**9"),
    "whoever is not in the plan goes too": ("permission", "if step not in DESTRUCTIVE:", "if False:"),
    "an archive is not asked again": ("removal", 'verdict.verdict != "archive"', "False"),
    "an erasure is not asked again": ("removal", 'verdict.verdict != "erase"', "False"),
    "a restore is not noticed": (
        "removal",
        'if self.hubspot.read("contacts", case.contact_id, ()) is not None:',
        "if False:",
    ),
    "a deletion is believed, not read": ("removal", "if not self._is_gone(contact_id):", "if False:"),
    "what is destroyed is not counted": ("removal", "self.store.pause.count(self.today, self.hour)", "pass"),
    "a shared engagement goes too": ("clearing", "going = [ref", "going = [*case.frozen.get('shared', ())] + [ref"),
    "who objected since goes as if they had not": ("grounds", "if not changed:", "if True:"),
    "a hold that is asked for is forgotten": ("permission", "is_hold_asked(contact_id):", "is_hold_asked('0'):"),
    "silence needs no second digest": ("permission", "or may_let_go(verdict,", "or True or may_let_go(verdict,"),
    "customers may vanish": ("breakers", "if now >= before", "if True or now >= before"),
    "an older copy is as good": ("breakers", "if older is None or", "if True or"),
    "no plan is a spike": ("breakers", "if count <= max(allowed.spike", "if True or count <= max(allowed.spike"),
    "a status that may not be read is fine": ("breakers", "self._read_a_little()\n", "pass\n"),
    "a status nobody can read is fine": ("breakers", "if missing:", "if False:"),
    "others may delete at will": (
        "breakers",
        "if count <= max(allowed.foreign_deletions",
        "if True or count <= max(allowed.foreign_deletions",
    ),
}


@pytest.mark.parametrize(("file", "right", "wrong"), MUTATIONS.values(), ids=MUTATIONS)
def test_what_would_be_mutated_stands_there(file, right, wrong):
    assert right in (ROOT / "crm_gdpr/gate" / f"{file}.py").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(("file", "right", "wrong"), MUTATIONS.values(), ids=MUTATIONS)
def test_a_mutation_of_the_gate_fails_its_tests(tmp_path, file, right, wrong):
    for part in ("crm_gdpr", "tests", "docs"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    mutated = tmp_path / "crm_gdpr/gate" / f"{file}.py"
    mutated.write_text(mutated.read_text().replace(right, wrong))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *TESTS]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=900)
    assert ran.returncode == 1, ran.stdout[-2000:]
