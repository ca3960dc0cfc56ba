"""Who gets a place, who waits, and what becomes of each registration; nothing here reads or writes."""

from dataclasses import dataclass

from contracts.events.activities import ActivityState
from contracts.events.registrations import RegistrationState as State
from kernel.law import Refusal
from kernel.states import NEW, Machine, Transition, from_each
from services.events.activities.rules import KINDS


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards decide on: the activity that somebody is registered for."""

    kind: str
    activity_state: str


def is_open(facts: Facts) -> Refusal | None:
    """The activity's kind takes registrations; it is announced and not yet held."""
    if not KINDS[facts.kind].registered:
        return Refusal("no_registration")
    return None if facts.activity_state == ActivityState.OPEN else Refusal("registration_closed")


def entry(quota: int | None, confirmed: int) -> str:
    """The command by which somebody is entered where so many have a place already."""
    return "register" if quota is None or confirmed < quota else "wait"


#: States in which somebody still hopes to come.
LIVE = (State.CONFIRMED, State.WAITLISTED)

#: The life of a registration. Its activity promotes, calls off, attends and misses; who waited to the end and did not
#: come goes on waiting.
REGISTRATION = Machine(
    "registration",
    NEW,
    (
        Transition(NEW, "register", State.CONFIRMED, is_open, "registration_confirmed"),
        Transition(NEW, "wait", State.WAITLISTED, is_open, "registration_waitlisted"),
        Transition(State.WAITLISTED, "promote", State.CONFIRMED, event="registration_promoted"),
        *from_each(LIVE, "cancel", State.CANCELLED, is_open, "registration_cancelled"),
        *from_each(LIVE, "call_off", State.CANCELLED, event="registration_cancelled"),
        *from_each(LIVE, "attend", State.ATTENDED),
        Transition(State.CONFIRMED, "miss", State.NO_SHOW),
    ),
)

#: The commands that people give; all others follow from what happens to the activity.
_GIVEN = frozenset({"cancel"})


def actions(state: str) -> tuple[str, ...]:
    """The commands that people can give in a state."""
    return tuple(command for command in REGISTRATION.actions(state) if command in _GIVEN)
