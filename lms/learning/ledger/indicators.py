"""What targets are about: the indicators of ``data/indicators.csv``, each with who says that it counts, and when."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class TargetIndicator:
    """``name``: "lớp đã mở". ``what``: how it is counted. ``is_counted_by_site``: else it is entered by hand alone."""

    key: str
    name: str
    name_en: str
    what: str
    what_en: str
    is_counted_by_site: bool
    source: str
    source_date: str


@cache
def all_indicators() -> dict[str, TargetIndicator]:
    """By key, in the order of the file."""
    text = files("lms.learning").joinpath("data/indicators.csv").read_text("utf-8")
    return {
        row["key"]: TargetIndicator(
            key=row["key"],
            name=row["name"],
            name_en=row["name_en"],
            what=row["what"],
            what_en=row["what_en"],
            is_counted_by_site=row["counted"] == "site",
            source=row["source"],
            source_date=row["source_date"],
        )
        for row in csv.DictReader(text.splitlines())
    }
