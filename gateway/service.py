"""The gateway's table of contents, and the HTTP server in front of its application."""

from functools import partial
from typing import Any

import eventlet
import eventlet.wsgi
from nameko.extensions import DependencyProvider

from chassis import union_tree
from chassis.core import Core
from chassis.service import Service
from chassis.tree import projected
from gateway import accounts, clock, sessions, settings
from gateway.assembly import assemble
from gateway.base import Base
from gateway.engine.environment import HANG_UP
from gateway.sessions.sweeping import sweep_forever

#: Connections at once; further ones wait in the backlog. The application bounds the requests at work.
CONNECTIONS = 2000
#: Seconds that an idle connection is kept, and that a client may pause within a request.
KEEP_ALIVE, PATIENCE = 75, 15
#: Bytes of a request line and of one header that are read at all; the application refuses less, and in proper form.
LONGEST_LINE = 32 * 1024
#: Bytes of a refused body that are read and dropped before the connection ends, and of them at a time.
DISCARDED, _PIECE = 8 * 1024 * 1024, 64 * 1024

# eventlet takes these from its module alone; an access token with many grants needs more than its 8 KiB
eventlet.wsgi.MAX_HEADER_LINE = LONGEST_LINE
eventlet.wsgi.MAX_TOTAL_HEADER_SIZE = 4 * LONGEST_LINE


class _Protocol(eventlet.wsgi.HttpProtocol):
    """Ends a connection instead of reading on through a body that nobody wants, however long it claims to be."""

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ[HANG_UP] = self._hang_up
        if "CONTENT_LENGTH" in environ:  # given twice it is no number, and the application refuses it
            environ["CONTENT_LENGTH"] = ", ".join(self.headers.get_all("content-length"))
        stream = environ["eventlet.input"]
        stream.discard = partial(self._discard, stream)
        return environ

    def _hang_up(self) -> None:
        self.close_connection = 1

    def _discard(self, stream: Any) -> None:
        """Read what was refused, so that the client hears why, but not for ever."""
        for _ in range(DISCARDED // _PIECE):
            if not stream.read(_PIECE):
                return
        self._hang_up()


class HttpServer(DependencyProvider):
    """Serves HTTP beside the RPC that the operator's command line uses; each connection has a greenlet."""

    def setup(self) -> None:
        """Read the gateway's own settings."""
        self._settings = settings.load()
        self._pool = eventlet.GreenPool(CONNECTIONS)

    def start(self) -> None:
        """Begin to listen."""
        core = next(one for one in self.container.dependencies if isinstance(one, Core))
        calls = core.calls
        assert calls is not None, "the gateway asks services"
        assembly = assemble(
            core.database,
            core.runner,
            calls,
            lambda: calls.ready,
            trusted_proxies=self._settings.trusted_proxies,
        )
        spawn = self.container.spawn_managed_thread
        spawn(assembly.revocations.watch)
        spawn(lambda: sweep_forever(core.database))
        listener = eventlet.listen(self._settings.http_address, backlog=512, reuse_port=False)
        self._server = spawn(lambda: self._serve(listener, assembly.application))
        core.stop_first(self._drain)

    def _drain(self) -> None:
        """Take no more connections, and answer what was asked."""
        self._server.kill()
        self._pool.waitall()

    def get_dependency(self, worker_ctx: Any) -> None:
        """Nothing: workers are not what is served here."""

    def _serve(self, listener: Any, application: Any) -> None:
        eventlet.wsgi.server(
            listener,
            application,
            protocol=_Protocol,
            custom_pool=self._pool,
            keepalive=KEEP_ALIVE,
            socket_timeout=PATIENCE,
            url_length_limit=LONGEST_LINE,
            capitalize_response_headers=False,
            log_output=False,
            debug=False,
        )


class Gateway(Service):
    """Serves the gateway's capabilities, over HTTP and for the operator over RPC."""

    name = "gateway"
    capabilities = (union_tree, accounts, clock, sessions)
    core = Core(projected(), Base.metadata, asks=True)
    http = HttpServer()

    @staticmethod
    def check_settings() -> None:
        """Raise `InvalidSettings` if a setting of the gateway's own is wrong."""
        settings.load()
