"""The 168 wards of the city, read from ``data/wards.csv``."""

from __future__ import annotations

import csv
import itertools
import math
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Ward:
    """``code``: five digits of the Statistics Office. ``kind``: "Phường", "Xã" or "Đặc khu".

    ``latitude``, ``longitude``: of a point inside, in degrees. ``slug``: stands in addresses; no two wards share one.
    """

    code: str
    kind: str
    name: str
    latitude: float
    longitude: float
    slug: str

    @property
    def full_name(self) -> str:
        """ "Phường An Đông" """
        return f"{self.kind} {self.name}"


def get_ward(code: str) -> Ward:
    """The ward with this code.

    Raises:
        KeyError: there is none; "", which stands for the whole city, is not a ward.
    """
    return _by_code()[code]


def find_ward(code: str) -> Ward | None:
    """The ward with this code; None for "" and for one that is no longer in the list."""
    return _by_code().get(code)


def find_ward_by_slug(slug: str) -> Ward | None:
    """The ward whose addresses have this slug."""
    return next((ward for ward in _by_code().values() if ward.slug == slug), None)


@cache
def wards_by_distance(ward: Ward) -> tuple[Ward, ...]:
    """All wards, this one first, then the others by the distance of their points."""
    # Degrees of longitude are shorter than those of latitude; within one city that factor is a constant.
    narrowing = math.cos(math.radians(ward.latitude))
    return tuple(
        sorted(
            _by_code().values(),
            key=lambda other: math.hypot(
                other.latitude - ward.latitude, (other.longitude - ward.longitude) * narrowing
            ),
        )
    )


def other_wards_of_same_name(ward: Ward) -> tuple[Ward, ...]:
    """Other wards whose names differ by a tone mark only: people who type without marks mean either."""
    return tuple(other for other in search_wards_ignoring_marks(ward.name) if other != ward)


@cache
def all_wards() -> tuple[Ward, ...]:
    """All wards in Vietnamese alphabetical order: by name, tone marks last."""
    return tuple(
        sorted(_by_code().values(), key=lambda ward: (_without_marks(ward.name.replace("Đ", "Dzz")), ward.name))
    )


@cache
def wards_by_letter() -> tuple[tuple[str, tuple[Ward, ...]], ...]:
    """All wards under the first letters of their names, in alphabetical order; "D" and "Đ" are two letters."""
    return tuple((letter, tuple(group)) for letter, group in itertools.groupby(all_wards(), lambda ward: ward.name[0]))


def ward_label(code: str) -> str:
    """ "Phường An Đông"; "Toàn thành phố" for ""; the code itself when the list does not have it."""
    if not code:
        return "Toàn thành phố"
    ward = find_ward(code)
    return ward.full_name if ward else code


def search_wards(text: str) -> tuple[Ward, ...]:
    """Wards with this code or name, with or without the kind. Marks count: two names differ by a mark only."""
    wanted = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return tuple(ward for ward in all_wards() if wanted in (ward.code, ward.name.casefold(), ward.full_name.casefold()))


def search_wards_ignoring_marks(text: str) -> tuple[Ward, ...]:
    """Wards with this name, with or without the kind, when diacritics are ignored."""
    wanted = _without_marks(" ".join(unicodedata.normalize("NFC", text).split()))
    return tuple(ward for ward in all_wards() if wanted in (_without_marks(ward.name), _without_marks(ward.full_name)))


def suggest_wards(text: str, limit: int = 3) -> list[Ward]:
    """Wards that a text without marks, or with a typing error, may mean."""
    same = search_wards_ignoring_marks(text)
    if same:
        return list(same[:limit])
    wanted = _without_marks(" ".join(unicodedata.normalize("NFC", text).split()))
    by_name = {_without_marks(ward.name): ward for ward in all_wards()}
    return [by_name[name] for name in get_close_matches(wanted, by_name, limit, 0.75)]


@cache
def _by_code() -> dict[str, Ward]:
    text = files("lms.learning").joinpath("data/wards.csv").read_text("utf-8")
    wards: dict[str, Ward] = {}
    slugs: set[str] = set()
    for row in csv.DictReader(text.splitlines()):
        slug = _without_marks(row["name"]).replace(" ", "-")
        if slug in slugs:  # Thanh An and Thạnh An: the later one in the list has its code in the address
            slug = f"{slug}-{row['code']}"
        slugs.add(slug)
        point = float(row["latitude"]), float(row["longitude"])
        wards[row["code"]] = Ward(row["code"], row["kind"], row["name"], *point, slug)
    return wards


def _without_marks(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
