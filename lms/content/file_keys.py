"""The front-matter keys of each kind of file, for tools that know a file by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.content import course_page, understand_stage, use_stage
from lms.content.front_matter_keys import Key
from lms.content.practice import front_matter as practice

KEYS_BY_STEM: Mapping[str, Sequence[Key]] = {
    "course": course_page.KEYS,
    "hieu": understand_stage.KEYS,
    "lam": practice.KEYS,
    "dung": use_stage.KEYS,
}
