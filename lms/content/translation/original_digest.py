"""The front matter key ``bản gốc`` of a translation: a digest of the original that was translated.

It works in a plain folder: no date of a file and no history is asked.
"""

from __future__ import annotations

from lms.content import lesson_order
from lms.content.digest import digest
from lms.content.front_matter import read_front_matter
from lms.content.front_matter_keys import Key
from lms.content.problems import Problem
from lms.content.source import normalize_source

KEY = Key("original", ("bản gốc", "original"))
DIGEST_LENGTH = 8
# Keys that change no text: a recheck on a real phone, a draft that is published, a lesson that moves.
_OF_NO_TEXT = (
    Key("checked", ("kiểm tra ngày", "checked")),
    Key("draft", ("nháp", "draft")),
    Key("moved-from", ("chuyển từ", "moved from"), "words"),
    lesson_order.KEY,
)


def original_digest(text: str) -> str:
    """The digest of an original's text, 8 hex digits.

    Empty lines do not count, nor the date of its last check, nor whether it is a draft, where it was before, and the
    order of a course's lessons.
    """
    source, diagnostics = normalize_source(text, "")
    front_matter = read_front_matter(source, diagnostics, _OF_NO_TEXT)
    found = (*front_matter.keys.values(), *(value for values in front_matter.values.values() for value in values))
    left_out = {value.line for value in found}
    stripped = (line.strip() for number, line in enumerate(source.lines) if number not in left_out)
    return digest(*filter(None, stripped))[:DIGEST_LENGTH]


def begin_translation(original: str) -> str:
    """The text of a translation that nobody has begun: the original's, with its digest."""
    lines = original.split("\n")
    end = next((index for index, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        return original
    return "\n".join([*lines[:end], f"bản gốc: {original_digest(original)}", *lines[end:]])


def check_original_digest(text: str, path: str, original: str, original_name: str) -> list[Problem]:
    """A warning if the translation ``text`` names another original than ``original``, the text as it is now.

    Of a translation that names none, as those of older courses, nobody knows whether its original has changed since.
    """
    source, diagnostics = normalize_source(text, path)
    front_matter = read_front_matter(source, diagnostics, (KEY,))
    typed = front_matter.value("original")
    meant = original_digest(original)
    if typed is None or typed.text.strip().lower() == meant:
        return []
    suggestion = f"bản gốc: {meant}"
    message = f"{original_name} đã đổi từ lúc dịch. Bác xem lại bản dịch, rồi ghi “{suggestion}”."
    line, column = source.position(typed.line)
    return [Problem(path, line, column, "warning", "translation-old", message, suggestion)]
