"""Adds to a `.env` file every secret that docker-compose.yml asks for and the file doesn't have yet."""

import base64
import re
import secrets
import sys
from pathlib import Path

COMPOSE_FILE = Path(__file__).parent.parent / "docker-compose.yml"


def missing(compose: str, environment: str) -> list[str]:
    """Names of the variables, written `${NAME:?}`, without which the stack doesn't start."""
    required = re.findall(r"\$\{(\w+):\?\}", compose)
    present = re.findall(r"^(\w+)=", environment, re.MULTILINE)
    return sorted(set(required) - set(present))


def secret_for(name: str) -> str:
    """A key is 32 bytes in base64; anything else is a password that may stand in an address."""
    if "_KEY" in name:
        return base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(24)


def complete(file: Path) -> None:
    """Write the missing secrets at the end of the file, which its owner alone may read."""
    file.touch(mode=0o600)
    names = missing(COMPOSE_FILE.read_text(), file.read_text())
    with file.open("a") as lines:
        lines.writelines(f"{name}={secret_for(name)}\n" for name in names)


if __name__ == "__main__":
    complete(Path(sys.argv[1]))
