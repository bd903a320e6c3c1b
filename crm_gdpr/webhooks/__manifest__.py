"""The door as a contribution like any other: its page, its jobs, and what it keeps."""

from crm_gdpr.addon import Addon, Holding, Job
from crm_gdpr.policy import Text
from crm_gdpr.webhooks.door import blueprint
from crm_gdpr.webhooks.drain import answer, drain, forget, handle

addon = Addon(
    name="webhooks",
    summary="Take HubSpot's deliveries in, and let the other addons answer them.",
    blueprints=(blueprint,),
    jobs=(
        Job(name="webhooks.drain", run=drain, queue="interactive"),
        Job(name="webhooks.handle", run=handle, queue="interactive", many=True),
        Job(name="webhooks.answer", run=answer, queue="interactive", patient=True),
        Job(name="webhooks.forget", run=forget, cron="15 4 * * *"),
    ),
    holdings=(
        Holding(
            category="deliveries",
            title=Text(sv="Mottagna händelser från HubSpot", en="Events received from HubSpot"),
            purpose="keep_records_right",
            legal_basis="legitimate_interest",
            where="store: inbox",
            period=Text(
                sv="Tills de behandlats, oftast sekunder; det som inte kunde tolkas i 7 dagar.",
                en="Until handled, mostly seconds; what could not be understood for 7 days.",
            ),
        ),
    ),
)
