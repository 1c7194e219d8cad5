"""The lines of a storyboard sorted out: headings, quotes, widgets, their sub-lines, and prose."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from lms.content.fuzzy_words import Words, fold
from lms.content.practice.arrows import find_arrow
from lms.content.practice.link_targets import ARROWLESS
from lms.content.practice.syntax_tree import Attributes, Draft, DraftScreen, DraftWidget, Line, Piece
from lms.content.practice.widget_syntax import covered_places, read_heading, read_line
from lms.content.practice.words import QUOTES, ROLES, SUBS
from lms.content.source import Report, plain

_HEADING = re.compile(r"(\s*)(#{1,6})(\s+|$)")
_TIGHT_HEADING = re.compile(r"(\s*)(##)(?=[^\s#])")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
_RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*$")
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])(?:\s+|$)")
_TIGHT_ITEM = re.compile(r"(\s*)(-)(?=\[)")
_TIGHT_SUB = re.compile(r"(\s+)(-)(?=[^\s-])")
_BARE_ROLE = re.compile(r"\s*\[([^\[\]]*)\](?![(\[:])")
_ROLE = re.compile(r"\[([^\[\]]*)\]")
_OTHER_SIGN = re.compile(r"\s*([^;.,=:]+?)\s*([;.,=])")  # typed for a colon
_SUB_INDENT = 2  # spaces from which an item belongs to the widget above it


def read_lines(report: Report, first: int, ends: Iterable[str] = ()) -> Draft:
    """Read everything from line ``first`` on, and report what belongs nowhere.

    ``ends``: what the front matter calls the screens where the practice begins and ends.
    """
    reader = _Reader(report, _called(report.source.lines[first:], ends))
    for index in range(first, len(report.source.lines)):
        reader.line(index)
    return reader.draft


class _Reader:
    def __init__(self, report: Report, called: Container[str]) -> None:
        self.report = report
        self.called = called
        self.draft = Draft()
        self.screen: DraftScreen | None = None
        self.widget: DraftWidget | None = None  # the one that sub-lines belong to
        self.in_block = False  # of hieu.md, which means nothing here; its closing line is not reported again
        self.outside = False  # whether the lines above the first screen have been reported
        self.after = ""  # what the line above was: "widget", "quote", "prose" or "" for blank

    def line(self, index: int) -> None:
        typed = self.report.source.lines[index]
        meant = plain(typed)
        if not meant.strip():
            self._prose(index)
            self.after = ""
        elif self._heading(index, meant):
            self.after = ""
        elif meant.lstrip().startswith(">") and not self._is_intro_quote(meant):
            self._quote(index, typed, meant)
            self.after = "quote"
        elif self._item(index, typed, meant):
            self.after = "widget"
        else:
            self._text(index, typed, meant)
            self.after = "prose"

    # --- headings

    def _heading(self, index: int, meant: str) -> bool:
        if self.screen and self.after == "prose" and _UNDERLINE.match(meant):
            self._underlined(index - 1)
            return True
        tight = _TIGHT_HEADING.match(meant)
        match = tight or _HEADING.match(meant)
        if match is None:
            return False
        if len(match[2]) != 2:
            if _folded_title(meant[match.end() :]) not in self.called and (self.screen is None or len(match[2]) > 2):
                return False
            message = "Bắt đầu tên màn hình bằng hai dấu ##."
            self.report.error("heading-level", message, index, match.start(2), "##")
        if tight:
            self.report.error("heading-space", "Thêm dấu cách sau ##.", index, match.start(2), "## ")
        if len(match[1]) > 3:
            self.report.error("heading-indented", "Viết ## ở đầu dòng, không lùi vào.", index, match.start(2), "##")
        self.report.mend(index, match.start(2), match.end(2))
        self._open_screen(index, match.start(2), match.end())
        return True

    def _underlined(self, index: int) -> None:
        """A title with a line of dashes below it looks like a screen in every Markdown viewer."""
        title = self.report.source.lines[index].strip()
        message = "Bắt đầu tên màn hình bằng ## ở đầu dòng, không gạch chân bằng dấu - hay dấu =."
        self.report.error("heading-underlined", message, index, 0, f"## {title}")
        if self.screen and index in self.screen.prose:
            self.screen.prose.remove(index)
        self._open_screen(index, 0, 0)

    def _open_screen(self, index: int, mark: int, start: int) -> None:
        title, attributes = read_heading(self.report, index, start)
        self.screen = DraftScreen(title, index, mark, attributes)
        self.widget = None
        self.draft.screens.append(self.screen)

    def _report_outside(self, index: int, column: int) -> None:
        """The first of them is enough: they all wait for one heading."""
        if not self.outside:
            self.report.error("outside-screen", _OUTSIDE, index, column)
        self.outside = True

    # --- quotes

    def _is_intro_quote(self, meant: str) -> bool:
        """Before the first screen a quotation is prose, unless it begins like a task or a hint."""
        word = meant.lstrip().lstrip("> ").partition(":")[0]
        return self.screen is None and QUOTES.find(word) is None

    def _quote(self, index: int, typed: str, meant: str) -> None:
        mark = len(meant) - len(meant.lstrip())
        self.report.mend(index, mark, mark + 1)
        start = mark + 1
        word, colon, _ = meant[start:].partition(":")
        column = start + len(word) - len(word.lstrip())
        code = QUOTES.find(word) if colon else None
        doubled = QUOTES.find(word.lstrip("> ")) if colon else None
        if self.screen is None:
            self._report_outside(index, mark)
            return
        self.widget = None if len(typed) - len(typed.lstrip()) < _SUB_INDENT else self.widget
        if code is None and doubled is not None:
            self.report.error("unknown-quote", "Chỉ gõ một dấu > ở đầu dòng.", index, column, ">")
            code = doubled
        if code is None:
            self.screen.unclear = True
            self._unknown_quote(index, word, bool(colon), column if meant[start:].strip() else mark)
            return
        after = start + len(word)
        self.report.mend(index, after, after + 1)
        text = _piece(typed[after + 1 :], index, after + 1)
        if not text.text:
            self.screen.unclear = True
            self.report.error("quote-empty", f"Viết nội dung sau “{word.strip()}:”.", index, column)
            return
        self.screen.quotes.setdefault(code, []).append(text)

    def _unknown_quote(self, index: int, word: str, has_colon: bool, column: int) -> None:
        known = QUOTES.find_first(word.split())[0] if not has_colon else None
        sign = _sign_for_colon(QUOTES, word)
        if sign:
            self.report.error("unknown-quote", _COLON.format(*sign), index, column, f"{sign[0]}:")
            return
        if known:
            message = f"Thêm dấu hai chấm sau “{QUOTES.spelling(known)}”."
            self.report.error("unknown-quote", message, index, column, f"{QUOTES.spelling(known)}:")
            return
        near = QUOTES.nearest(word if has_colon else " ".join(word.split()[:2]) or "Việc")
        message = f"Bắt đầu dòng > bằng Việc, Gợi ý, Vì sao, Lạc hoặc Nói rồi dấu hai chấm; gần nhất là “{near}:”."
        self.report.error("unknown-quote", message, index, column, near if has_colon else f"{near}:")

    # --- list items

    def _item(self, index: int, typed: str, meant: str) -> bool:
        if _RULE.match(meant):
            return False
        tight = _TIGHT_ITEM.match(meant) or self._tight_sub(meant)
        match = tight or _ITEM.match(meant)
        if match is None:
            return self._bare_role(index, meant) or self._bare_sub(index, typed, meant)
        body = meant[match.end() :]
        typed_mark = typed[match.start(2) : match.end(2)]
        is_widget = body.lstrip().startswith("[")
        if self.screen is None and not (is_widget and self._role_in(body)):
            return False
        if typed_mark != match[2] and not is_widget and SUBS.find(body.partition(":")[0]) is None:
            return False  # a paragraph that begins with a dash of a word processor
        if self.screen is None:
            self._report_outside(index, match.start(2))
            return True
        self.report.mend(index, match.start(2), match.end(2))
        if tight:
            self.report.error("list-space", "Thêm dấu cách sau dấu - .", index, match.start(2), f"- {body[:1]}")
        is_sub = SUBS.find(body.partition(":")[0]) is not None
        if not tight and match[2] != "-" and (is_widget or is_sub):  # else that it is no item at all is said below
            self.report.error("list-mark", "Bắt đầu dòng bằng dấu - .", index, match.start(2), "-")
        indent = len(match[1])
        if is_widget:
            if indent >= _SUB_INDENT:
                message = "Viết dòng này sát đầu dòng; chỉ các dòng phụ như “sai:” mới lùi vào."
                self.report.error("widget-indented", message, index, match.start(2))
            self._widget(self.screen, index, typed, match.start(2), match.end())
        elif indent >= _SUB_INDENT or is_sub:
            self._sub(index, typed, meant, match.start(2), match.end(), indent)
        else:
            self._no_role(index, body, match.start(2), match.end())
        return True

    def _tight_sub(self, meant: str) -> re.Match[str] | None:
        tight = _TIGHT_SUB.match(meant)
        return tight if tight and self._follows_widget(meant, tight.end()) else None

    def _bare_sub(self, index: int, typed: str, meant: str) -> bool:
        """``  sai: …`` without its dash."""
        indent = len(meant) - len(meant.lstrip())
        if indent < _SUB_INDENT or not self._follows_widget(meant, indent):
            return False
        self.report.error("list-mark", "Thêm dấu - và một dấu cách trước chữ này.", index, indent, "- ")
        self._sub(index, typed, meant, indent, indent, indent)
        return True

    def _follows_widget(self, meant: str, start: int) -> bool:
        """Whether this can be nothing but the sub-line of the item right above."""
        word, colon, _ = meant[start:].partition(":")
        return self.after == "widget" and self.widget is not None and bool(colon) and SUBS.find(word) is not None

    def _role_in(self, body: str) -> str | None:
        role = _ROLE.match(body.lstrip())
        return ROLES.find(role[1]) if role else None

    def _bare_role(self, index: int, meant: str) -> bool:
        """``[nút] Gửi => …`` without its dash would be lost as prose."""
        role = _BARE_ROLE.match(meant)
        if role is None or ROLES.find(role[1]) is None:
            return False
        column = len(meant) - len(meant.lstrip())
        self.report.error("list-mark", "Thêm dấu - và một dấu cách ở đầu dòng này.", index, column, "- [")
        if self.screen is not None:
            self._widget(self.screen, index, self.report.source.lines[index], column, column)
        return True

    def _widget(self, screen: DraftScreen, index: int, typed: str, mark: int, start: int) -> None:
        meant = plain(typed)
        opening = meant.index("[", start)
        match = _ROLE.match(meant, opening)
        if match is None:
            message = "Khép vai bằng dấu ], như [nút]."
            self.report.error("role-open", message, index, opening, "]")
            role, typed_role, end = None, Piece("", index, opening + 1), len(typed)
            screen.leaks = True
        else:
            self.report.mend(index, opening, opening + 1)
            self.report.mend(index, match.end() - 1, match.end())
            typed_role = _piece(typed[match.start(1) : match.end(1)], index, match.start(1))
            role, end = ROLES.find(typed_role.text), match.end()
            if role is None:
                self._unknown_role(typed_role, opening)
            if typed[end : end + 1].strip():
                self.report.error("role-space", "Để một dấu cách sau dấu ] .", index, end, "] ")
        parts = read_line(self.report, index, end, leads=role not in ARROWLESS) if match else _nothing(index, end)
        self.widget = DraftWidget(index, mark, role, typed_role, parts)
        screen.widgets.append(self.widget)

    def _unknown_role(self, typed_role: Piece, opening: int) -> None:
        if not typed_role.text or fold(typed_role.text) == "x":
            message = "Viết vai trong ngoặc vuông, như [nút] hoặc [ô số]; ô đánh dấu không dùng ở đây."
            self.report.error("unknown-role", message, typed_role.line, opening, "nút")
            return
        near = ROLES.nearest(typed_role.text)
        message = f"Không có vai “{typed_role.text}”; có phải bác muốn viết “{near}”?"
        if not ROLES.resembles(typed_role.text):
            known = ", ".join(ROLES.spelling(role) for role in ROLES)
            message = f"Không có vai “{typed_role.text}”; chọn một trong các vai: {known}."
        self.report.error("unknown-role", message, typed_role.line, typed_role.column, near)

    def _no_role(self, index: int, body: str, mark: int, start: int) -> None:
        typed = self.report.source.lines[index]
        self.widget = DraftWidget(
            index, mark, None, Piece("", index, start), _nothing(index, start)
        )  # for its sub-lines
        self.screen.lost_item = True
        if find_arrow(typed, covered_places(typed)) is not None:
            self.screen.leaks = True
        code, count = ROLES.find_first(re.sub(r"[][(){}]", " ", body).split()[:3])
        near = f"[{ROLES.spelling(code)}]" if code and count else "[chữ]"
        message = f"Thêm vai trong ngoặc vuông sau dấu - , như {near}; đoạn văn thì không bắt đầu bằng dấu - ."
        self.report.error("item-without-role", message, index, mark, near)

    # --- sub-lines

    def _sub(self, index: int, typed: str, meant: str, mark: int, start: int, indent: int) -> None:
        word, colon, _ = meant[start:].partition(":")
        code = SUBS.find(word) if colon else None
        if code is None:
            sign = _sign_for_colon(SUBS, word)
            first = SUBS.find_first(word.split()[:2])[0] if not colon else None
            near = (
                SUBS.spelling(first) if first else SUBS.nearest(word if colon else " ".join(word.split()[:2]) or "sai")
            )
            message = (
                f"Bắt đầu dòng phụ bằng sai, báo, nội dung, chí tử hoặc mô tả rồi dấu hai chấm; gần nhất là “{near}:”."
            )
            if sign:
                near, message = sign[0], _COLON.format(*sign)
            elif first:
                message = f"Thêm dấu hai chấm sau “{near}”."
            if self.widget is not None:
                self.widget.empty_subs.add(SUBS.find(near) or "")
            column = start + len(word) - len(word.lstrip()) if word.strip() else mark
            self.report.error("unknown-sub", message, index, column, near if colon and not sign else f"{near}:")
            return
        if self.widget is None:
            message = "Dòng phụ này không nằm ngay dưới một dòng - [vai] nào; bác đưa nó về dưới dòng của nó."
            self.report.error("sub-alone", message, index, mark)
            return
        if indent < _SUB_INDENT:
            self.report.error("sub-indent", "Lùi dòng phụ vào hai dấu cách.", index, mark, f"  {meant[mark:].strip()}")
        after = start + len(word)
        self.report.mend(index, after, after + 1)
        text = _piece(typed[after + 1 :], index, after + 1)
        column = start + len(word) - len(word.lstrip())
        if code in self.widget.subs:
            message = f"“{word.strip()}” đã viết ở trên; bác giữ lại một dòng."
            self.report.error("sub-twice", message, index, column)
        elif not text.text:
            self.report.error("sub-empty", f"Viết nội dung sau “{word.strip()}:”.", index, column)
            self.widget.empty_subs.add(code)
        else:
            self.widget.subs[code] = text
            self.widget.sub_words[code] = Piece(word.strip(), index, column)

    # --- prose

    def _text(self, index: int, typed: str, meant: str) -> None:
        follows = self.after in ("widget", "quote")
        column = len(typed) - len(typed.lstrip())
        if meant.lstrip().startswith(":::"):
            if meant.strip() != ":::" or not self.in_block:
                message = "Bỏ khối ::: này: các khối chỉ dùng trong hieu.md. Ở đây viết thành câu thường."
                self.report.error("block-elsewhere", message, index, column)
            self.in_block = meant.strip() != ":::"
            return
        broken = column >= _SUB_INDENT or meant.lstrip()[0] in "={" or find_arrow(typed, covered_places(typed))
        if follows and broken:
            message = "Viết nối vào cuối dòng trên: mỗi dòng - hoặc > nằm trọn trên một dòng."
            self.report.error("continued-line", message, index, column)
            if self.screen is not None:
                self.screen.leaks = True
            if self.widget is not None:
                self.widget.parts.broken = True
            return
        if not follows and column < _SUB_INDENT:
            self.widget = None
        self._prose(index)

    def _prose(self, index: int) -> None:
        (self.screen.prose if self.screen else self.draft.intro).append(index)


_OUTSIDE = "Viết dòng này dưới một màn hình, sau một dòng ## ."
_COLON = "Sau “{}” gõ dấu hai chấm, không phải dấu {}"


def _called(lines: Sequence[str], ends: Iterable[str]) -> frozenset[str]:
    """What something leads to that is no screen, folded: a heading of another level with that title was to be one."""
    wanted, titles = {fold(end) for end in ends}, set()
    for typed in lines:
        meant = plain(typed)
        item, heading = _ITEM.match(meant), _HEADING.match(meant) or _TIGHT_HEADING.match(meant)
        if item and _ROLE.match(meant, item.end()):
            arrow = find_arrow(typed, covered_places(typed), item.end())
            if arrow:
                wanted.add(fold(typed[arrow.end :]))
        elif heading and len(heading[2]) == 2:
            titles.add(_folded_title(meant[heading.end() :]))
    return frozenset(wanted - titles - {""})


def _folded_title(typed: str) -> str:
    return fold(typed.partition(" {")[0].strip("# "))


def _sign_for_colon(words: Words, typed: str) -> tuple[str, str] | None:
    """A fixed word and the sign after it, where another sign than the colon was typed."""
    found = _OTHER_SIGN.match(typed)
    code = words.find(found[1]) if found else None
    return (words.spelling(code), found[2]) if code else None


def _nothing(line: int, column: int) -> Line:
    return Line(Piece("", line, column), Attributes(), broken=True)


def _piece(text: str, line: int, start: int) -> Piece:
    return Piece(text.strip(), line, start + len(text) - len(text.lstrip()))
