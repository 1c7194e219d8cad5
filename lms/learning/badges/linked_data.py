"""Canonicalize JSON-LD documents: without network access, without dropping terms silently, and with a time limit."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lms.learning.json_types import JsonValue

CONTEXTS = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-3.0.3.json",
}
_NOWHERE = "https://nowhere.invalid/"  # relative ids resolve to this, and are rejected
MAX_SECONDS = 1.0  # for a document; ours take some 10 ms, a hostile one of 1 KB took 47 s


class NotCanonical(ValueError):
    """The document has terms that its contexts do not define, or takes too long."""


def canonicalize(document: Mapping[str, Any], *, contexts: Mapping[str, Any] | None = None) -> str:
    """The document as canonical N-Quads (RDFC-1.0). ``contexts``: additional ones, by URL.

    Raises:
        NotCanonical: a term, a type or an id is not defined, a value is null or empty, or a context is unknown, all
            of which would be missing from what is signed; or it takes too long.
    """
    from pyld import jsonld  # imported when it is needed: every start of the site would take 16 ms longer

    from lms.learning.badges.timed_canonicalization import TimedURDNA2015

    _reject_empty_values(document)
    options = {"documentLoader": _loader(contexts or {}), "processingMode": "json-ld-1.1", "base": _NOWHERE}
    processor = jsonld.JsonLdProcessor(on_property_dropped=_reject_undefined)
    try:
        expanded = processor.expand(document, options)
        _reject_relative_ids(expanded)
        dataset = processor.to_rdf(expanded, options)
        return TimedURDNA2015(time.monotonic() + MAX_SECONDS).main(dataset, {"format": "application/n-quads"})
    except (jsonld.JsonLdError, RecursionError, TimeoutError) as error:
        raise NotCanonical(str(error)) from error


@cache
def load_context(address: str) -> dict[str, Any]:
    """A published context, read from disk.

    Raises:
        KeyError: the address is not in ``CONTEXTS``.
    """
    return json.loads((Path(__file__).parent / "contexts" / CONTEXTS[address]).read_text("utf-8"))


def _loader(more: Mapping[str, Any]) -> Any:
    def load(address: str, _options: object) -> dict[str, Any]:
        if address not in CONTEXTS and address not in more:
            raise NotCanonical(f"unknown context {address!r}")
        document = more[address] if address in more else load_context(address)
        return {"contextUrl": None, "documentUrl": address, "document": document, "contentType": "application/ld+json"}

    return load


def _reject_empty_values(value: Mapping[str, Any] | JsonValue) -> None:
    """Null, "[]" and "{}" would be dropped from the quads."""
    if value is None or (isinstance(value, (list, dict)) and not value):
        raise NotCanonical("a value is null or empty")
    for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        _reject_empty_values(part)


def _reject_undefined(name: str | None) -> None:
    raise NotCanonical(f"no context defines {name!r}")


def _reject_relative_ids(value: JsonValue) -> None:
    """An id or a type without a scheme depends on where the document is read."""
    if isinstance(value, list):
        for part in value:
            _reject_relative_ids(part)
    elif isinstance(value, dict):
        names: JsonValue = value.get("@type", [])
        for name in [value.get("@id", "a:"), *(names if isinstance(names, list) else [names])]:
            if not isinstance(name, str) or ":" not in name or name.startswith(_NOWHERE):
                raise NotCanonical(f"{name!r} is no absolute address")
        for part in value.values():
            _reject_relative_ids(part)
