"""Makes the first two administrators of a platform, who make every other account through the gateway."""

import secrets
from collections.abc import Mapping

import click

from chassis.errors import Refused
from chassis.operator import Operator
from contracts import catalogue
from demo.accounts import ADMINISTRATORS
from unionctl.errors import PlatformError
from unionctl.platform import Platform


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
    """Make the first two security administrators; their passwords are written below the run directory."""
    names = [first, second]
    chosen = {name: _random() for name in names} if once else passwords(platform, names)
    for name in names:
        # before the accounts are made: the answer may be lost, and nobody could be told the passwords then
        place = f"password in {platform.directory.path}/secrets/{secret_name(name)}"
        click.echo(f"{name}  {chosen[name] if once else place}")
    try:
        made = _make(platform, chosen)
    except Refused as error:
        raise PlatformError(_sentences(error)) from error
    if not made:
        raise AccountsExist


def make_administrators(platform: Platform, first: str, second: str) -> bool:
    """Make two administrators; False if the platform has accounts already."""
    return _make(platform, passwords(platform, [first, second]))


def _make(platform: Platform, chosen: Mapping[str, str]) -> bool:
    administrators = [{"username": username, "password": password} for username, password in chosen.items()]
    with Operator(platform.amqp_uri("unionctl")) as operator:
        try:
            operator.call("gateway.bootstrap_accounts", request={"administrators": administrators})
        except Refused as error:
            if error.code == "accounts_exist":
                return False
            raise
    return True


def _sentences(refused: Refused) -> str:
    codes = [row["code"] for row in refused.errors] or [refused.code]
    return " ".join(catalogue.text(code, "en") for code in dict.fromkeys(codes))


def passwords(platform: Platform, usernames: list[str]) -> Mapping[str, str]:
    """The password of each account, made on first use."""
    return {username: password(platform, username) for username in usernames}


def password(platform: Platform, username: str) -> str:
    """The password that is kept for an account below the run directory."""
    return platform.directory.secret(secret_name(username), _random)


def _random() -> str:
    return secrets.token_urlsafe(18)


def secret_name(username: str) -> str:
    """Name of the file that holds an account's password."""
    return f"account-{username}.password"
