"""Parse the lines of a storyboard: headings, quotes, widgets, their sub-lines, and prose."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lms.content.practice import line_patterns as patterns
from lms.content.practice.arrow_targets import ROLES_WITHOUT_ARROW
from lms.content.practice.arrows import find_arrow
from lms.content.practice.bracketed_role import read_bracketed_role
from lms.content.practice.mistyped_headings import MistypedHeadings
from lms.content.practice.mistyped_lines import (
    report_item_without_role,
    report_unknown_quote,
    report_unknown_sub_line,
)
from lms.content.practice.suspicious_prose import warn_of_cut_line
from lms.content.practice.syntax_tree import Attributes, DraftPractice, DraftScreen, DraftWidget, TextSpan, WidgetLine
from lms.content.practice.vocabulary import QUOTES, ROLES, SUB_LINES
from lms.content.practice.widget_syntax import mask_of_quoted_characters, parse_heading, parse_widget_line
from lms.content.source import Diagnostics, ascii_punctuation

_SUB_LINE_INDENT = 2  # spaces; an item with this indent belongs to the widget above it


def parse_lines(diagnostics: Diagnostics, first: int, end_titles: Iterable[str] = ()) -> DraftPractice:
    """Parse all lines from ``first`` on, and report lines that belong nowhere.

    ``end_titles`` are the titles of the start and the goal in the front matter.
    """
    parser = _Parser(diagnostics, first, end_titles)
    for index in range(first, len(diagnostics.source.lines)):
        parser.line(index)
    return parser.draft


class _Parser:
    def __init__(self, diagnostics: Diagnostics, first: int, end_titles: Iterable[str]) -> None:
        self.diagnostics = diagnostics
        self.meant = [ascii_punctuation(line) for line in diagnostics.source.lines]
        self.headings = MistypedHeadings(diagnostics, self.meant, first, end_titles)
        self.draft = DraftPractice()
        self.screen: DraftScreen | None = None
        self.widget: DraftWidget | None = None  # the widget that sub-lines belong to
        self.is_in_block = False  # a ::: block, which is reported once, at its opening
        self.has_reported_outside = False  # lines above the first screen are reported once
        self.previous = ""  # the kind of the previous line: "widget", "quote", "prose" or "" for blank

    def line(self, index: int) -> None:
        typed, meant = self.diagnostics.source.lines[index], self.meant[index]
        if not meant.strip():
            self._add_prose(index)
            self.previous = ""
        elif self._parse_heading(index, meant):
            self.previous = ""
        elif meant.lstrip().startswith(">") and not self._is_intro_quote(meant):
            self._parse_quote(index, typed, meant)
            self.previous = "quote"
        elif self._parse_item(index, typed, meant):
            self.previous = "widget"
        else:
            self._parse_text(index, typed, meant)
            self.previous = "prose"

    # --- headings

    def _parse_heading(self, index: int, meant: str) -> bool:
        if self.screen and self.previous == "prose" and patterns.UNDERLINE.match(meant):
            self._parse_underlined_heading(index - 1)
            return True
        if not meant.lstrip().startswith("#"):
            return False
        tight = patterns.TIGHT_HEADING.match(meant)
        match = tight or patterns.HEADING.match(meant)
        if match is None:
            return False
        if len(match[2]) != 2:
            is_prose = self.screen is None or len(match[2]) > 2
            if is_prose and not self.headings.is_target(meant[match.end() :]):
                return False
            if not is_prose and self.headings.is_note(index, meant[match.end() :], self.screen):
                message = "Ghi chú cho mình thì bắt đầu bằng %%; là tên màn hình thì bắt đầu bằng ##."
                self.diagnostics.error("heading-level", message, index, match.start(2), "%%")
                return True
            message = "Bắt đầu tên màn hình bằng hai dấu ##."
            self.diagnostics.error("heading-level", message, index, match.start(2), "##")
        if tight:
            self.diagnostics.error("heading-space", "Thêm dấu cách sau ##.", index, match.start(2), "## ")
        if len(match[1]) > 3:
            self.diagnostics.error(
                "heading-indented", "Viết ## ở đầu dòng, không lùi vào.", index, match.start(2), "##"
            )
        self.diagnostics.check_punctuation(index, match.start(2), match.end(2))
        self._start_screen(index, match.start(2), match.end())
        return True

    def _parse_underlined_heading(self, index: int) -> None:
        """Report an underlined heading, and treat it as a screen."""
        self.headings.report_underlined(index)
        if self.screen and index in self.screen.prose:
            self.screen.prose.remove(index)
        self._start_screen(index, 0, 0)

    def _start_screen(self, index: int, mark: int, start: int) -> None:
        title, attributes = parse_heading(self.diagnostics, index, start)
        self.screen = DraftScreen(title, index, mark, attributes)
        self.widget = None
        self.draft.screens.append(self.screen)

    def _report_outside(self, index: int, column: int) -> None:
        """Report the first line that is not below a heading."""
        if not self.has_reported_outside:
            self.diagnostics.error("outside-screen", _OUTSIDE, index, column)
        self.has_reported_outside = True

    # --- quotes

    def _is_intro_quote(self, meant: str) -> bool:
        """Whether this is a blockquote before the first screen: it is prose unless it starts with a keyword."""
        word = meant.lstrip().lstrip("> ").partition(":")[0]
        return self.screen is None and QUOTES.find(word) is None

    def _parse_quote(self, index: int, typed: str, meant: str) -> None:
        mark = len(meant) - len(meant.lstrip())
        self.diagnostics.check_punctuation(index, mark, mark + 1)
        start = mark + 1
        word, colon, _ = meant[start:].partition(":")
        column = start + len(word) - len(word.lstrip())
        code = QUOTES.find(word) if colon else None
        doubled = QUOTES.find(word.lstrip("> ")) if colon else None
        if self.screen is None:
            self._report_outside(index, mark)
            return
        self.widget = None if len(typed) - len(typed.lstrip()) < _SUB_LINE_INDENT else self.widget
        if code is None and self._parse_quoted_widget(self.screen, index, typed, meant, start):
            return
        if code is None and meant[start:].lstrip().startswith("?"):
            sign = meant.index("?", start)
            message = "Viết chữ “Gợi ý:” thay cho dấu ? ở đầu lời gợi ý."
            self.diagnostics.error("unknown-quote", message, index, sign, "Gợi ý:")
            return
        if code is None and doubled is not None:
            self.diagnostics.error("unknown-quote", "Chỉ gõ một dấu > ở đầu dòng.", index, column, ">")
            code = doubled
        if code is None:
            self.screen.has_unclear_quote = True
            column = column if meant[start:].strip() else mark
            report_unknown_quote(self.diagnostics, index, word, bool(colon), column)
            return
        colon_at = start + len(word)
        self.diagnostics.check_punctuation(index, colon_at, colon_at + 1)
        text = TextSpan.stripped(typed[colon_at + 1 :], index, colon_at + 1)
        if not text.text:
            self.screen.has_unclear_quote = True
            self.diagnostics.error("quote-empty", f"Viết nội dung sau “{word.strip()}:”.", index, column)
            return
        self.screen.quotes.setdefault(code, []).append(text)

    def _parse_quoted_widget(self, screen: DraftScreen, index: int, typed: str, meant: str, start: int) -> bool:
        """Parse ``> - [nút] Gửi => …``, as a widget; returns whether the line is one."""
        item = patterns.ITEM.match(meant, start)
        if item is None or not (role := patterns.ROLE.match(meant, item.end())) or ROLES.find(role[1]) is None:
            return False
        message = "Bỏ dấu > ở đầu dòng này: đây là một thứ trên màn hình, không phải lời nhắc."
        self.diagnostics.error("unknown-quote", message, index, start - 1, meant[start:].strip())
        self._parse_widget(screen, index, typed, item.start(2), item.end())
        return True

    # --- list items

    def _parse_item(self, index: int, typed: str, meant: str) -> bool:
        if patterns.RULE.match(meant):
            return False
        tight = patterns.TIGHT_ITEM.match(meant) or self._match_tight_sub_line(meant)
        match = tight or patterns.ITEM.match(meant)
        if match is None:
            return self._parse_bare_role(index, meant) or self._parse_bare_sub_line(index, typed, meant)
        body = meant[match.end() :]
        typed_mark = typed[match.start(2) : match.end(2)]
        is_bracketed = body.lstrip().startswith("[")
        if self.screen is None and not (is_bracketed and self._find_role(body)):
            return False
        is_typographic = typed_mark != match[2] and not is_bracketed
        is_sub_line = SUB_LINES.find(body.partition(":")[0]) is not None
        if is_typographic and not is_sub_line:
            return False  # a paragraph that starts with a typographic dash
        if self.screen is None:
            self._report_outside(index, match.start(2))
            return True
        self.diagnostics.check_punctuation(index, match.start(2), match.end(2))
        if tight:
            self.diagnostics.error("list-space", "Thêm dấu cách sau dấu - .", index, match.start(2), f"- {body[:1]}")
        if not tight and match[2] != "-" and (is_bracketed or is_sub_line):  # else it is reported as no item at all
            self.diagnostics.error("list-mark", "Bắt đầu dòng bằng dấu - .", index, match.start(2), "-")
        indent = len(match[1])
        if is_bracketed:
            if indent >= _SUB_LINE_INDENT:
                message = "Viết dòng này sát đầu dòng; chỉ các dòng phụ như “sai:” mới lùi vào."
                self.diagnostics.error("widget-indented", message, index, match.start(2))
            self._parse_widget(self.screen, index, typed, match.start(2), match.end())
        elif indent >= _SUB_LINE_INDENT or is_sub_line:
            self._parse_sub_line(index, typed, meant, match.start(2), match.end(), indent)
        else:
            self._add_item_without_role(self.screen, index, body, match.start(2), match.end())
        return True

    def _match_tight_sub_line(self, meant: str) -> re.Match[str] | None:
        tight = patterns.TIGHT_SUB_LINE.match(meant)
        return tight if tight and self._follows_widget(meant, tight.end()) else None

    def _parse_bare_sub_line(self, index: int, typed: str, meant: str) -> bool:
        """Parse ``  sai: …`` without its list mark."""
        indent = len(meant) - len(meant.lstrip())
        if indent < _SUB_LINE_INDENT or not self._follows_widget(meant, indent):
            return False
        self.diagnostics.error("list-mark", "Thêm dấu - và một dấu cách trước chữ này.", index, indent, "- ")
        self._parse_sub_line(index, typed, meant, indent, indent, indent)
        return True

    def _follows_widget(self, meant: str, start: int) -> bool:
        """Whether this is certainly a sub-line of the widget directly above."""
        word, colon, _ = meant[start:].partition(":")
        return (
            self.previous == "widget" and self.widget is not None and bool(colon) and SUB_LINES.find(word) is not None
        )

    def _find_role(self, body: str) -> str | None:
        role = patterns.ROLE.match(body.lstrip())
        return ROLES.find(role[1]) if role else None

    def _parse_bare_role(self, index: int, meant: str) -> bool:
        """Parse ``[nút] Gửi => …`` without its list mark, which would become prose."""
        role = patterns.BARE_ROLE.match(meant)
        if role is None or ROLES.find(role[1]) is None:
            return False
        column = len(meant) - len(meant.lstrip())
        self.diagnostics.error("list-mark", "Thêm dấu - và một dấu cách ở đầu dòng này.", index, column, "- [")
        if self.screen is not None:
            self._parse_widget(self.screen, index, self.diagnostics.source.lines[index], column, column)
        return True

    def _parse_widget(self, screen: DraftScreen, index: int, typed: str, mark: int, start: int) -> None:
        opening = ascii_punctuation(typed).index("[", start)
        bracketed = read_bracketed_role(self.diagnostics, index, opening)
        if bracketed is None:
            screen.has_lost_arrow = True
            role, typed_role, parts = None, TextSpan("", index, opening + 1), _empty_line(index, len(typed))
        else:
            role, typed_role = bracketed.role, bracketed.typed
            allows_arrow = role not in ROLES_WITHOUT_ARROW
            parts = parse_widget_line(self.diagnostics, index, bracketed.end, allows_arrow=allows_arrow)
        self.widget = DraftWidget(index, mark, role, typed_role, parts)
        screen.widgets.append(self.widget)

    def _add_item_without_role(self, screen: DraftScreen, index: int, body: str, mark: int, start: int) -> None:
        typed = self.diagnostics.source.lines[index]
        role = TextSpan("", index, start)
        self.widget = DraftWidget(index, mark, None, role, _empty_line(index, start))  # takes its sub-lines
        has_arrow = find_arrow(typed, mask_of_quoted_characters(typed)) is not None
        screen.has_lost_item = True
        screen.has_lost_arrow |= has_arrow
        report_item_without_role(self.diagnostics, index, body, mark, start, has_arrow=has_arrow)

    # --- sub-lines

    def _parse_sub_line(self, index: int, typed: str, meant: str, mark: int, start: int, indent: int) -> None:
        word, colon, _ = meant[start:].partition(":")
        code = SUB_LINES.find(word) if colon else None
        if code is None:
            column = start + len(word) - len(word.lstrip()) if word.strip() else mark
            meant_code = report_unknown_sub_line(self.diagnostics, index, word, bool(colon), column)
            if self.widget is not None:
                self.widget.empty_sub_lines.add(meant_code or "")
            return
        if self.widget is None:
            message = "Dòng phụ này không nằm ngay dưới một dòng - [vai] nào; bác đưa nó về dưới dòng của nó."
            self.diagnostics.error("sub-alone", message, index, mark)
            return
        if indent < _SUB_LINE_INDENT:
            self.diagnostics.error(
                "sub-indent", "Lùi dòng phụ vào hai dấu cách.", index, mark, f"  {meant[mark:].strip()}"
            )
        colon_at = start + len(word)
        self.diagnostics.check_punctuation(index, colon_at, colon_at + 1)
        text = TextSpan.stripped(typed[colon_at + 1 :], index, colon_at + 1)
        column = start + len(word) - len(word.lstrip())
        if code in self.widget.sub_lines:
            message = f"“{word.strip()}” đã viết ở trên; bác giữ lại một dòng."
            self.diagnostics.error("sub-twice", message, index, column)
        elif not text.text:
            self.diagnostics.error("sub-empty", f"Viết nội dung sau “{word.strip()}:”.", index, column)
            self.widget.empty_sub_lines.add(code)
        else:
            self.widget.sub_lines[code] = text
            self.widget.sub_keywords[code] = TextSpan(word.strip(), index, column)

    # --- prose

    def _parse_text(self, index: int, typed: str, meant: str) -> None:
        follows = self.previous in ("widget", "quote")
        column = len(typed) - len(typed.lstrip())
        if meant.lstrip().startswith(":::"):
            if meant.strip() != ":::" or not self.is_in_block:
                message = "Bỏ khối ::: này: các khối chỉ dùng trong hieu.md. Ở đây viết thành câu thường."
                self.diagnostics.error("block-elsewhere", message, index, column)
            self.is_in_block = meant.strip() != ":::"
            return
        title = self.headings.find_lost_title(typed)
        if title and not self.headings.is_underlined(index):
            message = f"Thêm ## ở đầu dòng này nếu nó là tên màn hình: “## {title}”."
            self.diagnostics.error("heading-missing", message, index, column, f"## {title}")
            self._start_screen(index, column, column)
            if self.screen and title != typed.strip():
                self.screen.title = TextSpan(title, index, max(typed.find(title), column))
            return
        if self._is_continued(index, typed, meant):
            message = "Viết nối vào cuối dòng trên: mỗi dòng - hoặc > nằm trọn trên một dòng."
            self.diagnostics.error("continued-line", message, index, column)
            if self.screen is not None:
                self.screen.has_lost_arrow = True
            if self.widget is not None:
                self.widget.parts.broken = True
            return
        if follows and column < _SUB_LINE_INDENT:
            warn_of_cut_line(self.diagnostics, index, typed, is_below_quote=self.previous == "quote")
        if not follows and column < _SUB_LINE_INDENT:
            self.widget = None
        self._add_prose(index)

    def _is_continued(self, index: int, typed: str, meant: str) -> bool:
        """Whether a line that is no item and no quote would continue the line above, which has to end there."""
        column = len(typed) - len(typed.lstrip())
        is_part = (
            column >= _SUB_LINE_INDENT
            or meant.lstrip()[0] in "={"
            or find_arrow(typed, mask_of_quoted_characters(typed))
        )
        return self.previous in ("widget", "quote") and bool(is_part)

    def _add_prose(self, index: int) -> None:
        (self.screen.prose if self.screen else self.draft.intro).append(index)


_OUTSIDE = "Viết dòng này dưới một màn hình, sau một dòng ## ."


def _empty_line(line: int, column: int) -> WidgetLine:
    return WidgetLine(TextSpan("", line, column), Attributes(), broken=True)
