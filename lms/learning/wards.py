"""The wards of the city: the 168 of ``data/wards.csv``, less and otherwise named what was changed since.

Mergers and new names are rows of the store (``store/ward_changes.py``), which every process reads and gives to
``set_ward_changes``. A code that was merged away stays in old rows; ``current_code`` tells whose it is.
"""

from __future__ import annotations

import csv
import itertools
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from functools import cache, cached_property
from importlib.resources import files

from lms import vietnam_time
from lms.message_catalog import mark_for_translation

MAX_SUGGESTIONS = 3
WHOLE_CITY_LABEL = mark_for_translation("Toàn thành phố")  # what the place "" is called
MERGED = mark_for_translation("{} đã nhập vào {} từ ngày {}.")
RENAMED = mark_for_translation("{} nay mang tên {} từ ngày {}.")


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


@dataclass(frozen=True, slots=True)
class WardChange:
    """A ward was merged into another one, or got a new name.

    ``code``, ``kind``, ``name``, ``slug``: of the ward as it was. ``successor``: the code of the ward that it became
    part of; its own code if it was only renamed, to ``new_kind`` and ``new_name``, which are "" for a merger.
    """

    id: int
    code: str
    kind: str
    name: str
    slug: str
    successor: str
    new_kind: str
    new_name: str
    changed_at: datetime

    @property
    def full_name(self) -> str:
        """What the ward was called before."""
        return f"{self.kind} {self.name}"

    @property
    def is_merger(self) -> bool:
        return self.successor != self.code


class _WardRegister:
    """The wards after some changes, in the order in which they happened. Its wards never change."""

    def __init__(self, changes: Iterable[WardChange] = ()) -> None:
        self.changes: tuple[WardChange, ...] = ()
        self._by_distance: dict[Ward, tuple[Ward, ...]] = {}
        self.by_code = dict(_listed_wards())
        for change in changes:
            if change.is_merger:
                self.by_code.pop(change.code, None)
            elif ward := self.by_code.get(change.code):
                slug = self._free_slug(change.new_name, change.code)
                self.by_code[ward.code] = replace(ward, kind=change.new_kind, name=change.new_name, slug=slug)
            self.changes = (*self.changes, change)

    def current_code(self, code: str, at: datetime | None) -> str:
        for change in self.changes:
            if change.is_merger and change.code == code and (at is None or change.changed_at <= at):
                code = change.successor
        return code

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

    def _free_slug(self, name: str, code: str) -> str:
        """The slug of a ward that gets this name: of no other ward, also of none that was, but for those now in it."""
        slug = _without_marks(name).replace(" ", "-")
        taken = {ward.slug for ward in self.by_code.values() if ward.code != code}
        taken |= {change.slug for change in self.changes if self.current_code(change.successor, None) != code}
        return f"{slug}-{code}" if slug in taken else slug

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

    @cached_property
    def mergers(self) -> tuple[WardChange, ...]:
        return tuple(change for change in self.changes if change.is_merger)


def set_ward_changes(changes: Sequence[WardChange]) -> None:
    """Let this process know these changes and no others. ``changes``: the earliest first."""
    global _register
    if tuple(changes) != _register.changes:
        _register = _WardRegister(changes)


def latest_change() -> int:
    """The id of the latest change, 0 if there was none: what a page about wards depends on."""
    return _register.changes[-1].id if _register.changes else 0


def current_ward_code(code: str, *, at: datetime | None = None) -> str:
    """The ward that this one had become part of ``at`` a moment, or by now; the code itself if it was not merged."""
    return _register.current_code(code, at)


def ward_codes_with_merged(code: str, *, at: datetime | None = None) -> tuple[str, ...]:
    """All codes that mean this ward ``at`` a moment, or by now: its own and those that were merged into it.

    Of a ward that was itself merged into another one by then, none.
    """
    codes = dict.fromkeys((code, *(change.code for change in _register.mergers)))
    return tuple(one for one in codes if current_ward_code(one, at=at) == code)


def all_ward_merges() -> tuple[WardChange, ...]:
    """The wards that were merged into others, the earliest first."""
    return _register.mergers


def former_wards(ward: Ward) -> tuple[WardChange, ...]:
    """What is now this ward, or a part of it, and was called otherwise; the latest change first."""
    return tuple(
        change
        for change in reversed(_register.changes)
        if current_ward_code(change.successor) == ward.code and change.full_name != ward.full_name
    )


def find_former_ward(text: str) -> WardChange | None:
    """The latest change of a ward that had this code, slug or name, which no ward has now; marks may be missing."""
    wanted = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    latest_first = _register.changes[::-1]
    for change in latest_first:
        if wanted in (change.slug, change.name.casefold(), change.full_name.casefold()) or (
            change.is_merger and wanted == change.code
        ):
            return change
    plain = _without_marks(wanted)
    return next(
        (each for each in latest_first if plain in (_without_marks(each.name), _without_marks(each.full_name))), None
    )


def find_successor_ward(text: str) -> Ward | None:
    """The successor of a former ward with this code, slug or name; None if there is no such former ward."""
    change = find_former_ward(text)
    return find_ward(current_ward_code(change.successor)) if change else None


def ward_change_in_words(change: WardChange) -> str:
    """ "Phường A đã nhập vào Phường B từ ngày 1 tháng 12 năm 2026." """
    day = vietnam_time.day_in_words(change.changed_at)
    return ward_change_template(change).format(change.full_name, ward_label(current_ward_code(change.successor)), day)


def ward_change_template(change: WardChange) -> str:
    """With places for the former name, the present one and the day."""
    return MERGED if change.is_merger else RENAMED


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
    return next((change.full_name for change in reversed(_register.mergers) if change.code == code), code)


def search_wards(text: str) -> tuple[Ward, ...]:
    """Wards with this code or name, with or without the kind. Marks count: two names differ by a mark only."""
    wanted = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return tuple(ward for ward in all_wards() if wanted in (ward.code, ward.name.casefold(), ward.full_name.casefold()))


def search_wards_ignoring_marks(text: str) -> tuple[Ward, ...]:
    """Wards with this name, with or without the kind, when diacritics are ignored."""
    wanted = _without_marks(" ".join(unicodedata.normalize("NFC", text).split()))
    return tuple(ward for ward in all_wards() if wanted in (_without_marks(ward.name), _without_marks(ward.full_name)))


def suggest_wards(text: str) -> list[Ward]:
    """At most three wards that a text without marks, a former name, or a typing error, may mean."""
    same = search_wards_ignoring_marks(text)
    if same:
        return list(same[:MAX_SUGGESTIONS])
    if successor := find_successor_ward(text):
        return [successor]
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
