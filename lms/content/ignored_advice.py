"""The front matter key ``bỏ qua``: an author's answers to craft advice, ``<rule> ở "Tiêu đề" vì <reason>``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.content.front_matter import FrontMatter, Value
from lms.content.front_matter_keys import Key
from lms.content.fuzzy_matching import nearest, normalize_word
from lms.content.source import Diagnostics, ascii_punctuation

KEY = Key("ignore", ("bỏ qua", "ignore"), "texts")

# Every rule of ``lms check --craft``, in the order of the authoring guide.
RULES = (
    "longest-right-option",
    "only-refusing-option",
    "implausible-option",
    "task-names-button",
    "one-way-screen",
    "trap-foretold",
    "answer-above",
    "answer-covered",
    "repeated-question",
    "this-year",
    "note-only",
    "only-scams",
    "scam-section-place",
)

_RULE = re.compile(r"\s*(?P<rule>[^\s\"]+)")
_HEADING = re.compile(r"\s+(?:ở|o|at)\s+\"(?P<heading>.*?)\"(?=\s+(?:vì|vi|because)\s|\s*\Z)", re.IGNORECASE)
_REASON = re.compile(r"\s+(?:vì|vi|because)\s+(?P<reason>\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IgnoredAdvice:
    """One answer. Without a heading it answers the rule in the whole file."""

    rule: str
    heading: str | None  # of a section or screen
    reason: str
    value: Value  # where it stands

    def answers(self, rule: str, heading: str) -> bool:
        return self.rule == rule and (
            self.heading is None or normalize_word(self.heading) == normalize_word(ascii_punctuation(heading))
        )


def read_ignored_advice(front_matter: FrontMatter, diagnostics: Diagnostics) -> list[IgnoredAdvice]:
    """The valid answers of a file. Faulty ones are warnings: advice never keeps a course from learners."""
    ignored: list[IgnoredAdvice] = []
    for value in front_matter.values.get("ignore", ()):
        text = ascii_punctuation(value.text)
        match = _RULE.match(text)
        typed = match["rule"].rstrip(":,;") if match else ""
        if match is None or typed not in RULES:
            near = nearest(typed, RULES)
            message = f"Không có quy tắc “{typed}” để bỏ qua; có phải bác muốn viết “{near}”?"
            diagnostics.warning("unknown-advice", message, value.line, value.column, near)
            continue
        heading = _HEADING.match(text, match.end())
        reason = _REASON.match(text, heading.end() if heading else match.end())
        if reason is None:
            place = f' ở "{heading["heading"]}"' if heading else ""
            message = f"Viết lý do sau chữ “vì”, như “{typed} vì …”: người sau cần biết."
            diagnostics.warning("ignore-reason", message, value.line, value.column, f"{typed}{place} vì …")
            continue
        ignored.append(IgnoredAdvice(typed, heading["heading"] if heading else None, reason["reason"], value))
    return ignored
