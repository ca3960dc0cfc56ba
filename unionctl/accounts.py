"""Makes the first two administrators of a platform, who make every other account through the gateway."""

import re
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click

from chassis.actor import SYSTEM, Actor, Grant
from chassis.errors import DeadlineExceeded, Refused, ServiceUnavailable
from contracts.roles import Role
from demo.accounts import ADMINISTRATORS
from unionctl.errors import PlatformError
from unionctl.platform import Platform
from unionctl.sentences import words

#: The operator as the one who looks at accounts and may change none.
_AUDITOR = Actor(SYSTEM.id, (Grant(Role.AUDITOR),))
#: How often the gateway is asked for an answer at most, and seconds between: that a service is away is told at once.
TRIES, PAUSE = 3, 1.0
#: Where a refusal names a field of one of the administrators.
_FIELD = re.compile(r"administrators\.(\d)\.")


class AccountsExist(PlatformError):
    """The platform has accounts already and none was made; its administrators make others through the gateway."""


@click.group("accounts")
def accounts() -> None:
    """Make the first accounts."""


@accounts.command("bootstrap")
@click.argument("first", default=ADMINISTRATORS[0])
@click.argument("second", default=ADMINISTRATORS[1])
@click.option("--print", "once", is_flag=True, help="Print the passwords, this once, and write them nowhere.")
@click.pass_obj
def bootstrap(platform: Platform, first: str, second: str, once: bool) -> None:
    """Make the first two security administrators.

    Their passwords are written below the run directory.
    """
    names = [first, second]
    if first.casefold() == second.casefold():
        raise click.UsageError(f"Two people are needed, and {second} is the same name twice.")
    if _has_accounts(platform):
        raise AccountsExist
    fresh = [] if once else [name for name in names if not has_password(platform, name)]
    chosen = {name: _random() for name in names} if once else passwords(platform, names)
    for name in names:
        # before the accounts are made: the answer may be lost, and nobody could be told the passwords then
        click.echo(f"{name}  {chosen[name] if once else f'password in {_file(platform, name)}'}")
    try:
        _make(platform, chosen)
    except Refused as error:
        for name in fresh:
            _file(platform, name).unlink()
        raise _sentence(error, names) from error


def make_administrators(platform: Platform, first: str, second: str) -> bool:
    """Make two administrators; False if the platform has accounts already."""
    if _has_accounts(platform):
        return False
    _make(platform, passwords(platform, [first, second]))
    return True


def passwords(platform: Platform, usernames: Sequence[str]) -> Mapping[str, str]:
    """The password of each account, made on first use."""
    return {username: password(platform, username) for username in usernames}


def password(platform: Platform, username: str) -> str:
    """The password that is kept for an account below the run directory."""
    return platform.directory.secret(secret_name(username), _random)


def has_password(platform: Platform, username: str) -> bool:
    """Whether a password is kept for an account."""
    return _file(platform, username).exists()


def kept(platform: Platform) -> list[str]:
    """Names of the accounts whose passwords are kept."""
    prefix, suffix = secret_name("*").split("*")
    files = platform.directory.secret_file(secret_name("*"))
    return sorted(unquote(file.name[len(prefix) : -len(suffix)]) for file in files.parent.glob(files.name))


def secret_name(username: str) -> str:
    """Name of the file that holds an account's password; a name with a slash leads nowhere else."""
    return f"account-{username.replace('%', '%25').replace('/', '%2F')}.password"


def _has_accounts(platform: Platform) -> bool:
    return bool(_ask(platform, _AUDITOR, "gateway.list_accounts", {"limit": 1})["items"])


def _make(platform: Platform, chosen: Mapping[str, str]) -> None:
    administrators = [{"username": username, "password": password} for username, password in chosen.items()]
    _ask(platform, SYSTEM, "gateway.bootstrap_accounts", {"administrators": administrators})


def _ask(platform: Platform, actor: Actor, wire_name: str, request: Mapping[str, Any]) -> Any:
    """Ask the gateway what may be asked twice, and again where no answer came: a machine may be busy at the start."""
    with platform.operator(actor) as operator:
        for _ in range(TRIES - 1):
            with suppress(DeadlineExceeded, ServiceUnavailable):
                return operator.call(wire_name, request=request)
            time.sleep(PAUSE)
        return operator.call(wire_name, request=request)


def _sentence(refused: Refused, names: Sequence[str]) -> PlatformError:
    """Which name is refused and why, in the catalogue's words."""
    if refused.code == "accounts_exist":
        return AccountsExist()
    told = [
        f"{names[int(match[1])]}: {text}" if (match := _FIELD.match(field)) else text for field, text in words(refused)
    ]
    return PlatformError(" ".join([*dict.fromkeys(told), "No account was made."]))


def _file(platform: Platform, username: str) -> Path:
    return platform.directory.secret_file(secret_name(username))


def _random() -> str:
    return secrets.token_urlsafe(18)
