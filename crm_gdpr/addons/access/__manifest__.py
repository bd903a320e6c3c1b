"""What we hold about a person, and everything that must come with it (Art. 12, 15)."""

from crm_gdpr.addon import Addon, ExportSection, Job, Subscription
from crm_gdpr.addons.access.export import erase, read
from crm_gdpr.addons.access.handlers import ticket_opened
from crm_gdpr.addons.access.jobs import forget, prepare
from crm_gdpr.addons.access.views import blueprint
from crm_gdpr.addons.register.__manifest__ import kept_by_us
from crm_gdpr.policy import Text

addon = Addon(
    name="access",
    summary="Answer the people who ask what is stored about them.",
    depends=("register",),
    subscriptions=(Subscription(event_type="ticket.creation", handler=ticket_opened),),
    jobs=(
        Job(name="access.prepare", run=prepare, queue="interactive"),
        Job(name="access.forget", run=forget, cron="45 4 * * *"),
    ),
    blueprints=(blueprint,),
    export_sections=(
        ExportSection(
            title=Text(sv="Dina begäranden och vad vi gjort", en="Your requests and what we have done"),
            read=read,
            erase=erase,
        ),
    ),
    holdings=(
        kept_by_us(
            "requests",
            "Begäranden om rättigheter",
            "Requests about rights",
            "requests",
            Text(sv="24 månader efter att begäran avslutats", en="24 months after the request was closed"),
        ),
        kept_by_us(
            "packages",
            "Registerutdrag som väntar på att hämtas eller nyss hämtats",
            "Access answers waiting to be collected, or just collected",
            "packages",
            Text(
                sv="14 dagar efter hämtning, 30 dagar om utdraget inte hämtas",
                en="14 days after delivery, 30 days when it is not collected",
            ),
        ),
    ),
)
