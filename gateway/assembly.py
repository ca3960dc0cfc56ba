"""Puts the gateway together: the contracts' routes, who may enter, and where each operation runs."""

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.middleware.proxy_fix import ProxyFix

from chassis.commands import Runner
from chassis.database import Database
from contracts import registry
from gateway.engine.application import Application, Asks
from gateway.engine.authentication import Authentication
from gateway.engine.documents import published
from gateway.engine.page import pages
from gateway.engine.probes import Probe
from gateway.engine.routing import Router
from gateway.own import OwnFirst
from gateway.sessions.revocation import Revocations
from gateway.sessions.tokens import access_tokens


@dataclass(frozen=True, slots=True)
class Assembly:
    """What a server needs of the gateway."""

    application: ProxyFix
    revocations: Revocations


def assemble(
    database: Database, runner: Runner, remote: Asks, ready: Callable[[], bool], *, trusted_proxies: int = 0
) -> Assembly:
    """Build the application. `ready` tells whether services can be asked. Raises InvalidSettings.

    Of so many proxies the last values of X-Forwarded-For are believed; without one the peer is the client.
    """
    revocations = Revocations(database)
    authentication = Authentication(access_tokens().verify, revocations)
    probes = (Probe("/live", _yes), Probe("/ready", lambda: revocations.fresh and ready()))
    router = Router(registry.operations().values(), (*published(), *pages(), *probes))
    asks = OwnFirst(runner, remote, revocations.look_if_possible)
    application = ProxyFix(Application(router, authentication, asks), x_for=trusted_proxies, x_proto=0)
    return Assembly(application, revocations)


def _yes() -> bool:
    return True
