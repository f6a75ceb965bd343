"""A web site on loopback that does what it is told, and names that lead where a test wants them to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """Answers by path; ``seen`` are the requests, as path and header fields."""

    port: int = 0
    replies: dict[str, Reply] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(self, path: str, body: bytes = b"", status: int = 200, **fields: str) -> None:
        """Answer ``path`` with ``body``; ``Content_Type="text/plain"`` is a header field."""

        def reply(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            sent = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
            for name, value in {**sent, **{key.replace("_", "-"): value for key, value in fields.items()}}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        self.replies[path] = reply

    def lead(self, path: str, location: str, status: int = 302) -> None:
        """Redirect ``path``."""
        self.serve(path, status=status, Location=location)

    def paths(self) -> list[str]:
        return [path for path, _ in self.seen]


def server_of(site: Site) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.seen.append((self.path, dict(self.headers)))
            reply = site.replies.get(self.path)
            try:
                if reply is None:
                    self.send_error(404)
                else:
                    reply(self)
            except OSError:
                self.close_connection = True  # the fetcher hung up, as some tests want it to

        def log_message(self, *_: Any) -> None: ...

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None: ...

    return Server(("127.0.0.1", 0), Handler)


@contextmanager
def serving() -> Iterator[Site]:
    """A site that is there for the length of the block."""
    site = Site()
    server = server_of(site)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Names:
    """A resolver with names of its own; ``asked`` are the names it was asked for."""

    known: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int, **_: Any) -> list[tuple[Any, Any, int, str, Any]]:
        self.asked.append(host)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [
            (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in self.known[host]
        ]
