"""A stranger's check of one badge by openvc, a Python library that did not make it.

The issuer's document is fetched from the address that the badge names. It is read as linked data, so that a key counts
only if the contexts define that it may sign.
"""

from __future__ import annotations

import base64
import json
import urllib.request
from pathlib import Path
from typing import Any

from openvc import verify_credential
from openvc.errors import OpenvcError
from openvc.multibase import decode_multibase
from pyld import jsonld

SECURITY = "https://w3id.org/security#"
ED25519_PUBLIC = b"\xed\x01"


def explain_rejection(badge: dict[str, Any], contexts: dict[str, Path]) -> str | None:
    """Why openvc rejects the badge, None if it accepts it. ``contexts``: files of published contexts, by URL."""
    documents = {url: json.loads(path.read_text("utf-8")) for url, path in contexts.items()}
    single = badge | {"proof": badge["proof"][0]}  # the same linked data; openvc wants no list
    try:
        verify_credential(single, resolver=HttpResolver(documents), extra_contexts=documents)
    except OpenvcError as error:
        return f"{type(error).__name__}: {error}"
    return None


class HttpResolver:
    """Fetches an issuer's document by HTTP; openvc brings resolvers for DIDs only."""

    def __init__(self, documents: dict[str, Any]) -> None:
        self.documents = documents

    def supports(self, issuer: str) -> bool:
        return issuer.startswith("http")

    def resolve(self, issuer: str) -> Controller:
        with urllib.request.urlopen(issuer, timeout=30) as response:
            document = json.load(response)
        processor = jsonld.JsonLdProcessor(on_property_dropped=_reject_undefined)
        nodes = processor.flatten(processor.expand(document, {"documentLoader": self._load}), None, {})
        return Controller(issuer, {node["@id"]: node for node in nodes})

    def _load(self, url: str, _options: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": self.documents[url]}


class Controller:
    """An issuer's document with its keys."""

    def __init__(self, issuer: str, nodes: dict[str, dict[str, Any]]) -> None:
        self.issuer, self.nodes = nodes[issuer], nodes

    def key_for_purpose(self, method: str, purpose: str) -> PublicKey | None:
        allowed = [each.get("@id") for each in self.issuer.get(SECURITY + purpose, ())]
        return self.key_by_kid(method) if method in allowed else None

    def key_by_kid(self, method: str) -> PublicKey | None:
        return PublicKey(self.nodes[method]) if method in self.nodes else None


class PublicKey:
    """An Ed25519 key as JWK, from a node of the type Multikey."""

    def __init__(self, node: dict[str, Any]) -> None:
        assert node["@type"] == [f"{SECURITY}Multikey"]
        raw = decode_multibase(node[f"{SECURITY}publicKeyMultibase"][0]["@value"])
        assert raw.startswith(ED25519_PUBLIC)
        x = base64.urlsafe_b64encode(raw.removeprefix(ED25519_PUBLIC)).decode("ascii").rstrip("=")
        self.public_key_jwk = {"kty": "OKP", "crv": "Ed25519", "x": x}


def _reject_undefined(name: str | None) -> None:
    raise ValueError(f"no context defines {name!r}")
