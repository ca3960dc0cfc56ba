"""A TCP proxy whose connections a test can leave half-open: both ends think that they are connected, nothing passes."""

import contextlib
import socket
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

#: Bytes passed on at a time.
_PIECE = 65536

Address = tuple[str, int]


class Proxy:
    """Listens on a free loopback port and passes everything on; give its `port` to whoever is to be cut off."""

    def __init__(self, target: Callable[[], Address]) -> None:
        """`target` is asked for each connection, so that a server may move while the proxy stays."""
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[_Pair] = []
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def instead_of(self, url: str) -> str:
        """The address of a server, by way of this proxy."""
        address = urlsplit(url)
        return address._replace(netloc=address.netloc.replace(f":{address.port}", f":{self.port}")).geturl()

    def go_silent(self) -> int:
        """Leave all present connections half-open for ever; gives how many. New ones work as ever."""
        talking = [pair for pair in self._pairs if not pair.silent and not pair.over]
        for pair in talking:
            pair.silent = True
        return len(talking)

    def cut(self) -> int:
        """End all present connections; gives how many. New ones work as ever."""
        talking = [pair for pair in self._pairs if not pair.over]
        for pair in talking:
            pair.cut()
        return len(talking)

    def close(self) -> None:
        """End everything."""
        with contextlib.suppress(OSError):
            # a mere close would leave the waiting `accept` to take one more connection
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for pair in self._pairs:
            pair.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target(), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self._pairs = [pair for pair in self._pairs if not pair.over]
            self._pairs.append(_Pair(near, far))


class _Pair:
    """The two connections that make one."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.silent = False
        self.over = False
        self._sockets = (near, far)
        for one in self._sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def cut(self) -> None:
        """End both."""
        self.over = True
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(_PIECE):
                # a silent pair takes what it is given and tells nobody
                if not self.silent:
                    sink.sendall(piece)
        if not self.silent:
            self.cut()
