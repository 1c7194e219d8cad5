"""How Flask tells the server which page it has made."""

from __future__ import annotations

ENVIRON_KEY = "lms.page"  # in a WSGI environ, and then in the scope of its request: the endpoint
