"""Running Markdown in a course file: checked where it stands, rendered for where it is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.links import Home, NoSuchPlace
from lms.content.markdown import render, render_inline
from lms.content.outline import Outline, Running, Thing, outline, outline_inline
from lms.content.readability import check_sentences
from lms.content.source import Report, plain

_HEADING = re.compile(r"\s{0,3}(#{1,6})(\s|$)")
_FANCY_SIGN = re.compile(r"\A\s*(?:[＃#]*＃[＃#]*|[•－＋＊](?=\s)|＞)")
_TIGHT = re.compile(r"\s{0,3}(#{2,6})[^\s#]")


@dataclass(frozen=True, slots=True)
class Prose:
    """Reads the Markdown of one file. ``home`` is where its pictures and links are looked for."""

    report: Report
    home: Home

    def block(self, start: int, end: int) -> str:
        """Check and render the lines from ``start`` up to ``end``."""
        self.check(start, end)
        return self.render(start, end)

    def render(self, start: int, end: int) -> str:
        return self.render_lines(self.lines(start, end))

    def render_lines(self, lines: list[str]) -> str:
        return render("\n".join(lines), self.home.picture, self.home.link, self.home.picture_size)

    def check(self, start: int, end: int) -> Outline:
        """Report what is wrong in the lines from ``start`` up to ``end``, heading jumps apart."""
        for index in range(start, end):
            sign = _FANCY_SIGN.match(self.report.source.lines[index])
            if sign:
                self.report.mend(index, 0, sign.end())
        return self.check_lines(self.lines(start, end), start)

    def check_lines(self, lines: list[str], start: int, columns: Sequence[int] = ()) -> Outline:
        """The same for lines without their signs, such as a quotation's; ``columns`` is where each begins."""
        found = outline(lines, start, columns)
        self._check_things(found)
        titled = {heading.line for heading in found.headings}
        for index, line in enumerate(self.report.source.lines[start : start + len(lines)], start):
            self._check_heading_sign(line, index, index in titled)
        if found.too_deep is not None:
            message = "Bớt các lớp danh sách hay trích dẫn lồng nhau; ba lớp là nhiều."
            self.report.error("too-deep", message, found.too_deep)
        return found

    def inline(self, text: str, line: int, column: int) -> str:
        """Check and render one line's text, which begins at that place."""
        return self.running(Running((text,), ((line, column),)))

    def running(self, running: Running) -> str:
        """The same for text of several lines that are read in one go."""
        self._check_things(outline_inline(running))
        return render_inline(running.text, self.home.picture, self.home.link, self.home.picture_size)

    def lines(self, start: int, end: int) -> list[str]:
        """The lines as they are meant: full-width signs are signs, and a bullet from a word processor is a hyphen."""
        lines = self.report.source.lines[start:end]
        return [_FANCY_SIGN.sub(lambda sign: plain(sign[0]), line, count=1) for line in lines]

    def _check_heading_sign(self, line: str, index: int, is_heading: bool) -> None:
        sign = re.match(r"\s*[＃#]+", line)
        if not sign or is_heading:
            return
        if _TIGHT.match(plain(line)) and not _HEADING.match(line):
            fixed = f"{plain(sign[0]).strip()} {line[len(sign[0]) :].strip()}"
            message = "Thêm dấu cách sau các dấu # để dòng này là tiêu đề."
            self.report.error("heading-space", message, index, len(sign[0]) - len(sign[0].strip()), fixed)

    def _check_things(self, found: Outline) -> None:
        for tag in found.tags:
            message = "Bỏ thẻ HTML này; nó chỉ hiện ra như chữ thường. Dùng **đậm** hoặc *nghiêng* nếu cần."
            self.report.warning("raw-html", message, tag.line, tag.column)
        for heading in found.headings:
            if not heading.title:
                message = "Viết chữ cho tiêu đề này, hoặc bỏ các dấu #."
                self.report.error("heading-empty", message, heading.line, heading.column)
        for thing in found.broken:
            self._check_broken(thing)
        for picture in found.pictures:
            self._check_picture(picture)
        for link in found.links:
            self._check_link(link)
        for running in found.texts:
            check_sentences(self.report, running)

    def _check_broken(self, thing: Thing) -> None:
        if thing.text.startswith("!"):
            message = "Viết hình theo dạng ![mô tả](images/ten-tep.png); tên tệp không có dấu cách."
            self.report.error("picture-shape", message, thing.line, thing.column, "![mô tả](images/ten-tep.png)")
        else:
            message = "Viết liên kết theo dạng [chữ](https://địa-chỉ); địa chỉ không có dấu cách."
            self.report.error("link-shape", message, thing.line, thing.column)

    def _check_picture(self, picture: Thing) -> None:
        if not picture.text.strip():
            message = "Viết mô tả hình vào giữa hai ngoặc vuông, cho người không nhìn thấy hình."
            self.report.error("picture-alt", message, picture.line, picture.column, f"![mô tả]({picture.address})")
        try:
            self.home.check_picture(picture.address)
        except NoSuchPlace as wrong:
            self.report.error("picture", wrong.message, picture.line, picture.column, wrong.suggestion)

    def _check_link(self, link: Thing) -> None:
        if not link.text.strip():
            message = "Viết chữ của liên kết vào giữa hai ngoặc vuông."
            self.report.error("link-text", message, link.line, link.column)
        try:
            self.home.follow(link.address)
        except NoSuchPlace as wrong:
            self.report.error("link", wrong.message, link.line, link.column, wrong.suggestion)
