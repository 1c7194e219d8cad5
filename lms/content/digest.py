"""Digests of content, to notice changes and to derive stable ids."""

from __future__ import annotations

import hashlib


def digest(*parts: str) -> str:
    """SHA-256 of the parts as 64 hex digits; ("ab", "c") and ("a", "bc") differ."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
