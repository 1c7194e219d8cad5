from typing import Any, Literal, TypedDict

from pyld.identifier_issuer import IdentifierIssuer

class _NQuads(TypedDict):
    format: Literal["application/n-quads"]

class URDNA2015:
    def __init__(self) -> None: ...
    # Without an option "format" it would be a dataset.
    def main(self, dataset: dict[str, list[Any]], options: _NQuads) -> str: ...
    def hash_n_degree_quads(self, id_: str, issuer: IdentifierIssuer) -> dict[str, Any]: ...
