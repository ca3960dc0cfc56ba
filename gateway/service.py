"""The gateway's table of contents, and the HTTP server in front of its application."""

import errno
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BufferedReader
from socket import SHUT_WR
from typing import Any

import eventlet
import eventlet.wsgi
from nameko.extensions import DependencyProvider

from chassis import member_register, union_tree
from chassis.core import Core
from chassis.service import Service
from chassis.tree import projected
from gateway import accounts, clock, connections, second_factor, sessions, settings, union_life
from gateway.assembly import assemble
from gateway.base import Base
from gateway.engine import heads
from gateway.engine.chunks import Chunks
from gateway.engine.environment import HANG_UP, Environment
from gateway.sessions.sweeping import sweep_forever

#: Seconds that an idle connection is kept, that a whole head may take, and that a body may take beside its bytes' time.
KEEP_ALIVE, HEAD_TIME, BODY_TIME = 75, 10, 10
#: Bytes of a body that a client must send in a second, once `BODY_TIME` is used up.
SLOWEST = 64 * 1024
#: Bytes of a request line and of one header that are read at all; the application refuses less, and in proper form.
LONGEST_LINE = 32 * 1024
#: What is read and dropped of a request that was refused, so that the client hears why: bytes, at a time, and seconds.
DISCARDED, _PIECE, LINGER = 8 * 1024 * 1024, 64 * 1024, 5
#: Seconds that a stop leaves to clients who are still sending, and then to what they asked for.
LAST_WORDS, LAST_ANSWERS = 2, 12
#: Connections that are given up together when there is no room for new ones, and seconds until that is seen.
_GIVEN_UP, _PAUSE = 20, 0.01
#: Why a connection cannot be accepted now; later, others can.
_PASSING = {
    errno.ECONNABORTED,
    errno.ECONNRESET,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOBUFS,
    errno.ENOMEM,
    errno.EPERM,
    errno.EPROTO,
}

# eventlet takes these from its module alone; an access token with many grants needs more than its 8 KiB
eventlet.wsgi.MAX_HEADER_LINE = LONGEST_LINE
eventlet.wsgi.MAX_TOTAL_HEADER_SIZE = 4 * LONGEST_LINE


class _Body(eventlet.wsgi.Input):
    """A request's body. eventlet's own reader takes lines of any length, and numbers in odd spellings."""

    def __init__(self, made: Any, incoming: connections.Incoming) -> None:
        super().__init__(
            made.rfile, made.content_length, made.get_socket(), made.wfile, made.wfile_line, made.chunked_input
        )
        self._incoming = incoming
        self._chunks = Chunks(made.rfile)
        self._begun = False

    @property
    def unread(self) -> bool:
        """Whether some of it is still to come."""
        return not self._chunks.ended if self.chunked_input else self.position < self.content_length

    def read(self, length: int) -> bytes:
        """Some bytes, as they come. Raises TimeoutError, OSError and BrokenChunks."""
        if not self._begun:
            self._begun = True
            self._incoming.begin(BODY_TIME, SLOWEST)
        piece = self._chunk(length) if self.chunked_input else self._do_read(self.rfile.read1, length)
        if not self.unread:
            self._incoming.rest()
        return bytes(piece)

    def discard(self) -> None:
        """Nothing: where there is a rest, the connection ends."""

    def _chunk(self, length: int) -> bytes:
        if self.should_send_hundred_continue:
            self.send_hundred_continue_response()
            self.is_hundred_continue_response_sent = True
        return self._chunks.read(length)


class _Protocol(eventlet.wsgi.HttpProtocol):
    """Reads heads and bodies within bounds, and ends each connection on which another request cannot safely follow."""

    rfile: Any
    reject_bad_requests = False  # the application does, in proper form

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self._incoming = connections.Incoming(self.connection, self.server.socket.connections)
        self.rfile = BufferedReader(self._incoming)
        self._idle_time = HEAD_TIME  # whoever connects has something to say
        self._refused = False

    def handle_one_request(self) -> None:
        super().handle_one_request()
        self._idle_time = KEEP_ALIVE

    def _read_request_line(self) -> bytes:
        received = self._incoming.received
        self._incoming.begin(self._idle_time)
        with suppress(OSError):
            if self.rfile.peek(1):
                if self._incoming.received == received:
                    eventlet.sleep(0)  # who sends many requests at once lets others in between
                self._incoming.begin(HEAD_TIME)
                line: bytes = self.rfile.readline(LONGEST_LINE)
                if len(line) < LONGEST_LINE:
                    return line
                self._refuse("uri_too_long")
        return b""

    def parse_request(self) -> bool:
        try:
            heads.check_request_line(self.raw_requestline)
            self.rfile = heads.HeaderLines(self.rfile)  # eventlet puts the real one back
            understood: bool = super().parse_request()
        except heads.Malformed:
            return self._refuse("malformed_request")
        except (eventlet.wsgi.HeaderLineTooLong, eventlet.wsgi.HeadersTooLarge):
            return self._refuse("headers_too_large")
        if understood:
            self.path = self.requestline.split(" ")[1]  # Python makes one slash of two at its head
        self._incoming.rest()
        return understood

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse in proper form; `message` holds what the client sent, which belongs into no log."""
        self._refuse("headers_too_large" if code == 431 else "malformed_request")

    def get_environ(self) -> Environment:
        environ: Environment = super().get_environ()
        environ[HANG_UP] = self._hang_up
        environ["SERVER_PROTOCOL"] = self.request_version
        if "CONTENT_LENGTH" in environ:
            environ["CONTENT_LENGTH"] = heads.lengths(self.headers)
        environ["wsgi.input"] = environ["eventlet.input"] = _Body(environ["eventlet.input"], self._incoming)
        return environ

    def finish(self) -> None:
        if self._refused:
            with suppress(OSError):
                self._linger()
        self._incoming.rest()
        super().finish()

    def _refuse(self, code: str) -> bool:
        self.wfile.write(heads.refusal(code))
        self._hang_up()
        return False

    def _hang_up(self) -> None:
        self._refused = True
        self.close_connection = 1

    def _linger(self) -> None:
        """Read on for a while: to close at once would reset the connection, and the client might not hear why."""
        self.wfile.flush()
        self.connection.shutdown(SHUT_WR)
        self._incoming.begin(LINGER)
        for _ in range(DISCARDED // _PIECE):
            if not self.rfile.read1(_PIECE):
                return


class _Listener:
    """Accepts connections, and makes room for them; that none can be accepted now is no reason to end."""

    def __init__(self, listening: Any, pool: Any) -> None:
        self._listening = listening
        self._pool = pool
        self.connections = connections.Connections()
        self.family, self.getsockname, self.close = listening.family, listening.getsockname, listening.close

    def accept(self) -> Any:
        """The next connection and its address."""
        while True:
            try:
                accepted = self._listening.accept()
            except OSError as error:
                if error.errno not in _PASSING:
                    raise
                self._make_room()
            else:
                while self._pool.free() <= 0:
                    self._make_room()
                return accepted

    def _make_room(self) -> None:
        self.connections.give_up(_GIVEN_UP)
        eventlet.sleep(_PAUSE)


class HttpServer(DependencyProvider):
    """Serves HTTP beside the RPC that the operator's command line uses; each connection has a greenlet."""

    def setup(self) -> None:
        """Read the gateway's own settings."""
        self._settings = settings.load()

    def start(self) -> None:
        """Begin to listen."""
        core = next(one for one in self.container.dependencies if isinstance(one, Core))
        calls = core.calls
        assert calls is not None, "the gateway asks services"
        assembly = assemble(core.database, core.runner, calls, lambda: calls.ready)
        spawn = self.container.spawn_managed_thread
        spawn(assembly.revocations.watch)
        spawn(lambda: sweep_forever(core.database))
        listening = eventlet.listen(self._settings.http_address, backlog=connections.MOST, reuse_port=False)
        self.serve(listening, assembly.application, connections.room(), spawn)
        core.stop_first(self.drain)

    def serve(self, listening: Any, application: Any, most: int, spawn: Callable[[Callable[[], None]], Any]) -> None:
        """Answer on up to `most` connections; `spawn` starts what lives as long as the process."""
        self._pool = eventlet.GreenPool(most)
        self._listener = _Listener(listening, self._pool)
        self._server = spawn(lambda: self._serve(_ending(application)))

    def drain(self) -> None:
        """Take no more connections, hear out who is quick, and answer what was asked."""
        self._server.kill()
        with eventlet.Timeout(LAST_WORDS, False):
            self._pool.waitall()
        self._listener.connections.give_up()
        with eventlet.Timeout(LAST_ANSWERS, False):
            self._pool.waitall()

    def get_dependency(self, worker_ctx: Any) -> None:
        """Nothing: workers are not what is served here."""

    def _serve(self, application: Any) -> None:
        eventlet.wsgi.server(
            self._listener,
            application,
            protocol=_Protocol,
            custom_pool=self._pool,
            keepalive=KEEP_ALIVE,
            socket_timeout=connections.PATIENCE,
            url_length_limit=LONGEST_LINE + 1,
            capitalize_response_headers=False,
            log_output=False,
            debug=False,
        )


def _ending(application: Any) -> Any:
    """The application; an answer that did not wait for the whole body is the last on its connection."""

    def answer(environ: Environment, start_response: Any) -> Iterable[bytes]:
        pieces: Iterable[bytes] = application(environ, start_response)
        if environ["eventlet.input"].unread:
            environ[HANG_UP]()
        return pieces

    return answer


class Gateway(Service):
    """Serves the gateway's capabilities, over HTTP and for the operator over RPC."""

    name = "gateway"
    capabilities = (union_tree, member_register, accounts, clock, second_factor, sessions, union_life)
    core = Core(projected(), Base.metadata, asks=True)
    http = HttpServer()

    @staticmethod
    def check_settings() -> None:
        """Raise `InvalidSettings` if a setting of the gateway's own is wrong."""
        settings.load()
