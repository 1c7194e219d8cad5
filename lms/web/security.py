"""Security headers of every response, and the same-origin check of POSTs."""

from __future__ import annotations

from flask import Flask, Response, abort, request

from lms.config import Settings
from lms.http.errors import CrossSiteRequest
from lms.http.same_origin import is_same_origin
from lms.web.request_context import settings as current_settings

# Nothing inline, nothing from elsewhere, no page of ours in a frame. ``data:`` is left out on
# purpose: no page of ours needs it.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "same-origin",  # with no-referrer, our own forms would send "Origin: null"
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Over plain http, as in a hall, browsers ignore these and log a warning.
HTTPS_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}


def init_app(app: Flask, settings: Settings) -> None:
    # Without this, Werkzeug redirects ``//path`` to a URL built from the Host header.
    app.url_map.merge_slashes = False

    @app.before_request
    def reject_null_bytes() -> None:
        if "\0" in request.path or b"%00" in request.query_string:  # PostgreSQL raises an error for it
            abort(404)

    @app.before_request
    def check_same_origin() -> None:
        if request.method == "POST" and not is_same_origin(
            public_url=current_settings().public_url,
            host=request.host,
            fetch_site=request.headers.get("Sec-Fetch-Site"),
            origin=request.headers.get("Origin"),
            referer=request.referrer,
        ):
            raise CrossSiteRequest

    headers = tuple((SECURITY_HEADERS | (HTTPS_HEADERS if settings.https else {})).items())

    @app.after_request
    def add_headers(response: Response) -> Response:
        present = {name.lower() for name, _ in response.headers}
        response.headers.extend([(name, value) for name, value in headers if name.lower() not in present])
        return response
