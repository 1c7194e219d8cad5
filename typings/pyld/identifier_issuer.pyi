class IdentifierIssuer:
    prefix: str
    counter: int
    existing: dict[str, str]  # new identifiers by old one
    order: list[str]  # old identifiers

    def __init__(self, prefix: str) -> None: ...
