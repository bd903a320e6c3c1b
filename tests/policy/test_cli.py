"""The policy from the command line: JSON in, JSON out, and one clear line for a mistake."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner, Result

from crm_gdpr.cli.policy import decide, due, policy_group
from crm_gdpr.policy.reading import PACKAGED

SILENT = {
    "contact": {
        "id": "101",
        "created_on": "2020-01-10",
        "source": "inbound",
        "hold": None,
        "restricted": False,
        "attested": [],
        "objected_on": None,
        "request_open": False,
        "erasure_requested_on": None,
        "not_relevant": None,
        "review_answer": None,
    },
    "dialogue": [{"ref": "emails/1", "kind": "email", "direction": "in", "on": "2025-02-03", "status": "SENT"}],
    "organisation": None,
}
ON = ("--on", "2026-11-01")


def run(command: Command, *words: str, given: str | None = None, policy: Path | None = None) -> Result:
    settings = {"CRM_GDPR_POLICY": str(policy) if policy else ""}
    return CliRunner().invoke(command, words, input=given, env=settings)


def armed(folder: Path, change: Sequence[str] = ("armed = false", "armd = false")) -> Path:
    """A policy file with a mistake in it."""
    file = folder / "policy.toml"
    file.write_text(PACKAGED.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    return file


def test_an_object_in_is_an_object_out(tmp_path: Path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(SILENT), encoding="utf-8")
    result = run(decide, "--facts", str(facts), *ON)
    assert result.exit_code == 0
    assert set(json.loads(result.stdout)) == {"contact", "verdict", "last_dialogue", "next", "because"}
    assert json.loads(result.stdout)["verdict"] == "review"


def test_a_list_in_is_a_list_out_in_order():
    people = [{**SILENT, "contact": {**SILENT["contact"], "id": name}} for name in ("3", "1", "2")]
    result = run(decide, "--facts", "-", *ON, given=json.dumps(people))
    assert [verdict["contact"] for verdict in json.loads(result.stdout)] == ["3", "1", "2"]


def test_nobody_in_is_nobody_out():
    assert json.loads(run(decide, "--facts", "-", *ON, given="[]").stdout) == []


def test_swedish_is_printed_as_it_is_written():
    assert "\\u00" not in run(decide, "--facts", "-", *ON, given=json.dumps(SILENT)).stdout


def test_half_a_character_goes_out_as_it_came_in():
    person = {**SILENT, "contact": {**SILENT["contact"], "id": "\ud800"}}
    result = run(decide, "--facts", "-", *ON, given=json.dumps(person))
    assert json.loads(result.stdout)["contact"] == "\ud800"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param("{", "is not JSON", id="no JSON"),
        pytest.param("[" * 100_000, "is not JSON", id="a bottomless list"),
        pytest.param("3", "facts is 3", id="a number for a person"),
        pytest.param('[{"contact": {"id": "1"}}, {"contact": {}}]', "[1] contact.id", id="one of many without an id"),
        pytest.param('{"contact": {"id": "1", "created_on": "soon"}}', "'soon'", id="a day that is none"),
    ],
)
def test_facts_that_cannot_be_read_are_refused_in_one_line(given: str, said: str):
    result = run(decide, "--facts", "-", *ON, given=given)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    result = run(decide, "--facts", str(tmp_path / "none.json"), *ON)
    assert result.exit_code == 1
    assert "none.json: cannot be read" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--facts", "-"), id="no day"),
        pytest.param(ON, id="no facts"),
        pytest.param(("--facts", "-", "--on", "yesterday"), id="a day that is none"),
    ],
)
def test_a_call_that_makes_no_sense_is_a_usage_error(words: Sequence[str]):
    assert run(decide, *words, given="[]").exit_code == 2


def test_the_policy_comes_from_the_environment(tmp_path: Path):
    result = run(decide, "--facts", "-", *ON, given="[]", policy=armed(tmp_path))
    assert result.exit_code == 1
    assert "did you mean 'armed'?" in result.stderr


def test_the_option_comes_before_the_environment(tmp_path: Path):
    words = ("--facts", "-", *ON, "--policy", str(PACKAGED))
    assert run(decide, *words, given="[]", policy=armed(tmp_path)).exit_code == 0


def test_the_packaged_policy_passes_its_check():
    result = run(policy_group, "check")
    assert result.exit_code == 0
    assert "no errors" in result.stdout


def test_a_ladder_that_cannot_stand_fails_the_check(tmp_path: Path):
    file = armed(tmp_path, ("archive_months = 21", "archive_months = 15"))
    result = run(policy_group, "check", "--json", policy=file)
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["ok"] is False
    assert [finding["key"] for finding in told["findings"]] == ["retention.ladder.archive_months"]


def test_a_warning_alone_does_not_fail_the_check(tmp_path: Path):
    result = run(policy_group, "check", policy=armed(tmp_path, ('timed_out = "bin"', 'timed_out = "gdpr-delete"')))
    assert result.exit_code == 0
    assert result.stdout.startswith("warning: destruction.timed_out: ")


def test_a_policy_that_cannot_be_read_fails_the_check(tmp_path: Path):
    result = run(policy_group, "check", policy=armed(tmp_path))
    assert result.exit_code == 1
    assert "destruction.armd" in result.stderr


def test_each_sentence_is_shown_with_what_keeps_it():
    shown = json.loads(run(policy_group, "show", "--json").stdout)["sentences"]
    assert all(row["kept_by"] or row["no_rule"] for row in shown)
    assert next(row for row in shown if row["id"] == "S31")["kept_by"] == ["duties.weeding"]


def test_sentences_are_shown_to_people():
    shown = run(policy_group, "show").stdout
    assert "S35  Märk förfrågan GDPR." in shown
    assert "no rule: It explains a word and promises nothing." in shown


def test_the_last_day_is_printed():
    assert run(due, "--received", "2026-03-05").stdout == "2026-04-07\n"


def test_the_last_day_of_an_extended_request_is_printed():
    assert run(due, "--received", "2026-11-30", "--extended").stdout == "2027-03-01\n"


def test_the_last_day_comes_with_its_reasons():
    told = json.loads(run(due, "--received", "2026-03-05", "--json").stdout)
    assert told["due_on"] == "2026-04-07"
    assert told["steps"][-1] == {
        "on": "2026-04-07",
        "text": {"sv": "Sista dagen att svara.", "en": "The last day to answer."},
    }


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param("2026-02-30", 2, id="a day that is none"),
        pytest.param("9999-12-01", 1, id="a day at the end of the calendar"),
    ],
)
def test_a_day_that_cannot_be_counted_from_is_refused(day: str, code: int):
    result = run(due, "--received", day)
    assert result.exit_code == code
    assert result.stdout == ""
