"""What is kept about people, where, why and how long: the base of every other addon (Art. 30)."""

from crm_gdpr.addon import Addon, Check, Holding, Job
from crm_gdpr.addons.register.journal import journal_kept, keep_journal, rewrite_journal
from crm_gdpr.addons.register.record import purposes_known
from crm_gdpr.policy import Text

HUBSPOT = "HubSpot: contact"
LADDER = Text(
    sv="Kunder: så länge relationen varar. Andra: 12-24 månader efter den senaste dialogen.",
    en="Customers: while the relationship lasts. Others: 12-24 months after the last dialogue.",
)


def kept_in_hubspot(category: str, sv: str, en: str) -> Holding:
    """A category of the notice, kept on the contact for as long as the contact is."""
    return Holding(
        category=category,
        title=Text(sv=sv, en=en),
        purpose="sales",
        legal_basis="legitimate_interest",
        where=HUBSPOT,
        period=LADDER,
    )


def kept_by_us(category: str, sv: str, en: str, where: str, period: Text) -> Holding:
    """Something we must keep ourselves to do right and to prove it (Art. 5(2))."""
    return Holding(
        category=category,
        title=Text(sv=sv, en=en),
        purpose="keep_records_right",
        legal_basis="legal_obligation",
        where=f"store: {where}",
        period=period,
    )


addon = Addon(
    name="register",
    summary="Purposes, categories and recipients; the record of processing activities.",
    holdings=(
        kept_in_hubspot("contact_details", "Kontaktuppgifter", "Contact details"),
        kept_in_hubspot("correspondence", "Dialog med personen", "Dialogue with the person"),
        kept_by_us(
            "ledger",
            "Loggbok över åtgärder, med nyckel-hash i stället för namn",
            "Ledger of what was done, with keyed hashes instead of names",
            "ledger",
            Text(sv="5 år", en="5 years"),
        ),
        kept_by_us(
            "journal",
            "Journal bredvid databasen: nej, raderingsärenden och begäranden, utan namn och adresser",
            "Journal beside the store: objections, erasure cases and requests, without names and addresses",
            "journal, a file apart from the database",
            Text(sv="Som i databasen; skrivs om varje natt.", en="As in the store; rewritten every night."),
        ),
    ),
    jobs=(
        Job(name="register.keep_journal", run=keep_journal, cron="*/10 * * * *", queue="interactive"),
        Job(name="register.rewrite_journal", run=rewrite_journal, cron="10 5 * * *"),
    ),
    checks=(Check(what="purposes", look=purposes_known), Check(what="journal", look=journal_kept)),
)
