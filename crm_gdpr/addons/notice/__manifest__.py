"""Tell each person in time that we hold their data, and know that they were told (Art. 13, 14, 21(4))."""

from crm_gdpr.addon import Addon, Check, ExportSection, Job
from crm_gdpr.addons.notice.clock import look
from crm_gdpr.addons.notice.export import read
from crm_gdpr.addons.notice.properties import CATEGORY, NAMES, PROPERTIES
from crm_gdpr.addons.notice.watching import not_told, text
from crm_gdpr.addons.register.__manifest__ import kept_in_hubspot
from crm_gdpr.policy import Text

TITLE = Text(sv="När du informerades", en="When you were told")

addon = Addon(
    name="notice",
    summary="Know by when each person must be told that we hold their data, and that they were.",
    depends=("register", "provenance", "retention", "objection"),
    properties=PROPERTIES,
    jobs=(Job(name="notice.look", run=look, cron="45 3 * * *"),),
    export_sections=(ExportSection(title=TITLE, read=read, covers=frozenset(NAMES)),),
    holdings=(kept_in_hubspot(CATEGORY, "Informationen till personen", "Informing the person"),),
    checks=(Check(what="people not told", look=not_told), Check(what="notice text", look=text)),
)
