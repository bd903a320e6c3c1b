"""Communication preferences: what each address may be sent. Keyed by address, whether or not a contact has it.

Three vocabularies meet here and are kept apart: the seven legal bases of a subscription (``LEGAL_BASES``), the label
texts of the contact's ``hs_legal_basis``, and the law's own words, which are nobody's business in this account.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from crm_gdpr.emulator.errors import Malformed, NotFound

SUBSCRIBED, UNSUBSCRIBED, NOT_SPECIFIED = "SUBSCRIBED", "UNSUBSCRIBED", "NOT_SPECIFIED"
STATES = (SUBSCRIBED, UNSUBSCRIBED, NOT_SPECIFIED)
LEGAL_BASES = (
    *("CONSENT_WITH_NOTICE", "LEGITIMATE_INTEREST_CLIENT", "LEGITIMATE_INTEREST_OTHER", "LEGITIMATE_INTEREST_PQL"),
    *("NON_GDPR", "PERFORMANCE_OF_CONTRACT", "PROCESS_AND_STORE"),
)
PAGE = "Preference page"
PORTAL = 0
"""The business unit of an account without any; as the scope of an opt-out it is the whole account."""


@dataclass(frozen=True)
class SubscriptionType:
    """Something people can be sent, and may refuse by itself."""

    id: int
    name: str
    description: str
    purpose: str = "Marketing"
    is_active: bool = True
    is_internal: bool = False
    business_unit: int = PORTAL


@dataclass(frozen=True)
class Choice:
    """What was chosen, how, when and on what ground."""

    state: str
    source: str = PAGE
    at_ms: int = 0
    legal_basis: str | None = None
    explanation: str | None = None


TYPES = (
    SubscriptionType(1_101, "One to One", "Personal e-mail from our people", "Sales", is_internal=True),
    SubscriptionType(1_102, "Marketing Information", "Offers and invitations"),
    SubscriptionType(1_103, "Customer Service Communication", "Answers and news about the service", "Customer Service"),
    SubscriptionType(1_104, "Nyhetsbrev", "Our newsletter, once a month"),
)


@dataclass
class Preferences:
    """Subscription types, choices by address and type, and opt-outs by address and business unit."""

    types: dict[int, SubscriptionType] = field(default_factory=lambda: {one.id: one for one in TYPES})
    choices: dict[str, dict[int, Choice]] = field(default_factory=dict)
    opt_outs: dict[str, dict[int, Choice]] = field(default_factory=dict)

    def type(self, id_: int) -> SubscriptionType:
        if id_ not in self.types:
            raise NotFound("subscription", id_)
        return self.types[id_]

    def of_unit(self, unit: int | None) -> Iterator[SubscriptionType]:
        return (one for one in self.types.values() if unit in (None, one.business_unit))

    def knows(self, email: str) -> bool:
        return email in self.choices or email in self.opt_outs

    def opt_out(self, email: str, unit: int = PORTAL) -> Choice | None:
        """The standing refusal of everything, of the whole account or of one business unit."""
        return self.opt_outs.get(email, {}).get(unit)

    def covering(self, email: str, type_: SubscriptionType) -> tuple[int, Choice] | None:
        """The wide opt-out that decides for this type, the widest first."""
        for unit in (PORTAL, type_.business_unit):
            if refused := self.opt_out(email, unit):
                return unit, refused
        return None

    def choice(self, email: str, type_: SubscriptionType) -> Choice:
        """What holds for one type: a wide opt-out before the choice itself."""
        covering = self.covering(email, type_)
        if covering:
            return covering[1]
        return self.choices.get(email, {}).get(type_.id) or Choice(NOT_SPECIFIED, "Not specified")

    def choose(self, email: str, type_: SubscriptionType, new: Choice, *, lift: bool) -> str:
        """Store a choice and say what that did. Subscribing may lift a wide opt-out; the other types stay refused."""
        before = self.choice(email, type_).state
        if new.state == SUBSCRIBED and lift:
            self._lift(email, type_)
        self.choices.setdefault(email, {})[type_.id] = new
        after = self.choice(email, type_).state
        if before == after:
            return "NO_STATUS_CHANGE"
        return "RESUBSCRIBE_OCCURRED" if (before, after) == (UNSUBSCRIBED, SUBSCRIBED) else "REQUESTED_CHANGE_OCCURRED"

    def refuse_all(self, email: str, new: Choice, unit: int = PORTAL) -> None:
        self.opt_outs.setdefault(email, {})[unit] = new

    def forget(self, email: str) -> None:
        self.choices.pop(email, None)
        self.opt_outs.pop(email, None)

    def _lift(self, email: str, type_: SubscriptionType) -> None:
        """Nobody becomes subscribed by what was not asked for: each other type is refused by itself from now on."""
        while covering := self.covering(email, type_):
            unit, refused = covering
            for other in self.of_unit(None if unit == PORTAL else unit):
                self.choices.setdefault(email, {})[other.id] = refused
            del self.opt_outs[email][unit]


def wish(state: str, legal_basis: str | None, explanation: str | None, *, required: bool) -> Choice:
    """What a call asks for, its ground checked."""
    _check_basis(legal_basis, explanation, required=required)
    return Choice(state, "API", legal_basis=legal_basis, explanation=explanation)


def _check_basis(legal_basis: str | None, explanation: str | None, *, required: bool) -> None:
    """One of the seven, with its explanation, where data privacy settings are on."""
    if legal_basis is not None and legal_basis not in LEGAL_BASES:
        raise Malformed(f"legalBasis is one of {', '.join(LEGAL_BASES)}, not {legal_basis}")
    if required and not (legal_basis and explanation):
        raise Malformed("legalBasis and legalBasisExplanation are required: data privacy settings are on")
