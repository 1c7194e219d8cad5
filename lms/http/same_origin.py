"""Whether a post comes from our own pages: what learners' forms have instead of a CSRF token."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


def is_same_site(headers: Mapping[str, str], public_url: str, host: str) -> bool:
    """Judge a request that changes something by what only a browser can set.

    ``headers`` answers to lower-case names; ``host`` is the request's Host. Browsers send ``Sec-Fetch-Site`` to
    secure addresses only, so in a hall's plain http ``Origin`` decides, and ``Referer`` where that is missing.
    A request without any of the three comes from no browser page of today; SameSite=Lax keeps the learner's cookie
    out of it.
    """
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    ours = {public_url.lower(), f"http://{host}".lower(), f"https://{host}".lower()}
    origin = headers.get("origin")
    if origin is not None:
        return origin.lower() in ours
    referer = headers.get("referer")
    if referer:
        parts = urlsplit(referer)
        return f"{parts.scheme}://{parts.netloc}".lower() in ours
    return True
