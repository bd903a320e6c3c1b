"""What the app asks HubSpot's leave for, and what each scope is for.  A call that none of these covers fails a test."""

from collections.abc import Mapping

SCOPES: Mapping[str, str] = {
    "communication_preferences.read_write": "a no to mailings is read, and made to hold",
    "conversations.read": "a request that comes by chat, and a person's conversations in their answer",
    "conversations.write": "an erased person's conversations go with them",
    "crm.lists.read": "which lists hold somebody who said no",
    "crm.lists.write": "take them off",
    "crm.objects.companies.read": "whether a person's organisation is a customer",
    "crm.objects.contacts.read": "contacts and their activities, and every webhook about a contact",
    "crm.objects.contacts.write": "tags, notes and tasks; archiving and permanent deletion",
    "crm.objects.deals.read": "an open deal keeps its people",
    "crm.objects.owners.read": "who is to be asked",
    "crm.schemas.companies.read": "whether our company properties are there",
    "crm.schemas.companies.write": "install our company properties",
    "crm.schemas.contacts.read": "whether our contact properties are there",
    "crm.schemas.contacts.write": "install our contact properties",
    "crm.schemas.deals.read": "whether our deal properties are there",
    "crm.schemas.deals.write": "install our deal properties",
    "files": "delete the files attached to an erased person's engagements",
    "forms": "which forms a person sent in, and what with, in their answer",
    "oauth": "read which account the token belongs to; what the website noticed of a person, in their answer",
    "sales-email-read": "the direction and subject of logged e-mail",
    "tickets": "requests under the GDPR arrive as tickets",
}
WHERE_LICENSED: Mapping[str, str] = {  # asked for only in an account that has it
    "crm.objects.subscriptions.read": "a running subscription keeps its people",
    "crm.objects.commercepayments.read": "what is tied to a payment is kept for bookkeeping though its person goes",
    "crm.objects.invoices.read": "what is tied to an invoice is kept for bookkeeping though its person goes",
    "crm.objects.quotes.read": "what is tied to a quote is kept for claims though its person goes",
    "crm.objects.contacts.highly_sensitive.read.v2": "highly sensitive properties of a person in their answer",
    "crm.objects.contacts.sensitive.read.v2": "sensitive properties of a person in their answer",
    "communication_preferences.statuses.batch.read": "the mailings of a hundred people in one call",
}
