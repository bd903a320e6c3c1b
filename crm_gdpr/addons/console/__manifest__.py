"""The pages for support and for the data protection officer."""

from crm_gdpr.addon import Addon
from crm_gdpr.addons.console.pages import blueprint

addon = Addon(
    name="console",
    summary="See why each person is kept, approve plans, answer requests.",
    depends=("register", "dialogue", "retention", "access", "usage", "objection", "provenance", "erasure"),
    blueprints=(blueprint,),
)
