"""What Word's automatic numbering shows before a paragraph: the letter, number or bullet is not in its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

BULLET = "•"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class _Level:
    form: str  # of the number: decimal, upperLetter, bullet, …
    start: int


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of a document, which must be asked for in their order."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict[str, dict[int, _Level]])  # by list
    abstract: dict[str, str] = field(default_factory=dict[str, str])  # lists that count together
    counts: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    restarts: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])

    @classmethod
    def of_document(cls, document: Any) -> Numbering:
        numbering = cls()
        root = next(
            (
                rel.target_part.element
                for rel in document.part.rels.values()
                if rel.reltype.endswith("/numbering") and not rel.is_external
            ),
            None,
        )
        if root is None:
            return numbering
        levels = {each.get(qn("w:abstractNumId")): _levels(each) for each in root.iter(qn("w:abstractNum"))}
        for each in root.iter(qn("w:num")):
            name, link = each.get(qn("w:numId")), each.find(qn("w:abstractNumId"))
            abstract = link.get(qn("w:val")) if link is not None else ""
            numbering.abstract[name] = abstract
            numbering.levels[name] = dict(levels.get(abstract, {}))
            for override in each.iter(qn("w:lvlOverride")):
                level = int(override.get(qn("w:ilvl")))
                numbering.levels[name] |= _levels(override)
                start = override.find(qn("w:startOverride"))
                if start is not None:
                    numbering.restarts[name, level] = int(start.get(qn("w:val")))
        return numbering

    def label(self, list_id: str, depth: int) -> str:
        """The label of the next paragraph of this list; "" if it has none, or a number that is not shown."""
        level = self.levels.get(list_id, {}).get(depth)
        if level is None or level.form == "none":
            return ""
        if level.form == "bullet":
            return BULLET
        shared = self.abstract[list_id]
        for key in [key for key in self.counts if key[0] == shared and key[1] > depth]:
            del self.counts[key]
        restart = self.restarts.pop((list_id, depth), None)
        number = restart if restart is not None else self.counts.get((shared, depth), level.start - 1) + 1
        self.counts[shared, depth] = number
        if level.form in ("upperLetter", "lowerLetter"):
            return _LETTERS[number - 1] if 0 < number <= len(_LETTERS) else ""
        return str(number)


def _levels(element: Any) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for each in element.iter(qn("w:lvl")):
        form, start = each.find(qn("w:numFmt")), each.find(qn("w:start"))
        levels[int(each.get(qn("w:ilvl")))] = _Level(
            form.get(qn("w:val")) if form is not None else "decimal",
            int(start.get(qn("w:val"))) if start is not None else 1,
        )
    return levels
