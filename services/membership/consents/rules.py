"""What makes a consent worth something, and how it ends; nothing here reads or writes."""

from dataclasses import dataclass
from datetime import date

from contracts.membership.consents import ConsentState, Purpose
from kernel.law import Refusal
from kernel.states import NEW, Machine, Transition


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards decide on. Days are local to Asia/Shanghai."""

    today: date
    granted_on: date
    purpose: str
    recipient: str | None = None
    #: Whether the text was handed out then.
    text_in_use: bool = True
    withdrawn_on: date | None = None


def may_be_granted(facts: Facts) -> Refusal | None:
    """By today, to a text that was in use (个人信息保护法 arts 14, 17); data are shared with whom it names (art 23)."""
    if facts.granted_on > facts.today:
        return Refusal("date_in_future", "granted_on", params={"today": facts.today.isoformat()})
    if not facts.text_in_use:
        return Refusal("consent_missing", "text_version")
    shares = facts.purpose == Purpose.SHARING
    if shares and facts.recipient is None:
        return Refusal("recipient_missing", "recipient")
    return Refusal("recipient_needless", "recipient") if facts.recipient and not shares else None


def may_be_withdrawn(facts: Facts) -> Refusal | None:
    """On any day from the consent to today, and for no reason (个人信息保护法 art 15)."""
    assert facts.withdrawn_on is not None
    if facts.withdrawn_on > facts.today:
        return Refusal("date_in_future", "withdrawn_on", params={"today": facts.today.isoformat()})
    return Refusal("ends_before_start", "withdrawn_on") if facts.withdrawn_on < facts.granted_on else None


#: The life of a consent; whoever agrees again gives another one.
CONSENT = Machine(
    "consent",
    NEW,
    (
        Transition(NEW, "grant", ConsentState.GRANTED, may_be_granted, "consent_granted"),
        Transition(ConsentState.GRANTED, "withdraw", ConsentState.WITHDRAWN, may_be_withdrawn, "consent_withdrawn"),
    ),
)
