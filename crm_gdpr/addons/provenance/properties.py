"""The properties that carry a contact's source, ground and class."""

from crm_gdpr.addon import Option, Property
from crm_gdpr.policy import Text

CATEGORY = "provenance"

SOURCES = (
    Option(value="outreach", label=Text(sv="Vi sökte upp personen", en="We looked the person up")),
    Option(value="inbound", label=Text(sv="Personen kontaktade oss", en="The person contacted us")),
    Option(value="website", label=Text(sv="Via webbplatsen", en="Through the website")),
    Option(value="customer", label=Text(sv="Kontakt hos kund", en="Contact at a customer")),
    Option(value="request", label=Text(sv="Begäran om rättigheter", en="A request about rights")),
    Option(value="other", label=Text(sv="Annan (leverantör, sökande ...)", en="Other (supplier, applicant ...)")),
    Option(value="unknown", label=Text(sv="Okänd", en="Unknown")),
)
CLASSES = (
    Option(value="employee", label=Text(sv="Anställd hos juridisk person", en="Employee of a legal person")),
    Option(value="role_mailbox", label=Text(sv="Funktionsadress (info@)", en="Role mailbox (info@)")),
    Option(value="natural_person", label=Text(sv="Privatperson", en="Natural person")),
    Option(value="sole_trader", label=Text(sv="Enskild näringsidkare", en="Sole trader")),
)
MARKETING = (
    Option(value="opt_out", label=Text(sv="Tillåten tills personen säger nej", en="Allowed until the person says no")),
    Option(value="consented", label=Text(sv="Tillåten med samtycke", en="Allowed by consent")),
    Option(value="blocked", label=Text(sv="Spärrad: samtycke saknas", en="Blocked: no consent")),
)
OURS = Text(sv="Sätts av crm_gdpr.", en="Set by crm_gdpr.")


def personal(name: str, label: Text, help_: Text, type_: str = "string", options: tuple[Option, ...] = ()) -> Property:
    return Property(name=name, label=label, help=help_, type=type_, options=options, personal=True, category=CATEGORY)


PROPERTIES = (
    personal(
        "gdpr_source",
        Text(sv="Källa (GDPR)", en="Source (GDPR)"),
        Text(
            sv="Hur personens uppgifter kom till oss. Det du väljer här gäller.",
            en="How the person's data came to us. What you choose here stands.",
        ),
        "enumeration",
        SOURCES,
    ),
    personal(
        "gdpr_source_evidence",
        Text(sv="Belägg för källan", en="Evidence for the source"),
        Text(sv="Regeln som träffade och fälten den läste.", en="The rule that matched and what it read."),
    ),
    personal(
        "gdpr_sources",
        Text(sv="Alla källor", en="All sources"),
        Text(sv="Varje källa personen har haft.", en="Every source the person has had."),
    ),
    personal(
        "gdpr_found_at",
        Text(sv="Hittad på (webbadress)", en="Found at (web address)"),
        Text(
            sv="Den öppna webbsida där uppgifterna fanns; fylls i av säljaren.",
            en="The public page the data was found on; filled in by sales.",
        ),
    ),
    personal(
        "gdpr_collected_on",
        Text(sv="Insamlad den", en="Collected on"),
        Text(sv="Dagen då uppgifterna kom in.", en="The day the data came in."),
        "date",
    ),
    personal(
        "gdpr_legal_basis",
        Text(sv="Rättslig grund", en="Lawful basis"),
        Text(
            sv="Grunden enligt artikel 6 för varje ändamål. Det du skriver här gäller.",
            en="The ground of Art. 6 for each purpose. What you write here stands.",
        ),
    ),
    personal(
        "gdpr_lia_version",
        Text(sv="Intresseavvägning", en="Balancing test"),
        Text(sv="Versionen som grunden vilar på.", en="The version that the ground rests on."),
    ),
    personal(
        "gdpr_policy_version",
        Text(sv="Policyversion", en="Policy version"),
        Text(sv="Versionen som märkningen följer.", en="The version that the tags follow."),
    ),
    personal(
        "gdpr_class",
        Text(sv="Slag av person", en="Class of person"),
        Text(
            sv="Avgör om e-postreklam kräver samtycke. Det du väljer här gäller.",
            en="Decides whether e-mail marketing needs consent. What you choose here stands.",
        ),
        "enumeration",
        CLASSES,
    ),
    personal(
        "gdpr_email_marketing",
        Text(sv="E-postreklam", en="E-mail marketing"),
        Text(sv="Följer slaget av person (19 § MFL).", en="Follows the class of person (19 § MFL)."),
        "enumeration",
        MARKETING,
    ),
    personal("gdpr_overruled", Text(sv="Ändrat av en människa", en="Decided by a person"), OURS),
    personal("gdpr_tagged_as", Text(sv="Senaste märkning", en="Last tags"), OURS),
)
