"""A compiled model as lookup tables: for each screen and mode what each action of each widget does.

The mode is compiled away here, so that the transition in ``engine.py`` asks nothing but the table.
"""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.model import FIELD_ROLES, TAP_ROLES, Mode
from lms.content.practice import fields
from lms.content.practice.placeholders import fill

# Deeds. Up to PICK they take a value.
TYPE, PICK, FORWARD, ASIDE, TRAP, IDLE, STAY, HINT, POINT, DO, MISS, READ = range(12)
_TYPED_ROLES = frozenset({"number", "text", "password"})


class Table:
    """One screen in one mode. ``actions[place][action]`` is (deed, target, fatal, has ``báo``); place −1 is help."""

    __slots__ = ("actions", "count", "end", "fields", "hints", "next", "next_target")

    def __init__(self, screen: dict, mode: Mode) -> None:
        widgets = screen["widgets"]
        self.count = len(widgets)
        self.fields = {place: Field(widget) for place, widget in enumerate(widgets) if widget["role"] in FIELD_ROLES}
        self.hints = screen.get("hints", 0)
        self.next = screen["next"]
        self.next_target = widgets[self.next]["target"] if self.next >= 0 else None
        self.end = "end" in screen
        self.actions = [_actions(widget, mode) for widget in widgets]
        self.actions.append(_page_actions(self.next >= 0, mode))


class Field:
    __slots__ = ("items", "role", "rule", "values")

    def __init__(self, widget: dict) -> None:
        self.role: str = widget["role"]
        self.rule: str | None = widget.get("rule")
        self.values: tuple[str, ...] = tuple(widget.get("values", ()))
        self.items: tuple[str, ...] = fields.SWITCH_CHOICES if self.role == "switch" else tuple(widget.get("items", ()))


class Holding:
    """Which values hold in one attempt: comparisons with its data, each made once."""

    __slots__ = ("_choices", "_holds", "data")

    def __init__(self, data: Mapping[str, str]) -> None:
        self.data = data
        self._holds: dict[tuple[Field, str], bool] = {}
        self._choices: dict[Field, frozenset[str]] = {}

    def holds(self, field: Field, text: str) -> bool:
        key = (field, text)
        known = self._holds.get(key)
        if known is None:
            values = [fill(value, self.data) for value in field.values]
            known = self._holds[key] = fields.holds(field.role, field.rule, values, text)
        return known

    def choices(self, field: Field) -> frozenset[str]:
        known = self._choices.get(field)
        if known is None:
            known = self._choices[field] = frozenset(fill(item, self.data) for item in field.items)
        return known

    def first(self, field: Field) -> str:
        """What *làm giúp* fills in."""
        if field.rule:
            return fields.SATISFIES
        return fill(field.values[0], self.data) if field.values else ""


def _actions(widget: dict, mode: Mode) -> dict[str, tuple]:
    role = widget["role"]
    if role in _TYPED_ROLES:
        return {"type": (TYPE, None, False, False)}
    if role in FIELD_ROLES:
        return {"choose" if role == "select" else "switch": (PICK, None, False, False)}
    if role == "sms":
        return {"read": (READ, None, False, False)}
    if role == "wait":
        return {"wait": _led(widget, mode)}
    return {"tap": _led(widget, mode), "hold": _led(widget, mode)} if role in TAP_ROLES else {}


def _led(widget: dict, mode: Mode) -> tuple:
    arrow, warn = widget.get("arrow"), mode != "kiem-tra" and "warn" in widget
    if arrow is None:
        return (IDLE, None, False, False)
    if arrow == "=>":
        return (FORWARD, widget["target"], False, False)
    if mode == "lam-theo":
        return (STAY, None, False, False)
    return (ASIDE if arrow == "->" else TRAP, widget["target"], "fatal" in widget, warn)


def _page_actions(has_next: bool, mode: Mode) -> dict[str, tuple]:
    actions = {"miss": (MISS, None, False, False)}
    if mode != "kiem-tra":
        actions["hint"] = (HINT, None, False, False)
        if has_next:
            actions["point"] = (POINT, None, False, False)
            actions["do"] = (DO, None, False, False)
    return actions


_KNOWN: dict[tuple[int, str], tuple[dict, dict[str, Table]]] = {}
_MOST_KNOWN = 512


def tables_of(model: dict, mode: Mode) -> dict[str, Table]:
    """A model is never changed once compiled, so its tables are made once; the kept model keeps its id taken."""
    known = _KNOWN.get((id(model), mode))
    if known is not None and known[0] is model:
        return known[1]
    tables = {name: Table(screen, mode) for name, screen in model["screens"].items()}
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[(id(model), mode)] = (model, tables)
    return tables
