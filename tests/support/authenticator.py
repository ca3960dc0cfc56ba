"""An authenticator app as RFC 6238 describes it, with nothing of the gateway's."""

import hashlib
import hmac
import time
from base64 import b32decode
from dataclasses import dataclass

#: Seconds that an app shows a code.
STEP = 30


@dataclass(frozen=True)
class App:
    """An app that was given a secret in base32."""

    secret: str

    def code(self, steps: int = 0) -> str:
        """The code that it shows, or showed or will show so many codes away."""
        moment = int(time.time()) // STEP + steps
        mac = hmac.digest(b32decode(self.secret), moment.to_bytes(8), hashlib.sha1)
        start = mac[-1] & 0xF
        return f"{(int.from_bytes(mac[start : start + 4]) & 0x7FFFFFFF) % 10**6:06}"

    def wrong(self) -> str:
        """A code that it shows neither now nor soon nor lately."""
        shown = {self.code(steps) for steps in range(-2, 3)}
        return next(code for code in (f"{number:06}" for number in range(10)) if code not in shown)
