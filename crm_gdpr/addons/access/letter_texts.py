"""The letters, for counsel to read in one place.  `{…}` is filled in; a letter never quotes what HubSpot holds."""

from __future__ import annotations

from crm_gdpr.policy import Text

HELLO = Text(sv="Hej,", en="Hello,")
COMPLAIN = Text(
    sv="Du kan klaga hos Integritetsskyddsmyndigheten (www.imy.se) och få saken prövad i domstol.",
    en="You may complain to the Swedish Authority for Privacy Protection (www.imy.se) and take the matter to court.",
)
REGARDS = Text(sv="Vänliga hälsningar\n{controller}, {contact}", en="Kind regards\n{controller}, {contact}")


def letter(sv: str, en: str, *, complaint: bool = False) -> Text:
    """A whole letter from what it has to say."""
    middle = (Text(sv=sv, en=en), *((COMPLAIN,) if complaint else ()))
    parts = (HELLO, *middle, REGARDS)
    return Text(sv="\n\n".join(part.sv for part in parts), en="\n\n".join(part.en for part in parts))


FOR_SUPPORT = {
    "received": Text(sv="Bekräftelse att skicka till personen", en="Acknowledgement to send to the person"),
    "identity": Text(
        sv="Länk som bekräftar adressen: skicka den bara till adressen som anges",
        en="Link that confirms the address: send it only to the address named",
    ),
    "answer": Text(
        sv="Skicka bara till en adress som fanns registrerad innan begäran kom in",
        en="Send only to an address that was on file before the request came in",
    ),
    "nothing": Text(sv="Svar att skicka: inget finns", en="Answer to send: nothing is held"),
    "nothing_but_no": Text(sv="Svar att skicka: bara en invändning finns", en="Answer to send: only a no is held"),
    "extended": Text(sv="Besked om förlängd tid att skicka", en="Notice of the extension to send"),
    "refused": Text(sv="Avslag att skicka", en="Refusal to send"),
    "erased": Text(sv="Besked om radering att skicka", en="Notice of the erasure to send"),
    "corrected": Text(sv="Besked om rättelse att skicka", en="Notice of the correction to send"),
    "restricted": Text(sv="Besked om begränsning att skicka", en="Notice of the restriction to send"),
    "unrestricting": Text(
        sv="Skicka innan begränsningen hävs (artikel 18.3)", en="Send before the restriction is lifted (Art. 18(3))"
    ),
    "objected": Text(sv="Besked om invändningen att skicka", en="Notice about the objection to send"),
}
LETTERS = {
    "received": letter(
        "Vi har tagit emot din begäran: {right}. Den kom in den {received} och vi svarar senast den {due}. Behöver vi "
        "veta mer för att vara säkra på att det är du som frågar hör vi av oss.",
        "We have received your request: {right}. It came in on {received}, and we answer by {due} at the latest. If we "
        "need to know more to be sure that it is you who asks, we write to you.",
    ),
    "identity": letter(
        "Någon, troligen du, har frågat oss om uppgifter som gäller den här adressen: {right}. Bekräfta på sidan bakom "
        "länken att det är du. Har du inte frågat behöver du inte göra något.\n\n{link}\n\nLänken fungerar en gång, "
        "till och med {day}.",
        "Somebody, probably you, has asked us about data that concerns this address: {right}. Confirm on the page "
        "behind the link that it is you. If you did not ask, you need not do anything.\n\n{link}\n\nThe link works "
        "once, until {day}.",
    ),
    "answer": letter(
        "Svaret på din begäran är klart: {right}. Du hämtar det på sidan bakom länken.\n\n{link}\n\nLänken fungerar en "
        "gång, till och med {day}. Säg till om du hellre vill ha svaret på annat sätt.",
        "The answer to your request is ready: {right}. You fetch it on the page behind the link.\n\n{link}\n\nThe link "
        "works once, until {day}. Tell us if you would rather have the answer another way.",
        complaint=True,
    ),
    "nothing": letter(
        "Du har frågat vilka personuppgifter vi behandlar om dig. Vi har sökt i vårt kundregister och behandlar inga "
        "uppgifter om dig, utom din begäran och vårt svar, som sparas i 24 månader för att kunna visa att vi svarat.",
        "You asked which personal data we process about you. We searched our customer register and process no data "
        "about you, except your request and our answer, kept for 24 months to be able to show that we answered.",
        complaint=True,
    ),
    "nothing_but_no": letter(
        "Du har frågat vilka personuppgifter vi behandlar om dig. Vi har sökt i vårt kundregister och behandlar inga "
        "uppgifter om dig, utom din begäran och vårt svar, som sparas i 24 månader för att kunna visa att vi svarat, "
        "och din invändning: en kod som räknats fram ur din adress, så att vi känner igen den och inte kontaktar dig "
        "igen. Koden kan inte läsas tillbaka till adressen, och sparas så länge invändningen gäller.",
        "You asked which personal data we process about you. We searched our customer register and process no data "
        "about you, except your request and our answer, kept for 24 months to be able to show that we answered, and "
        "your objection: a code computed from your address, so that we know it again and do not contact you. The code "
        "cannot be read back to the address, and is kept for as long as the objection stands.",
        complaint=True,
    ),
    "extended": letter(
        "Din begäran, {right}, kom in den {received}. Vi behöver mer tid och svarar senast den {due}. Skälet är: {why}",
        "Your request, {right}, came in on {received}. We need more time and answer by {due} at the latest. The reason "
        "is: {why}",
        complaint=True,
    ),
    "refused": letter(
        "Vi gör inte det du begärt: {right}. Skälet är: {why}",
        "We do not do what you asked for: {right}. The reason is: {why}",
        complaint=True,
    ),
    "erased": letter(
        "Vi har raderat dina uppgifter ur våra system. {kept} Mottagare som får veta det: {recipients}. Din begäran "
        "och det här svaret sparas i 24 månader för att kunna visa att vi svarat.",
        "We have erased your data from our systems. {kept} Recipients who are told: {recipients}. Your request and "
        "this answer are kept for 24 months to be able to show that we answered.",
        complaint=True,
    ),
    "corrected": letter(
        "Vi har gått igenom din begäran om rättelse. Rättat: {names}. Vi underrättar dem som också har uppgifterna: "
        "{recipients}.",
        "We have gone through your request for correction. Corrected: {names}. We tell those who have the data too: "
        "{recipients}.",
        complaint=True,
    ),
    "restricted": letter(
        "Behandlingen av dina uppgifter är begränsad från och med i dag: de lagras, men används inte till något annat "
        "än det du samtycker till eller det som behövs för rättsliga anspråk. Grund: {ground}. Du får veta det innan "
        "begränsningen hävs.",
        "Processing of your data is restricted from today: it is stored, but used for nothing else than what you "
        "consent to or what legal claims need. Ground: {ground}. You are told before the restriction is lifted.",
    ),
    "unrestricting": letter(
        "Vi tänker häva begränsningen av behandlingen av dina uppgifter tidigast den {day}. Skälet är: {why}",
        "We shall lift the restriction of processing of your data, on {day} at the earliest. The reason is: {why}",
        complaint=True,
    ),
    "objected": letter(
        "Vi har noterat din invändning. Du får ingen mer marknadsföring från oss. Uppgifterna raderas enligt våra "
        "rutiner; det vi behöver för att respektera din invändning sparas så länge den gäller.",
        "We have recorded your objection. You get no more marketing from us. The data is erased by our routines; what "
        "we need to respect your objection is kept for as long as it stands.",
        complaint=True,
    ),
}
