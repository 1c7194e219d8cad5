"""The wards of the city: the 168 of ``data/wards.csv``, less and otherwise named what was changed since.

Every process reads the changes when it begins (``store/changed_wards.py``).
"""

from __future__ import annotations

import csv
import itertools
import math
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property
from importlib.resources import files

from lms.message_catalog import mark_for_translation

MAX_SUGGESTIONS = 3
WHOLE_CITY_LABEL = mark_for_translation("Toàn thành phố")  # what the place "" is called
KINDS = ("Phường", "Xã", "Đặc khu")


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


class _WardRegister:
    """The wards without those merged away, and under their names of now. Its wards never change."""

    def __init__(self, names: Mapping[str, str] | None = None, merged: Collection[str] = ()) -> None:
        self._by_distance: dict[Ward, tuple[Ward, ...]] = {}
        self.by_code = {code: ward for code, ward in _listed_wards().items() if code not in merged}
        self.former_names = {code: name for code, name in (names or {}).items() if code in merged}
        for code, name in (names or {}).items():
            if (ward := self.by_code.get(code)) and name != ward.full_name:
                self.by_code[code] = self._renamed(ward, name)

    def by_distance(self, ward: Ward) -> tuple[Ward, ...]:
        found = self._by_distance.get(ward)
        if found is None:
            # Degrees of longitude are shorter than those of latitude; within one city that factor is a constant.
            narrowing = math.cos(math.radians(ward.latitude))
            found = self._by_distance[ward] = tuple(
                sorted(
                    self.by_code.values(),
                    key=lambda other: math.hypot(
                        other.latitude - ward.latitude, (other.longitude - ward.longitude) * narrowing
                    ),
                )
            )
        return found

    def _renamed(self, ward: Ward, full_name: str) -> Ward:
        kind = next(each for each in KINDS if full_name.startswith(f"{each} "))
        name = full_name.removeprefix(f"{kind} ")
        slug = _without_marks(name).replace(" ", "-")
        if slug in {other.slug for other in self.by_code.values() if other != ward}:
            slug = f"{slug}-{ward.code}"
        return replace(ward, kind=kind, name=name, slug=slug)

    @cached_property
    def by_slug(self) -> dict[str, Ward]:
        return {ward.slug: ward for ward in self.by_code.values()}

    @cached_property
    def in_order(self) -> tuple[Ward, ...]:
        return tuple(
            sorted(self.by_code.values(), key=lambda ward: (_without_marks(ward.name.replace("Đ", "Dzz")), ward.name))
        )

    @cached_property
    def by_letter(self) -> tuple[tuple[str, tuple[Ward, ...]], ...]:
        groups = itertools.groupby(self.in_order, lambda ward: ward.name[0])
        return tuple((letter, tuple(group)) for letter, group in groups)


def set_changed_wards(*, names: Mapping[str, str], merged: Collection[str]) -> None:
    """Let this process know the full names of wards that have one of their own in the store, and who is merged away."""
    global _register
    _register = _WardRegister(names, merged)


def is_former_code(code: str) -> bool:
    """Whether this is the code of a ward that was merged into another one."""
    return code in _register.former_names


def listed_codes() -> Collection[str]:
    """The codes of all wards of the list, also of those that were merged away."""
    return _listed_wards().keys()


def get_ward(code: str) -> Ward:
    """The ward with this code.

    Raises:
        KeyError: there is none; "", which stands for the whole city, is not a ward.
    """
    return _register.by_code[code]


def find_ward(code: str) -> Ward | None:
    """The ward with this code; None for "" and for one that is no longer in the list."""
    return _register.by_code.get(code)


def find_ward_by_slug(slug: str) -> Ward | None:
    """The ward whose addresses have this slug."""
    return _register.by_slug.get(slug)


def wards_by_distance(ward: Ward) -> tuple[Ward, ...]:
    """All wards, this one first, then the others by the distance of their points."""
    return _register.by_distance(ward)


def other_wards_of_same_name(ward: Ward) -> tuple[Ward, ...]:
    """Other wards whose names differ by a tone mark only: people who type without marks mean either."""
    return tuple(other for other in search_wards_ignoring_marks(ward.name) if other != ward)


def all_wards() -> tuple[Ward, ...]:
    """All wards in Vietnamese alphabetical order: by name, tone marks last."""
    return _register.in_order


def wards_by_letter() -> tuple[tuple[str, tuple[Ward, ...]], ...]:
    """All wards under the first letters of their names, in alphabetical order; "D" and "Đ" are two letters."""
    return _register.by_letter


def ward_label(code: str) -> str:
    """ "Phường An Đông"; "Toàn thành phố" for ""; the former name of one that was merged; else the code itself."""
    if not code:
        return WHOLE_CITY_LABEL
    if ward := find_ward(code):
        return ward.full_name
    return _register.former_names.get(code, code)


def search_wards(text: str) -> tuple[Ward, ...]:
    """Wards with this code or name, with or without the kind. Marks count: two names differ by a mark only."""
    wanted = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return tuple(ward for ward in all_wards() if wanted in (ward.code, ward.name.casefold(), ward.full_name.casefold()))


def search_wards_ignoring_marks(text: str) -> tuple[Ward, ...]:
    """Wards with this name, with or without the kind, when diacritics are ignored."""
    wanted = _without_marks(" ".join(unicodedata.normalize("NFC", text).split()))
    return tuple(ward for ward in all_wards() if wanted in (_without_marks(ward.name), _without_marks(ward.full_name)))


def suggest_wards(text: str) -> list[Ward]:
    """At most three wards that a text without marks, or a typing error, may mean."""
    same = search_wards_ignoring_marks(text)
    if same:
        return list(same[:MAX_SUGGESTIONS])
    wanted = _without_marks(" ".join(unicodedata.normalize("NFC", text).split()))
    by_name = {_without_marks(ward.name): ward for ward in all_wards()}
    return [by_name[name] for name in get_close_matches(wanted, by_name, MAX_SUGGESTIONS, 0.75)]


@cache
def _listed_wards() -> dict[str, Ward]:
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


_register = _WardRegister()
