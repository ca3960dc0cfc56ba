"""Makes the first two administrators of a platform, who make every other account through the gateway."""

import secrets
from collections.abc import Mapping

import click
from rich.console import Console

from chassis.errors import Refused
from chassis.operator import Operator
from demo.accounts import ADMINISTRATORS
from unionctl.errors import PlatformError
from unionctl.platform import Platform

console = Console()


class AccountsExist(PlatformError):
    """The platform has accounts already; its administrators make the others through the gateway."""


@click.group("accounts")
def accounts() -> None:
    """Make the first accounts."""


@accounts.command("bootstrap")
@click.argument("first", default=ADMINISTRATORS[0])
@click.argument("second", default=ADMINISTRATORS[1])
@click.pass_obj
def bootstrap(platform: Platform, first: str, second: str) -> None:
    """Make the first two security administrators; their passwords are written below the run directory."""
    if not make_administrators(platform, first, second):
        raise AccountsExist
    for username in (first, second):
        console.print(f"{username}  password in {platform.directory.path}/secrets/{secret_name(username)}")


def make_administrators(platform: Platform, first: str, second: str) -> bool:
    """Make two administrators; False if the platform has accounts already."""
    administrators = [{"username": name, "password": password(platform, name)} for name in (first, second)]
    with Operator(platform.amqp_uri("unionctl")) as operator:
        try:
            operator.call("gateway.bootstrap_accounts", request={"administrators": administrators})
        except Refused as error:
            if error.code == "accounts_exist":
                return False
            raise
    return True


def passwords(platform: Platform, usernames: list[str]) -> Mapping[str, str]:
    """The password of each account, made on first use."""
    return {username: password(platform, username) for username in usernames}


def password(platform: Platform, username: str) -> str:
    """The password that is kept for an account below the run directory."""
    return platform.directory.secret(secret_name(username), lambda: secrets.token_urlsafe(18))


def secret_name(username: str) -> str:
    """Name of the file that holds an account's password."""
    return f"account-{username}.password"
