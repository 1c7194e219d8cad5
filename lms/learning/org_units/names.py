"""Names of units: what two spellings have in common, and the organisations that have chapters in many wards."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_NUMBER = re.compile(r"\d+")
_ABBREVIATIONS = {"kp": "khuphố"}


@dataclass(frozen=True, slots=True)
class Organisation:
    """A mass organisation with chapters in the city and in wards. ``source``: who says so, ``source_date``: when."""

    key: str
    name: str
    aliases: tuple[str, ...]
    source: str
    source_date: str


def name_key(name: str) -> str:
    """What spellings of a name have in common, without marks, case, spaces, leading zeros: "KP 03" is "khupho3"."""
    first, _, rest = name.strip().casefold().partition(" ")
    spelled = _ABBREVIATIONS.get(first, first) + rest
    letters = unicodedata.normalize("NFKD", spelled.replace("đ", "d"))
    plain = "".join(letter for letter in letters if letter.isalnum())
    return _NUMBER.sub(lambda number: str(int(number[0])) if number[0].isascii() else number[0], plain)


@cache
def all_organisations() -> tuple[Organisation, ...]:
    """The organisations of ``data/organisations.csv``, in its order."""
    text = files("lms.learning").joinpath("data/organisations.csv").read_text("utf-8")
    return tuple(
        Organisation(row["key"], row["name"], tuple(row["aliases"].split("|")), row["source"], row["source_date"])
        for row in csv.DictReader(text.splitlines())
    )


def find_organisation(name: str) -> Organisation | None:
    """The organisation that a typed name means: its own or a short one, with or without the place behind it."""
    wanted = name_key(name)
    for key, organisation in _organisation_keys():
        if wanted == key or (wanted.startswith(key) and _is_place(wanted.removeprefix(key))):
            return organisation
    return None


@cache
def _organisation_keys() -> tuple[tuple[str, Organisation], ...]:
    """The ``name_key`` of each name and alias: a list of units asks for it with each of its lines."""
    return tuple(
        (name_key(known), organisation)
        for organisation in all_organisations()
        for known in (organisation.name, *organisation.aliases)
    )


def _is_place(rest: str) -> bool:
    return rest.startswith(("phuong", "xa", "dackhu", "thanhpho", "tp"))
