"""Which codes are right, who needs a second factor and who may take one off; nothing here reads or writes."""

import re
import unicodedata
from base64 import b32encode
from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from contracts.gateway.second_factor import RemovalState
from contracts.roles import Role
from gateway.accounts.rules import Facts, by_another
from kernel.law import Refusal
from kernel.states import NEW, Machine, Transition

#: Digits of a code and seconds that it is shown: what authenticator apps take for granted, as they do SHA-1.
DIGITS, STEP = 6, 30
#: Codes before and after the present one that are taken too: clocks differ, and people type slowly (RFC 6238, 5.2).
DRIFT = 1
#: Random bytes of a secret: as many as its HMAC gives (RFC 4226, 4).
SECRET_BYTES = 20
#: Recovery codes of a factor, and random bytes of each: 16 characters in base32, too many to be tried.
RECOVERY_CODES, RECOVERY_BYTES = 10, 10
#: Roles in which nobody acts for others; whoever has another one needs a second factor (GB/T 22239-2019, 8.1.4.1 d).
WITHOUT_FACTOR = frozenset({Role.WORKER, Role.MEMBER})
#: The name under which apps list the account.
_ISSUER = "unionhall"
_SHOWN = re.compile(rf"[0-9]{{{DIGITS}}}")
_NO_MATTER = re.compile(r"[\s\-]+")


def needs_factor(roles: Iterable[Role]) -> bool:
    """Whether one of the roles asks for a second factor, where the platform does."""
    return not WITHOUT_FACTOR.issuperset(roles)


def normalised(code: str) -> str:
    """A code without the differences that do not matter: blanks, hyphens, case and width."""
    return _NO_MATTER.sub("", unicodedata.normalize("NFKC", code)).lower()


def is_shown(code: str) -> bool:
    """Whether a normalised code has the form of those that an app shows."""
    return _SHOWN.fullmatch(code) is not None


def step_of(secret: bytes, code: str, at: float) -> int | None:
    """The time step to which a normalised code belongs, near the machine time `at` in seconds, or None."""
    if not is_shown(code):
        return None
    present = int(at // STEP)
    steps = range(present + DRIFT, present - DRIFT - 1, -1)
    return next((step for step in steps if _shows(secret, code, step)), None)


def uri(secret: bytes, username: str) -> str:
    """What an authenticator app reads from a QR code: `otpauth://totp/…`."""
    return _app(secret).get_provisioning_uri(username, _ISSUER)


def spelled(random: bytes) -> str:
    """Random bytes as people type them, in base32."""
    return b32encode(random).decode()


def in_groups(random: bytes) -> str:
    """A recovery code as it is shown: `abcd-efgh-…`."""
    letters = spelled(random).lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def not_of_oneself(facts: Facts) -> Refusal | None:
    """Nobody takes off their own second factor: who can, need not, and who cannot may be somebody else."""
    return Refusal("own_second_factor") if facts.actor == facts.account_id else None


def by_another_not_of_oneself(facts: Facts) -> Refusal | None:
    """Neither by who made the proposal nor by the owner of the account."""
    return by_another(facts) or not_of_oneself(facts)


def _shows(secret: bytes, code: str, step: int) -> bool:
    try:
        _app(secret).verify(code.encode(), step * STEP)
    except InvalidToken:
        return False
    return True


def _app(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303 - HMAC-SHA-1 is sound, and all that most apps know


#: The life of the removal of a second factor. The proposer may refuse it too, and so withdraw it.
REMOVAL = Machine(
    "second_factor_removal",
    NEW,
    (
        Transition(NEW, "propose", RemovalState.PROPOSED, not_of_oneself),
        Transition(RemovalState.PROPOSED, "approve", RemovalState.DONE, by_another_not_of_oneself),
        Transition(RemovalState.PROPOSED, "refuse", RemovalState.REFUSED),
    ),
)
