"""Who asks, as the gateway itself knows it: the actor, and the session behind the token."""

from dataclasses import dataclass
from uuid import UUID

from chassis.actor import Actor


@dataclass(frozen=True, slots=True)
class Caller(Actor):
    """The account of an access token; a service is shown only the actor in it."""

    session_id: UUID
    #: Number of the account's epoch when the token was made; the account's grants or its right to enter end one.
    epoch: int
    #: Whether the account has to enrol a second factor before it may do anything else.
    must_enrol: bool = False


#: Who asks for a public operation; an id that no account and no timer has.
NOBODY = Actor(UUID(int=2**128 - 1), ())
