"""The properties that show whether a person has been told that we hold their data."""

from crm_gdpr.addon import Option, Property
from crm_gdpr.policy import Text

CATEGORY = "notice"
DUE, GIVEN, EVIDENCE, STATE, BLOCKS = (
    "gdpr_notice_due_on",
    "gdpr_notice_given_on",
    "gdpr_notice_evidence",
    "gdpr_notice_state",
    "gdpr_notice_blocks",
)
BY_PHONE, INFORMED, VERSION = "gdpr_notice_by_phone_on", "gdpr_informed_on", "gdpr_notice_version"
TRANCHE, TRANCHE_ON = "gdpr_notice_tranche", "gdpr_notice_tranche_on"
DISCLOSED, LINK = "gdpr_disclosed_on", "gdpr_notice_link"
OURS = Text(sv="Räknas ut varje natt.", en="Computed every night.")

STATES = (
    Option(value="told", label=Text(sv="Informerad", en="Told")),
    Option(value="open", label=Text(sv="Ska informeras", en="To be told")),
    Option(value="soon", label=Text(sv="Ska informeras inom fem dagar", en="To be told within five days")),
    Option(value="overdue", label=Text(sv="Försenad", en="Overdue")),
    Option(value="given_up", label=Text(sv="Inte informerad i tid", en="Not told in time")),
    Option(value="backlog", label=Text(sv="Väntar på samlat utskick", en="Waits for the bulk notice")),
    Option(value="unknown", label=Text(sv="Insamlingsdag okänd", en="Day of collection unknown")),
)


def shown(name: str, sv: str, en: str, help_: Text = OURS, type_: str = "string") -> Property:
    return Property(
        name=name,
        label=Text(sv=sv, en=en),
        help=help_,
        type=type_,
        options=STATES if type_ == "enumeration" else (),
        personal=True,
        category=CATEGORY,
    )


PROPERTIES = (
    shown(DUE, "Informeras senast", "To be told by", type_="date"),
    shown(GIVEN, "Informerad den", "Told on", type_="date"),
    shown(EVIDENCE, "Belägg för informationen", "Evidence of the notice"),
    shown(STATE, "Informationsplikt", "Duty to inform", type_="enumeration"),
    shown(
        BLOCKS,
        "Marknadsföring spärrad: inte informerad",
        "Marketing blocked: not told",
        Text(
            sv="Uteslut i utskick; själva informationen får skickas.",
            en="Leave out of mailings; the notice may be sent.",
        ),
        "bool",
    ),
    shown(
        BY_PHONE,
        "Informationen gavs i samtal den",
        "Notice given in a call on",
        Text(sv="Fyll i när du läst upp informationen i ett samtal.", en="Fill in when you gave the notice in a call."),
        "date",
    ),
    shown(
        INFORMED,
        "Redan informerad den",
        "Already informed on",
        Text(sv="Personen hade informationen redan (artikel 14.5 a).", en="The person had it already (Art. 14(5)(a))."),
        "date",
    ),
    shown(
        VERSION,
        "Informationens version i formuläret",
        "Version of the notice in the form",
        Text(sv="Dolt fält i formulär som visar informationen.", en="Hidden field of forms that show the notice."),
    ),
    shown(
        DISCLOSED,
        "Lämnad vidare den",
        "Passed on to others on",
        Text(
            sv="Dagen då uppgifterna först lämnades till någon annan: personen ska ha informerats senast då.",
            en="The day the data was first passed on to others: the person must have been told by then.",
        ),
        "date",
    ),
    shown(
        LINK,
        "Länk för att säga nej",
        "Link to say no",
        Text(sv="Sätts in i informationen till personen.", en="Put into the notice to the person."),
    ),
    shown(TRANCHE, "Samlat utskick, omgång", "Bulk notice, tranche"),
    shown(TRANCHE_ON, "Samlat utskick den", "Bulk notice on", type_="date"),
)
NAMES = tuple(each.name for each in PROPERTIES)
