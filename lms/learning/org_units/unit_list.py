"""A list of units as somebody typed, pasted or sent it: which lines are new, there already, similar, or wrong.

A line has a name, and where that does not say it, the kind and the neighbourhood of a digital team. Nothing is stored
here, and no database is read: what is there already is given.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from lms.learning.accounts.permissions import CITY
from lms.learning.learners.learner_store import clean_line
from lms.learning.org_units.names import find_organisation, name_key
from lms.learning.org_units.unit_store import OrgUnit, UnitKind, place_unit_id
from lms.message_catalog import mark_for_translation

LineProblem = Literal[
    "missing", "too_long", "number", "symbol", "formula", "unknown_kind", "unknown_parent", "needs_ward", "extra"
]
MAX_LINES = 5000
MAX_NAME_LENGTH = 80
COLUMNS = ("Tên", "Loại", "Thuộc khu phố, ấp")  # of a sheet, and of a pasted table
KIND_LABELS: dict[UnitKind, str] = {
    "city": mark_for_translation("Thành phố"),
    "ward": mark_for_translation("Phường, xã"),
    "organisation": mark_for_translation("Tổ chức"),
    "neighbourhood": mark_for_translation("Khu phố, ấp"),
    "digital_team": mark_for_translation("Tổ công nghệ số"),
}
_KIND_TEXTS: dict[UnitKind, tuple[str, ...]] = {  # what is typed as kind
    "organisation": ("tổ chức", "đoàn thể", "hội", "cơ quan", "trường"),
    "neighbourhood": ("khu phố", "ấp", "khu phố, ấp", "khu phố/ấp", "khu dân cư", "kp"),
    "digital_team": ("tổ công nghệ số", "tổ công nghệ số cộng đồng", "tổ CNSCĐ", "tổ CNS", "tổ số"),
}
_KINDS: dict[str, UnitKind] = {name_key(text): kind for kind, texts in _KIND_TEXTS.items() for text in texts}
# "Áp" is another word, so case may differ and marks may be missing, but never be wrong.
_TEAM = re.compile(r"(tổ|to) (công nghệ số|cong nghe so|cnscđ|cns)( (cộng đồng|cong dong))?(?![^\W\d])", re.IGNORECASE)
_NEIGHBOURHOOD = re.compile(r"(khu ?phố|khu ?pho|kp|ấp|ap|khu dân cư|khu dan cu)(?![^\W\d])", re.IGNORECASE)
_BEGINS_FORMULA = ("=", "+", "-", "@")
_MAX_DIGITS = 7  # more are a telephone number


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line as typed. ``number``: from 1, empty lines and the heading counted."""

    number: int
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        return "; ".join(filter(None, (clean_line(cell) for cell in self.cells)))


@dataclass(frozen=True, slots=True)
class WrongLine:
    line: ListLine
    why: LineProblem


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line that names what is there already, or stands earlier in the list; ``known`` is how it is spelled there."""

    line: ListLine
    known: str


@dataclass(slots=True)
class CheckedList:
    """``units``: to be inserted, parents first. ``similar``: of those, the lines whose name differs from another by
    marks, case or spaces only. ``present``: lines that are left out, because the same name is there."""

    units: list[OrgUnit] = field(default_factory=list[OrgUnit])
    wrong: list[WrongLine] = field(default_factory=list[WrongLine])
    similar: list[KnownLine] = field(default_factory=list[KnownLine])
    present: list[KnownLine] = field(default_factory=list[KnownLine])


def is_heading(line: ListLine) -> bool:
    """Whether it is the heading of the template."""
    return [name_key(cell) for cell in line.cells[:2]] == [name_key(name) for name in COLUMNS[:2]]


def check_list(lines: Sequence[ListLine], *, ward: str, known: Sequence[OrgUnit]) -> CheckedList:
    """Sort the lines out. ``known``: the units of the ward, also closed ones."""
    checked = CheckedList()
    names = _Names(known)
    teams: list[tuple[ListLine, str, str]] = []
    for line in lines:
        if is_heading(line) or not line.text:
            continue
        name, kind_text, parent, *extra = (*(clean_line(cell) for cell in line.cells), "", "", "")
        problem = "extra" if any(extra) else find_name_problem(name)
        kind = _read_kind(name, kind_text)
        if problem is None and kind is None:
            problem = "unknown_kind"
        if problem is None and kind != "organisation" and ward == CITY:
            problem = "needs_ward"
        if problem or kind is None:
            checked.wrong.append(WrongLine(line, problem or "unknown_kind"))
        elif kind == "digital_team":
            teams.append((line, name, parent))  # after the neighbourhoods, wherever they stand
        else:
            names.take(checked, line, _new_unit(kind, ward, place_unit_id(ward), name))
    for line, name, parent in teams:
        neighbourhood = names.find_neighbourhood(parent or _TEAM.sub("", name).strip(" ,.-"), ward)
        if neighbourhood is None:
            checked.wrong.append(WrongLine(line, "unknown_parent"))
        else:
            names.take(checked, line, _new_unit("digital_team", ward, neighbourhood.id, name))
    checked.wrong.sort(key=lambda wrong: wrong.line.number)
    checked.similar.sort(key=lambda similar: similar.line.number)
    return checked


def find_name_problem(name: str) -> LineProblem | None:
    """What is wrong with the name of a unit."""
    if not name:
        return "missing"
    if name.startswith(_BEGINS_FORMULA):
        return "formula"
    if not any(letter.isalpha() for letter in name):
        return "symbol"
    if sum(letter.isdigit() for letter in name) > _MAX_DIGITS:
        return "number"
    return "too_long" if len(name) > MAX_NAME_LENGTH else None


def spelling(name: str) -> str:
    """What two spellings of the same name have in common when only case and spaces may differ."""
    return " ".join(name.casefold().split())


class _Names:
    """The names that are taken, by what they are and where they belong."""

    def __init__(self, known: Sequence[OrgUnit]) -> None:
        self._exact = {_place(unit, spelling(unit.name)): unit for unit in known}
        self._similar = {_place(unit, name_key(unit.name)): unit for unit in known}
        # By its organisation: a second chapter of it in the ward is asked about, however it is spelled.
        self._similar |= {_place(unit, unit.organisation): unit for unit in known if unit.organisation}

    def take(self, checked: CheckedList, line: ListLine, unit: OrgUnit) -> None:
        exact, keys = _place(unit, spelling(unit.name)), [_place(unit, name_key(unit.name))]
        if unit.organisation:
            keys.append(_place(unit, unit.organisation))
        if same := self._exact.get(exact):
            checked.present.append(KnownLine(line, same.name))
            return
        if alike := next((self._similar[key] for key in keys if key in self._similar), None):
            checked.similar.append(KnownLine(line, alike.name))
        checked.units.append(unit)
        self._exact[exact] = unit
        for key in keys:
            self._similar.setdefault(key, unit)

    def find_neighbourhood(self, name: str, ward: str) -> OrgUnit | None:
        above = place_unit_id(ward)
        exact = self._exact.get(("neighbourhood", above, spelling(name)))
        return exact or self._similar.get(("neighbourhood", above, name_key(name)))


def _place(unit: OrgUnit, key: str) -> tuple[UnitKind, str | None, str]:
    return unit.kind, unit.parent_id, key


def _new_unit(kind: UnitKind, ward: str, parent_id: str, name: str) -> OrgUnit:
    organisation = find_organisation(name) if kind == "organisation" else None
    return OrgUnit(secrets.token_hex(8), kind, ward, parent_id, organisation.key if organisation else "", name, None, 1)


def _read_kind(name: str, typed: str) -> UnitKind | None:
    if typed:
        return _KINDS.get(name_key(typed))
    if _TEAM.match(name):
        return "digital_team"
    if _NEIGHBOURHOOD.match(name):
        return "neighbourhood"
    return "organisation" if find_organisation(name) else None
