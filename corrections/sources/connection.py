"""One HTTP connection to an address that was checked, with an end in time to everything on it."""

import http.client
import io
import socket
import ssl
import time
from typing import Any

from corrections.sources.addresses import Target


class _TimedReader(io.RawIOBase):
    """Reads from a connection until a moment, not for a time each: a server that drips bytes is cut off as well."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection, self._until = connection, until
        self._raw = connection.makefile("rb", buffering=0)  # keeps the connection open when http.client lets go of it

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Into ``buffer``, as long as there is time."""
        self._connection.settimeout(left(self._until))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let go of the connection."""
        self._raw.close()
        super().close()

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 - as http.client calls it
        """All that http.client asks of a socket it reads from."""
        return io.BufferedReader(self)


def left(until: float) -> float:
    """The seconds left until a moment of ``time.monotonic()``. Raises TimeoutError when there are none."""
    if (seconds := until - time.monotonic()) <= 0:
        raise TimeoutError
    return seconds


class Connection(http.client.HTTPConnection):
    """To an address that was checked, whatever the name resolves to by now; the certificate is that of the name."""

    def __init__(self, target: Target, until: float, context: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port)
        self._target, self._until, self._context = target, until, context

    def connect(self) -> None:
        """To the first of the checked addresses that answers."""
        plain = self._opened()
        try:
            if self._target.scheme == "https":
                plain.settimeout(left(self._until))
                self.sock = self._context.wrap_socket(plain, server_hostname=self._target.host.strip("[]"))
            else:
                self.sock = plain
        except BaseException:
            plain.close()
            raise

    def _opened(self) -> socket.socket:
        failure: OSError | None = None
        for family, address in self._target.sockets:
            plain = socket.socket(family, socket.SOCK_STREAM)
            try:
                plain.settimeout(left(self._until))
                plain.connect(address)
            except OSError as error:
                plain.close()
                failure = error
            else:
                return plain
        raise failure or TimeoutError

    def response_class(  # type: ignore[override]  # http.client has a class here and calls it like this
        self, sock: Any, *args: Any, **named: Any
    ) -> http.client.HTTPResponse:
        """The answer, read in time."""
        reader: Any = _TimedReader(sock, self._until)
        return http.client.HTTPResponse(reader, *args, **named)
