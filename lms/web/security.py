"""What every answer says to the browser about trust, and which posts are not listened to."""

from __future__ import annotations

from flask import Flask, Response, abort, request

from lms.config import Settings
from lms.http.same_origin import is_same_site

# Nothing inline, nothing from elsewhere, no page of ours in a frame (but one, see ``let_our_pages_frame``). ``data:``
# is left out on purpose: no page of ours needs it.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers older than frame-ancestors
    "Referrer-Policy": "same-origin",  # with no-referrer, our own forms would say "Origin: null"
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# In a hall's plain http, browsers ignore these and complain about it.
HTTPS_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}


def install(app: Flask, settings: Settings) -> None:
    # Where two slashes stand for one, Werkzeug would send people to an address made of the Host header.
    app.url_map.merge_slashes = False

    @app.before_request
    def refuse_what_no_address_holds() -> None:
        if "\0" in request.path or b"%00" in request.query_string:  # PostgreSQL would stumble over it
            abort(404)

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method == "POST" and not is_same_site(_lower(), settings.public_url, request.host):
            abort(403)

    said = HEADERS | (HTTPS_HEADERS if settings.https else {})

    @app.after_request
    def say_headers(response: Response) -> Response:
        own = {name: value for name, value in response.headers if name in said}  # a route may say it otherwise
        response.headers.extend({name: value for name, value in said.items() if name not in own} if own else said)
        return response


def let_our_pages_frame(response: Response) -> Response:
    """Allow this answer, as no other is, in a frame on a page of ours; other sites may lay no page around it either.

    That a page of ours may hold a frame of ours ``default-src`` says.
    """
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _lower() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
