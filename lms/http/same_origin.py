"""Check that a POST comes from a page of this site. Learners' forms rely on it, as they carry no CSRF token."""

from __future__ import annotations

from lms.http.url_parts import split_url_or_empty


def is_same_origin(
    *, public_url: str, host: str, fetch_site: str | None, origin: str | None, referer: str | None
) -> bool:
    """Whether a POST comes from a page of this site, by headers that only a browser can set.

    ``host`` is the Host header, ``fetch_site`` is Sec-Fetch-Site. Browsers send Sec-Fetch-Site only to secure URLs, so
    over plain http Origin decides, and Referer where that is missing. A request without any of the three does not come
    from a page in a current browser; SameSite=Lax keeps the learner cookie out of it.
    """
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    allowed = {public_url.lower(), f"http://{host}".lower(), f"https://{host}".lower()}
    if origin is not None:
        return origin.lower() in allowed
    if referer:
        parts = split_url_or_empty(referer)
        return f"{parts.scheme}://{parts.netloc}".lower() in allowed
    return True
