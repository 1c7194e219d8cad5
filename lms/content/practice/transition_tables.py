"""Lookup tables compiled from a model: for each screen and mode, what each action of each widget does.

The tables resolve the mode in advance, so that the engine's transition is a single lookup.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.content.model import FIELD_ROLES, TAP_ROLES, CompiledModel, Mode
from lms.content.practice import fields
from lms.content.practice.placeholders import fill

# Effects of an action. TYPE and PICK take a value. SHOW_HINT, SHOW_TARGET, DO_STEP and MISS belong to no widget (index
# −1).
TYPE, PICK = 0, 1
FOLLOW_ARROW, LEAD_ASIDE, TRAP, NO_ARROW, REFUSE, OPEN_MESSAGE = 2, 3, 4, 5, 6, 7
SHOW_HINT, SHOW_TARGET, DO_STEP, MISS = 8, 9, 10, 11
_TYPED_ROLES = frozenset({"number", "text", "password"})

Transition = tuple[int, Any, bool, bool]  # effect, target screen or None, fatal, has a ``báo``


class TransitionTable:
    """The transitions of one screen in one mode: ``transitions[widget][action]``; widget −1 is help and missed taps."""

    __slots__ = ("count", "end", "fields", "hints", "next", "next_target", "transitions")

    def __init__(self, screen: Mapping[str, Any], mode: Mode) -> None:
        widgets: list[dict[str, Any]] = screen["widgets"]
        self.count = len(widgets)
        self.fields = {index: Field(widget) for index, widget in enumerate(widgets) if widget["role"] in FIELD_ROLES}
        self.hints: int = screen.get("hints", 0)
        self.next: int = screen["next"]
        self.next_target: str = widgets[self.next]["target"] if self.next >= 0 else ""
        self.end = "end" in screen
        self.transitions = [_widget_transitions(widget, mode) for widget in widgets]
        self.transitions.append(_help_transitions(self.next >= 0, mode))


class Field:
    """A field of the model: its role, and its rule or accepted values."""

    __slots__ = ("items", "role", "rule", "values")

    def __init__(self, widget: Mapping[str, Any]) -> None:
        self.role: str = widget["role"]
        self.rule: str | None = widget.get("rule")
        self.values: tuple[str, ...] = tuple(widget.get("values", ()))
        self.items: tuple[str, ...] = fields.SWITCH_CHOICES if self.role == "switch" else tuple(widget.get("items", ()))


class FieldEvaluator:
    """Decides which values fields accept, given the data of one attempt. Caches its results."""

    __slots__ = ("_accepts", "_choices", "data")

    def __init__(self, data: Mapping[str, str]) -> None:
        self.data = data
        self._accepts: dict[tuple[Field, str], bool] = {}
        self._choices: dict[Field, frozenset[str]] = {}

    def accepts(self, field: Field, text: str) -> bool:
        key = (field, text)
        result = self._accepts.get(key)
        if result is None:
            values = [fill(value, self.data) for value in field.values]
            result = self._accepts[key] = fields.accepts(field.role, field.rule, values, text)
        return result

    def choices(self, field: Field) -> frozenset[str]:
        """The values that a select or switch can have."""
        result = self._choices.get(field)
        if result is None:
            result = self._choices[field] = frozenset(fill(item, self.data) for item in field.items)
        return result

    def first_value(self, field: Field) -> str:
        """The value that *làm giúp* fills in."""
        if field.rule:
            return fields.SATISFIES_RULE
        return fill(field.values[0], self.data) if field.values else ""


def _widget_transitions(widget: Mapping[str, Any], mode: Mode) -> dict[str, Transition]:
    role = widget["role"]
    if role in _TYPED_ROLES:
        return {"type": (TYPE, None, False, False)}
    if role in FIELD_ROLES:
        return {"choose" if role == "select" else "switch": (PICK, None, False, False)}
    if role == "sms":
        return {"read": (OPEN_MESSAGE, None, False, False)}
    if role == "wait":
        return {"wait": _arrow_transition(widget, mode)}
    if role in TAP_ROLES:
        return {"tap": _arrow_transition(widget, mode), "hold": _arrow_transition(widget, mode)}
    return {}


def _arrow_transition(widget: Mapping[str, Any], mode: Mode) -> Transition:
    arrow, warn = widget.get("arrow"), mode != Mode.TEST and "warn" in widget
    if arrow is None:
        return (NO_ARROW, None, False, False)
    if arrow == "=>":
        return (FOLLOW_ARROW, widget["target"], False, False)
    if mode == Mode.FOLLOW:
        return (REFUSE, None, False, False)
    return (LEAD_ASIDE if arrow == "->" else TRAP, widget["target"], "fatal" in widget, warn)


def _help_transitions(has_next: bool, mode: Mode) -> dict[str, Transition]:
    transitions: dict[str, Transition] = {"miss": (MISS, None, False, False)}
    if mode != Mode.TEST:
        transitions["hint"] = (SHOW_HINT, None, False, False)
        if has_next:
            transitions["point"] = (SHOW_TARGET, None, False, False)
            transitions["do"] = (DO_STEP, None, False, False)
    return transitions


_MAX_CACHED = 512
_cache: dict[tuple[int, str], tuple[CompiledModel, dict[str, TransitionTable]]] = {}


def transition_tables(model: CompiledModel, mode: Mode) -> dict[str, TransitionTable]:
    """The tables of a model by screen id, cached by the model's identity: a compiled model is never modified.

    The cache keeps a reference to the model, so that its id is not reused.
    """
    cached = _cache.get((id(model), mode))
    if cached is not None and cached[0] is model:
        return cached[1]
    tables = {name: TransitionTable(screen, mode) for name, screen in model["screens"].items()}
    if len(_cache) >= _MAX_CACHED:
        _cache.clear()
    _cache[(id(model), mode)] = (model, tables)
    return tables
