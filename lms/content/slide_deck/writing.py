"""Write slides as the hieu.md of a new lesson, a draft, with its pictures made light for phones."""

from __future__ import annotations

import hashlib
import io
import math
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from lms.content.markdown.escape import escape_line, escape_markdown
from lms.content.pictures.check import BadPicture
from lms.content.pictures.reduction import media_type, reduce
from lms.content.slide_deck.deck import Deck, Slide, SlideFinding, SlideParagraph, SlidePart, SlidePicture, SlideTable

MAX_PICTURES = 150
_MIN_PICTURE_SIDE = 40  # pixels: below it is a bullet or a line
_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg"}


@dataclass(slots=True)
class SlideLesson:
    """The new lesson's text, its pictures by their file names in ``images``, and what was lost or must be looked at."""

    markdown: str
    pictures: dict[str, bytes] = field(default_factory=dict[str, bytes])
    findings: list[SlideFinding] = field(default_factory=list[SlideFinding])


def write_slide_lesson(deck: Deck, name: str) -> SlideLesson:
    """The lesson. ``name`` is what it is called if the slides do not say it."""
    return _Writer().write(deck, name)


class _Writer:
    def __init__(self) -> None:
        self.lesson = SlideLesson("")
        self.names: dict[str, str] = {}  # of pictures, by digest
        self.titles: set[str] = set()

    def write(self, deck: Deck, name: str) -> SlideLesson:
        title = next((slide.title for slide in deck.slides if slide.title), "") or deck.title or name
        lines = ["---", f"tên: {title}", f"phút: {max(3, math.ceil(len(deck.slides) * 1.5))}", "nháp: có", "---"]
        if deck.hidden:
            shown = ", ".join(map(str, deck.hidden))
            self._note(0, f"Trang đang ẩn không mang sang: {shown}.")
        for slide in deck.slides:
            lines += ["", *self._section(slide)]
        self.lesson.markdown = "\n".join(lines) + "\n"
        return self.lesson

    def _note(self, slide: int, message: str) -> None:
        self.lesson.findings.append(SlideFinding(slide, message))

    def _section(self, slide: Slide) -> list[str]:
        title, parts = slide.title, list(slide.parts)
        if not title:
            title = f"Trang {slide.number}"
            if parts and isinstance(parts[0], SlideParagraph) and len(parts[0].text) <= 80:
                title = parts[0].text
                parts.pop(0)
            else:
                self._note(slide.number, "Trang này chưa có tiêu đề; bác đặt tên cho phần này.")
        lines = [f"## {escape_markdown(self._unused(title, slide.number))}"]
        lines += self._parts(parts, slide.number)
        if slide.notes:
            lines += ["", "::: người đứng lớp", *_separated([escape_line(line) for line in slide.notes]), ":::"]
        if len(lines) == 1:
            self._note(slide.number, "Trang này chỉ có tiêu đề; bác viết thêm, hay bỏ phần này.")
        for lost in dict.fromkeys(slide.lost):
            self._note(slide.number, f"Không mang sang: {lost}.")
        return lines

    def _unused(self, title: str, number: int) -> str:
        if title.casefold() in self.titles:
            title = f"{title} (trang {number})"
        self.titles.add(title.casefold())
        return title

    def _parts(self, parts: list[SlidePart], number: int) -> list[str]:
        lines: list[str] = []
        is_list = False
        for part in parts:
            if isinstance(part, SlideParagraph):
                is_item = part.is_item or part.level > 0
                if not (is_list and is_item):
                    lines.append("")
                text = escape_line(part.text)
                lines.append(f"{'  ' * min(part.level, 3) if is_list else ''}- {text}" if is_item else text)
                is_list = is_item
                continue
            is_list = False
            written = self._table(part, number) if isinstance(part, SlideTable) else self._picture(part, number)
            lines += ["", *written] if written else []
        return lines

    def _table(self, table: SlideTable, number: int) -> list[str]:
        rows = [row for row in table.rows if any(row)]
        if not rows:
            return []
        if len(rows[0]) == 1:
            return _separated([escape_line(row[0]) for row in rows])
        if not all(rows[0]):
            self._note(number, "Hàng đầu của bảng có ô trống; bác ghi tên cột.")
        written = ["| " + " | ".join(escape_markdown(cell) for cell in row) + " |" for row in rows]
        return [written[0], "|" + " --- |" * len(rows[0]), *written[1:]]

    def _picture(self, picture: SlidePicture, number: int) -> list[str]:
        digest = hashlib.sha256(picture.data).hexdigest()
        if digest in self.names:
            return []  # a logo that stands on each slide
        if len(self.names) >= MAX_PICTURES:
            self._note(number, f"Chỉ mang sang {MAX_PICTURES} hình đầu.")
            return []
        try:
            data = _reduced(picture.data)
        except (BadPicture, OSError, SyntaxError, ValueError) as error:
            reason = str(error) if isinstance(error, BadPicture) else "hình hỏng, không mở được."
            self._note(number, f"Một hình không mang sang: {reason}")
            return []
        if data is None:
            return []
        name = f"trang-{number:02d}-{len(self.names) + 1}.{_EXTENSIONS[media_type(data)]}"
        self.names[digest] = name
        self.lesson.pictures[name] = data
        if not picture.alt:
            self._note(number, f"Hình {name} chưa có lời mô tả; bác viết hình vẽ gì.")
        return [f"![{escape_markdown(picture.alt or f'Hình ở trang {number}')}](images/{name})"]


def _reduced(data: bytes) -> bytes | None:
    """The picture for a phone, without what a camera noted; None for one that is too small to show anything.

    Raises:
        BadPicture: it is no picture that browsers show, or has too many pixels.
    """
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hinh"
        path.write_bytes(data)
        try:
            reduced = reduce(path)
        except BadPicture as error:
            raise BadPicture(str(error).replace("“hinh” ", "").replace(" “hinh”", "")) from error
    with Image.open(io.BytesIO(reduced)) as image:
        return None if max(image.size) < _MIN_PICTURE_SIDE else reduced


def _separated(paragraphs: list[str]) -> list[str]:
    """The lines of paragraphs, with a blank line between two."""
    return [line for at, paragraph in enumerate(paragraphs) for line in ([""] * bool(at) + [paragraph])]
