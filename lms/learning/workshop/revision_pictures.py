"""Which pictures of its course a text shows, as far as the workshop keeps them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from sqlalchemy.orm import Session

from lms.learning.workshop.file_names import PICTURES, is_text, lesson_folder
from lms.learning.workshop.revisions import FileHead, find_heads, find_revision, read_revision_content

# Wherever a text names one: ![…](images/x.png), ![…](./images/x.png), ảnh (images/x.png), {src=images/x.png}.
_NAMED = re.compile(rf"(?<![\w/.-])(?:\./)?{PICTURES}/([\w.%-]+\.[A-Za-z]+)", re.ASCII)


def pictures_named_in(text: str, path: str) -> set[str]:
    """The paths in the course of the pictures that a text names; ``path`` is the text's own."""
    lesson = lesson_folder(path)
    place = f"{lesson}/{PICTURES}" if lesson else PICTURES
    return {f"{place}/{unquote(name)}" for name in _NAMED.findall(text)}


def find_revision_pictures(session: Session, course: str, path: str, number: int) -> list[FileHead]:
    """The pictures of the workshop that a revision of a text shows, in the text's order; a picture shows none."""
    if not is_text(path):
        return []
    text = read_revision_content(session, find_revision(session, course, path, number)).decode("utf-8", "replace")
    named = pictures_named_in(text, path)
    if not named:
        return []
    order = [unquote(name) for name in _NAMED.findall(text)]
    shown = [head for head in find_heads(session, course) if head.path in named]
    return sorted(shown, key=lambda head: order.index(head.path.rpartition("/")[2]))
