"""The network between browser and server: a TCP relay that a test can cut, slow down, or cut in the middle of a response."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 65536


class Cable:
    """Listens at `address` and passes everything on to the server's port, until told otherwise.

    `delay`: seconds that each piece of a response takes longer. `lose_after(marker)`: the next request that holds the
    marker reaches the server, and its response is lost with the connection.
    """

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_cut = False
        self._marker: bytes | None = None
        self._keep = 0
        self.delay = 0.0
        self.lost = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """Break every connection, and each new one too, until it is mended."""
        self._is_cut = True
        with self._lock:
            broken, self._open = self._open, set()
        for each in broken:
            _break(each)

    def mend(self) -> None:
        self._is_cut = False

    def lose_after(self, marker: bytes, *, keep: int = 0) -> None:
        """Let the next request with the marker through and cut its response after `keep` bytes."""
        self.lost.clear()
        self._marker, self._keep = marker, keep

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        if self._is_cut:
            _break(client)
            return
        try:
            server = socket.create_connection(self._target, 5)
        except OSError:
            _break(client)
            return
        with self._lock:
            self._open |= {client, server}
        spoilt = threading.Event()
        threading.Thread(target=self._requests, args=(client, server, spoilt), daemon=True).start()
        self._responses(server, client, spoilt)

    def _requests(self, client: socket.socket, server: socket.socket, spoilt: threading.Event) -> None:
        with suppress(OSError):
            while piece := client.recv(_PIECE):
                marker = self._marker
                if marker is not None and marker in piece:
                    self._marker = None
                    spoilt.set()
                server.sendall(piece)
        _break(server)

    def _responses(self, server: socket.socket, client: socket.socket, spoilt: threading.Event) -> None:
        with suppress(OSError):
            while piece := server.recv(_PIECE):
                time.sleep(self.delay)
                if spoilt.is_set():
                    client.sendall(piece[: self._keep])
                    self.lost.set()
                    break
                client.sendall(piece)
        _break(server)
        _break(client)


def _break(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextmanager
def cable_to(port: int) -> Iterator[Cable]:
    cable = Cable(port)
    try:
        yield cable
    finally:
        cable.close()
