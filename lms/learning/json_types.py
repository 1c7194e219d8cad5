"""The type of a parsed JSON value whose shape has not been checked."""

from __future__ import annotations

from typing import Any

# ``isinstance`` narrows it to ``dict[str, Any]`` or ``list[Any]``; it would narrow ``Any`` to containers of unknowns.
JsonValue = dict[str, Any] | list[Any] | str | int | float | bool | None
