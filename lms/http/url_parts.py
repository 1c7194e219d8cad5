"""Addresses that a request names in its headers, which anybody may have written."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


def split_url_or_empty(url: str) -> SplitResult:
    """The parts of a URL, all empty if it is malformed, such as "http://[::1"."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")
