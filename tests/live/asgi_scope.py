"""The scope of an ASGI request, for applications that are called without a server."""

from __future__ import annotations

SCOPE = {
    "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
    "path": "/", "root_path": "", "query_string": b"", "headers": [], "server": ("127.0.0.1", 80),
    "client": ("127.0.0.1", 1),
}  # fmt: skip
