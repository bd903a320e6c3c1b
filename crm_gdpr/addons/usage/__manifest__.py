"""Website and service usage: given to the person who asks, and let go of in time (Art. 5(1)(e))."""

from crm_gdpr.addon import Addon, Check, ExportSection, Holding, Job
from crm_gdpr.addons.usage.applying import apply_plan
from crm_gdpr.addons.usage.export import erase, read
from crm_gdpr.addons.usage.planning import look, plan_night
from crm_gdpr.policy import Text

addon = Addon(
    name="usage",
    summary="Export and let go of website and service usage, in HubSpot and in the company's own databases.",
    depends=("register", "dialogue"),
    jobs=(
        Job(name="usage.plan", run=plan_night, cron="30 4 * * *"),
        Job(name="usage.apply", run=apply_plan),
    ),
    export_sections=(
        ExportSection(
            title=Text(sv="Hur du använt hemsidan och tjänsterna", en="How you used the website and the services"),
            read=read,
            erase=erase,
        ),
    ),
    checks=(Check(what="usage tables", look=look),),
    holdings=(
        Holding(
            category="usage",
            title=Text(sv="Användarinformation", en="Usage"),
            purpose="website",
            legal_basis="legitimate_interest",
            where="HubSpot: contact; the company's own databases",
            period=Text(
                sv="IP-adress och enhet 90 dagar, interaktioner 12 månader; tidigare vid invändning, radering eller "
                "när relationen upphör. HubSpots egen statistik om besök följer kontakten.",
                en="IP address and device 90 days, interactions 12 months; earlier at an objection, an erasure, or "
                "the end of the relationship. HubSpot's own figures on visits go with the contact.",
            ),
        ),
    ),
)
