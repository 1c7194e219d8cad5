"""Canonical N-Quads of a JSON-LD document: nothing fetched, nothing silently dropped, and never for long."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015
from pyld.identifier_issuer import IdentifierIssuer

CONTEXTS = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-3.0.3.json",
}
_NOWHERE = "https://nowhere.invalid/"  # what has no scheme of its own ends up there, and is refused
SECONDS = 1.0  # one of ours takes some 10 ms; a hostile graph of 1 KB once took 47 s


class NotCanonical(ValueError):
    """The document says something that its contexts do not define, or cannot be put in order in time."""


def canonical(document: Mapping[str, Any], *, contexts: Mapping[str, Any] | None = None) -> str:
    """The document as canonical N-Quads (RDFC-1.0). ``contexts``: more of them, by address.

    Raises:
        NotCanonical: a term, a type or an id is not defined, a value is null or empty, a context is unknown, or it
            takes too long. All of these would otherwise be missing from what is signed.
    """
    _refuse_nothing(document)
    options = {"documentLoader": _loader(contexts or {}), "processingMode": "json-ld-1.1", "base": _NOWHERE}
    processor = jsonld.JsonLdProcessor(on_property_dropped=_refuse_dropped)
    try:
        expanded = processor.expand(document, options)
        _refuse_relative(expanded)
        dataset = processor.to_rdf(expanded, options)
        return _InTime(time.monotonic() + SECONDS).main(dataset, {"format": "application/n-quads"})
    except (jsonld.JsonLdError, RecursionError) as error:
        raise NotCanonical(str(error)) from error


@cache
def context(address: str) -> dict[str, Any]:
    """A published context from disk.

    Raises:
        KeyError: it is none of ``CONTEXTS``.
    """
    return json.loads((Path(__file__).parent / "contexts" / CONTEXTS[address]).read_text("utf-8"))


def _loader(more: Mapping[str, Any]) -> Any:
    def load(address: str, _options: object) -> dict[str, Any]:
        if address not in CONTEXTS and address not in more:
            raise NotCanonical(f"unknown context {address!r}")
        document = more[address] if address in more else context(address)
        return {"contextUrl": None, "documentUrl": address, "document": document, "contentType": "application/ld+json"}

    return load


def _refuse_nothing(value: Any) -> None:
    """Null, "[]" and "{}" vanish on the way to quads."""
    if value is None or (isinstance(value, (list, dict)) and not value):
        raise NotCanonical("a value is null or empty")
    for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        _refuse_nothing(part)


def _refuse_dropped(name: str) -> None:
    raise NotCanonical(f"no context defines {name!r}")


def _refuse_relative(value: Any) -> None:
    """An id or a type without a scheme means nothing, or something else wherever it is read."""
    if isinstance(value, list):
        for part in value:
            _refuse_relative(part)
    elif isinstance(value, dict):
        names = value.get("@type", [])
        for name in [value.get("@id", "a:"), *(names if isinstance(names, list) else [names])]:
            if not isinstance(name, str) or ":" not in name or name.startswith(_NOWHERE):
                raise NotCanonical(f"{name!r} is no absolute address")
        for part in value.values():
            _refuse_relative(part)


class _InTime(URDNA2015):
    """The canonicaliser, with a look at the clock wherever its work can explode."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self._until = until

    def hash_n_degree_quads(self, id_: str, issuer: IdentifierIssuer) -> dict[str, Any]:
        return super().hash_n_degree_quads(id_, _TimedIssuer.of(issuer, self._until))


class _TimedIssuer(IdentifierIssuer):
    """It is copied once for every permutation that is tried."""

    def __init__(self, prefix: str, until: float) -> None:
        super().__init__(prefix)
        self.until = until

    @classmethod
    def of(cls, issuer: IdentifierIssuer, until: float) -> _TimedIssuer:
        if isinstance(issuer, cls):
            return issuer
        timed = cls(issuer.prefix, until)
        timed.counter, timed.existing, timed.order = issuer.counter, dict(issuer.existing), list(issuer.order)
        return timed

    def __deepcopy__(self, memo: object) -> _TimedIssuer:
        if time.monotonic() > self.until:
            raise NotCanonical("it takes too long")
        copied = _TimedIssuer(self.prefix, self.until)
        copied.counter, copied.existing, copied.order = self.counter, dict(self.existing), list(self.order)
        return copied
