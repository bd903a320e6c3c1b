"""policy.toml: what it says, and how a mistake in it is answered."""

from pathlib import Path

import pytest

from crm_gdpr.policy import Policy, PolicyError, load_policy
from crm_gdpr.policy.reading import PACKAGED

TEXT = PACKAGED.read_text(encoding="utf-8")
FIRST_ROW = 'when = { automatic = ["true"] }'


def load(text: str, folder: Path) -> Policy:
    file = folder / "policy.toml"
    file.write_text(text, encoding="utf-8")
    return load_policy(file)


def test_the_packaged_policy_is_read_without_a_path():
    assert load_policy() == load_policy(PACKAGED)


def test_nothing_is_armed_after_install():
    assert load_policy().destruction.armed is False


def test_prospects_are_kept_for_twelve_to_twenty_four_months():
    retention = load_policy().retention
    assert (retention.ladder.review_months, retention.ladder.archive_months, retention.ladder.erase_months) == (
        12,
        21,
        24,
    )
    assert retention.unanswered.erase_months == 12


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param(
            "armed = false", "armd = false", ("destruction.armd", "False", "did you mean 'armed'?"), id="a misspelt key"
        ),
        pytest.param("[breaker]", "[braker]", ("braker", "did you mean 'breaker'?"), id="a misspelt table"),
        pytest.param(
            'role = "processor"\n',
            'role = "processor"\nonly_for = ["saels"]\n',
            ("recipient.1.only_for.1", "saels", "sales"),
            id="a purpose that is none",
        ),
        pytest.param('role = "processor"\n', "", ("recipient.1.role", "is missing", "'processor'"), id="a missing key"),
        pytest.param('version = "2026-11"', "", ("version", "is missing", "text"), id="a missing key at the top"),
        pytest.param(
            "armed = false", 'armed = "no"', ("destruction.armed", "'no'", "true or false"), id="text for a yes or no"
        ),
        pytest.param(
            "review_months = 12",
            "review_months = 0",
            ("retention.ladder.review_months", "0", "from 1 to 1200"),
            id="no months",
        ),
        pytest.param(
            "review_months = 12",
            "review_months = 12.5",
            ("retention.ladder.review_months", "12.5", "whole number"),
            id="half a month",
        ),
        pytest.param(
            "review_months = 12",
            "review_months = true",
            ("retention.ladder.review_months", "True", "whole number"),
            id="a yes for a number",
        ),
        pytest.param(
            "max_share = 0.05",
            "max_share = 5",
            ("destruction.max_share", "5", "above 0, up to 1"),
            id="per cent for a share",
        ),
        pytest.param(
            "max_share = 0.05",
            "max_share = nan",
            ("destruction.max_share", "nan", "above 0, up to 1"),
            id="no number at all",
        ),
        pytest.param(
            'clock = "later_of_both"',
            'clock = "later-of-both"',
            ("retention.clock", "'later-of-both'", "'later_of_both', 'person'", "did you mean"),
            id="a word outside the list",
        ),
        pytest.param(
            'timed_out = "bin"',
            'timed_out = "trash"',
            ("destruction.timed_out", "'trash'", "'bin', 'gdpr-delete'"),
            id="an unknown way to destroy",
        ),
        pytest.param(
            'legal_basis = "legal_obligation"',
            'legal_basis = "legitimate_intrest"',
            ("purpose.4.legal_basis", "did you mean 'legitimate_interest'?"),
            id="a ground Art. 6 does not list",
        ),
        pytest.param(
            'timezone = "Europe/Stockholm"',
            'timezone = "Europe/Stockhlm"',
            ("controller.timezone", "'Europe/Stockhlm'", "time zone"),
            id="no such time zone",
        ),
        pytest.param(
            'timezone = "Europe/Stockholm"',
            'timezone = "../etc"',
            ("controller.timezone", "'../etc'"),
            id="a path for a time zone",
        ),
        pytest.param(
            'name = "ExOpen"', 'name = " "', ("controller.name", "' '", "text"), id="a controller without a name"
        ),
        pytest.param(
            'sv = "Vi talades vid.", en = "We spoke."',
            'sv = "Vi talades vid."',
            ("dialogue.7.why.en", "is missing"),
            id="a reason in one language",
        ),
        pytest.param(
            FIRST_ROW,
            'when = { automatc = ["true"] }',
            ("dialogue.1.when.automatc", "did you mean 'automatic'?"),
            id="a condition on no field",
        ),
        pytest.param(
            FIRST_ROW,
            "when = { automatic = [true] }",
            ("dialogue.1.when.automatic.1", "True", "text"),
            id="a condition that is no text",
        ),
        pytest.param(
            FIRST_ROW,
            'when = { automatic = "true" }',
            ("dialogue.1.when.automatic", "'true'", "a list"),
            id="a condition that is no list",
        ),
        pytest.param(
            FIRST_ROW,
            "when = { automatic = [] }",
            ("dialogue.1.when.automatic", "[]", "at least one"),
            id="a condition nothing meets",
        ),
        pytest.param(
            'disposition = ["connected"]',
            'disposition = ["conected"]',
            ("dialogue.7.when.disposition.1", "did you mean 'connected'?"),
            id="an unlisted disposition",
        ),
        pytest.param(
            'kind = "form"', 'kind = "fax"', ("dialogue.17.kind", "'fax'", "'form'"), id="an unlisted kind of event"
        ),
        pytest.param(
            'counts = "planned"',
            'counts = "maybe"',
            ("dialogue.12.counts", "'maybe'", "'planned'"),
            id="a dialogue that may be one",
        ),
        pytest.param(
            "when = { lifecyclestage =",
            "when = { lifecycle_stage =",
            ("source.12.when.lifecycle_stage", "did you mean 'lifecyclestage'?"),
            id="a source rule on a property it may not see",
        ),
        pytest.param(
            'source = "customer"',
            'source = "custommer"',
            ("source.5.source", "did you mean 'customer'?"),
            id="a source that is none",
        ),
        pytest.param(
            'demands = ["company", "role", "place"]',
            'demands = ["company", "rôle", "place"]',
            ("source.20.demands.2", "'rôle'", "'role'"),
            id="a demand on no word",
        ),
        pytest.param(
            'relation = ["former_customer"]',
            'relation = ["former customer"]',
            ("source.6.when.relation.1", "did you mean 'former_customer'?"),
            id="a word that has no such value",
        ),
        pytest.param(
            'purpose = "dealings"',
            'purpose = "dealing"',
            ("basis.8.purpose", "did you mean 'dealings'?"),
            id="a ground for no purpose",
        ),
        pytest.param(
            'person = ["employee", "role_mailbox"]',
            'person = ["employe", "role_mailbox"]',
            ("marketing.2.when.person.1", "did you mean 'employee'?"),
            id="marketing to nobody",
        ),
        pytest.param(
            "reviewed_on = 2026-10-01",
            'reviewed_on = "2026-10-01"',
            ("assessment.1.reviewed_on", "without quotes"),
            id="a day in quotes",
        ),
        pytest.param(
            'access = ["S25",',
            'access = ["S99",',
            ("duties.access.1", "'S99'", "[[notice]]"),
            id="a duty to no sentence",
        ),
        pytest.param(
            'keeps = ["S22", "S33"]',
            'keeps = ["S22", "S333"]',
            ("destruction.keeps.2", "'S333'", "did you mean 'S33'?"),
            id="a rule that cites no sentence",
        ),
        pytest.param('id = "S2"', 'id = "S1"', ("notice.2.id", "'S1'", "no other row"), id="a sentence numbered twice"),
        pytest.param(
            'name = "usage"',
            'name = "contact_details"',
            ("category.2.name", "no other row"),
            id="a category named twice",
        ),
        pytest.param("[controller]", "[[controller]]", ("controller", "a table"), id="a list for a table"),
        pytest.param(TEXT[TEXT.index("[breaker]") :], "", ("breaker", "is missing"), id="a missing table"),
    ],
)
def test_a_mistake_is_answered_with_its_key_its_value_and_what_is_allowed(
    right: str, wrong: str, said: tuple[str, ...], tmp_path: Path
):
    assert right in TEXT
    with pytest.raises(PolicyError) as refused:
        load(TEXT.replace(right, wrong, 1), tmp_path)
    message = str(refused.value)
    assert str(tmp_path / "policy.toml") in message
    assert [part for part in said if part not in message] == []


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path):
    with pytest.raises(PolicyError, match="is not TOML"):
        load("version = ", tmp_path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path / "none.toml")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path):
    file = tmp_path / "policy.toml"
    file.write_bytes("version = 'å'".encode("latin-1"))
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(file)
