"""A text for each rule of the checker: what it wants and why, a bad example and a good one.

The texts are the ``*.txt`` files beside this module, a file for each group of the authoring guide. A line that begins
with ``@`` is a directive::

    @group Gõ phím và tệp
    @rule tab
    Phím Tab ở đầu dòng            the title; below it the explanation
    @bad row                       what follows is the example, here a line of a screen (see CONTEXTS)
    @good
    @says Thay phím Tab …          the checker's sentence, only where it cannot be computed from the example alone

What has no visible character is written as in ``⟨Tab⟩`` and replaced before the example is checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from lms.content.fuzzy_matching import nearest

# Where an example stands. "row": below a screen's task; "front …": between the --- lines; "whole …": all of the file;
# "tree": names of files in a folder of courses.
CONTEXTS = (
    "row", "lam", "hieu", "dung", "course", "front lam", "front hieu", "front dung", "front course",
    "whole lam", "whole hieu", "tree",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleText:
    """What the guide says about one rule. ``says`` is the message for the bad example; "" where it is computed."""

    rule: str
    group: str
    title: str
    explanation: str
    context: str
    bad: str
    good: str
    says: str = ""

    @property
    def file_name(self) -> str:
        """The name of the file to which the example belongs; "" for names in a folder."""
        kind = "lam" if self.context == "row" else self.context.split()[-1]
        return "" if kind == "tree" else f"{kind}.md"


@dataclass(slots=True)
class _Draft:
    rule: str
    group: str
    context: str = ""
    lines: dict[str, list[str]] = field(default_factory=dict[str, list[str]])  # by directive

    def text(self, directive: str) -> str:
        return "\n".join(self.lines.get(directive, [])).strip("\n")


@cache
def rule_texts() -> dict[str, RuleText]:
    """All texts by rule, in the order of the guide."""
    texts: dict[str, RuleText] = {}
    folder = resources.files(__package__ or "lms.content.rule_guide")
    for file in sorted((each for each in folder.iterdir() if each.name.endswith(".txt")), key=lambda each: each.name):
        for draft in _read_drafts(file.read_text("utf-8")):
            if draft.rule in texts or draft.context not in CONTEXTS:
                raise ValueError(f"{file.name}: {draft.rule}: written twice, or an unknown context")
            title, _, explanation = draft.text("rule").partition("\n")
            texts[draft.rule] = RuleText(
                draft.rule, draft.group, title, explanation.strip(), draft.context,
                draft.text("bad"), draft.text("good"), draft.text("says"),
            )  # fmt: skip
    return texts


def nearest_rule(typed: str) -> str:
    """The rule whose name is nearest to what was typed."""
    return nearest(typed, rule_texts())


def rules_by_group() -> dict[str, list[RuleText]]:
    """The texts of each group, in the order of the guide."""
    groups: dict[str, list[RuleText]] = {}
    for text in rule_texts().values():
        groups.setdefault(text.group, []).append(text)
    return groups


def _read_drafts(text: str) -> list[_Draft]:
    drafts: list[_Draft] = []
    group = ""
    directive = ""
    for line in text.split("\n"):
        word, _, rest = line.partition(" ")
        if word == "@group":
            group = rest
        elif word == "@rule":
            drafts.append(_Draft(rest, group))
            directive = "rule"
        elif word in ("@bad", "@good", "@says"):
            directive = word[1:]
            if word == "@bad":
                drafts[-1].context = rest
            elif rest:
                drafts[-1].lines[directive] = [rest]
        elif drafts:
            drafts[-1].lines.setdefault(directive, []).append(line)
    return drafts
