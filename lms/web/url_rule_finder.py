"""Find the URL rule of a request, which says what was asked without a code, a slip or a name."""

from __future__ import annotations

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map
from werkzeug.routing.exceptions import RequestRedirect

from lms.logs.request_info import UNMATCHED

# What the ASGI endpoints answer without Flask.
_ASGI_RULES = ("/healthz", "/readyz", "/metrics", "/lop/dong")
_EVENTS_RULE = "/toi/luot/<attempt_id>/su-kien"


class UrlRuleFinder:
    """Called with a method and a path; returns a rule, or UNMATCHED."""

    def __init__(self, url_map: Map) -> None:
        self._routes = url_map.bind("")

    def __call__(self, method: str, path: str) -> str:
        if path in _ASGI_RULES:
            return path
        if path.startswith("/static/"):
            return "/static/<path>"
        try:
            rule, _ = self._routes.match(path, method, return_rule=True)
            return rule.rule
        except RequestRedirect:  # a slash too many
            return UNMATCHED
        except HTTPException:
            is_events = path.startswith("/toi/luot/") and path.endswith("/su-kien")
            return _EVENTS_RULE if is_events else UNMATCHED
