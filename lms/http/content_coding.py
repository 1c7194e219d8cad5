"""The content codings that a client accepts (RFC 9110, 12.5.3)."""

from __future__ import annotations

from functools import lru_cache

CODINGS = ("br", "gzip")  # that this site has, the one that compresses most first


@lru_cache(maxsize=64)  # browsers send a handful of headers
def accepted_codings(header: str) -> tuple[str, ...]:
    """Those of ``CODINGS`` that an Accept-Encoding header accepts, in their order; one of weight 0 is refused."""
    is_accepted: dict[str, bool] = {}
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        name, _, weight = parameter.partition("=")
        is_accepted[coding.strip()] = name.strip() != "q" or bool(weight.strip(" 0."))
    return tuple(coding for coding in CODINGS if is_accepted.get(coding, is_accepted.get("*", False)))
