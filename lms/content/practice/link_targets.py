"""Where arrows, the start and the goal lead: a screen's title exactly, or ``#id``; a near match is an error."""

from __future__ import annotations

from difflib import SequenceMatcher

from lms.content.fuzzy_words import fold, nearest, slug
from lms.content.model import FIELD_ROLES
from lms.content.practice.arrows import find_sign_before
from lms.content.practice.syntax_tree import Draft, DraftScreen, DraftWidget, Piece
from lms.content.practice.widget_syntax import misplaced
from lms.content.source import Report, plain
from lms.content.tones import tone_elsewhere

ARROWLESS = FIELD_ROLES | {"sms", "label", "image"}
_CLOSE = 0.66  # how alike a title must be (0 to 1) to be what was probably meant


class Targets:
    """The screens by title and id. Making it reports titles and ids that are missing or used twice."""

    def __init__(self, report: Report, draft: Draft) -> None:
        self.report = report
        self.by_title: dict[str, DraftScreen] = {}
        self.by_id: dict[str, DraftScreen] = {}
        for screen in draft.screens:
            self._add(screen)
        self.folded = {fold(title): screen for title, screen in self.by_title.items() if fold(title)}

    def _add(self, screen: DraftScreen) -> None:
        report, title = self.report, screen.title
        typed_id = screen.attributes.id
        screen.id = slug(title.text)
        if not title.text:
            report.error("title-missing", "Viết tên màn hình sau dấu ## .", screen.line, screen.column)
        elif not screen.id and typed_id is None:
            message = "Viết tên màn hình có chữ hoặc số, hoặc thêm {#ten-rieng}."
            report.error("title-missing", message, screen.line, title.column)
        if typed_id is not None:
            screen.id = checked_id(report, typed_id)
        if title.text and title.text in self.by_title:
            message = f"Đã có màn hình tên “{title.text}” ở trên; bác đặt tên khác."
            report.error("title-twice", message, screen.line, title.column)
            screen.twin = self.by_title[title.text].id
        elif screen.id and screen.id in self.by_id:
            at = typed_id.column if typed_id else title.column
            message = f"Đã có màn hình mang tên riêng “{screen.id}” ở trên; bác đặt tên khác, hoặc thêm {{#ten-rieng}}."
            report.error("id-twice", message, screen.line, at)
            screen.twin = screen.id
        if title.text:
            self.by_title.setdefault(title.text, screen)
        screen.id = screen.id or f"man-{screen.line + 1}"
        if screen.id in self.by_id:
            screen.id = f"{screen.id}-{screen.line + 1}"
        self.by_id[screen.id] = screen

    def find(self, text: str) -> DraftScreen | None:
        """The screen that a target names exactly."""
        name = " ".join(text.split())
        found = self.by_title.get(name)
        return found or (self.by_id.get(name[1:]) if name.startswith("#") else None)

    def guess(self, text: str) -> DraftScreen | None:
        """The screen that a misspelt target most likely meant, when one is near."""
        name = " ".join(text.split())
        wanted = fold(name.removeprefix("#"))
        if not wanted:
            return None
        for title, screen in self.by_title.items():
            if fold(title) == wanted or fold(screen.id) == wanted or screen.id == slug(name):
                return screen
        known = {screen.id if name.startswith("#") else title: screen for title, screen in self.by_title.items()}
        if not known:
            return None
        near = nearest(name, known)
        return known[near] if SequenceMatcher(None, wanted, fold(near)).ratio() >= _CLOSE else None

    def resolve(self, piece: Piece) -> tuple[str | None, str | None]:
        """The id that a target names, and the id it was probably meant to name; what names nothing is reported."""
        found = self.find(piece.text)
        if found:
            return found.id, None
        near = self.guess(piece.text)
        if near is None and self.by_title:
            shown = nearest(piece.text, self.by_title)
        else:
            shown = near.title.text if near else None
        if piece.text.startswith("#") and near:
            shown = f"#{near.id}"
        message = f"Không có màn hình “{piece.text}”; viết đúng tên sau dấu ## của màn hình cần tới."
        if near:
            message = f"Không có màn hình “{piece.text}”; có phải bác muốn viết “{shown}”?"
            elsewhere = tone_elsewhere(piece.text, near.title.text)
            if elsewhere:  # in most terminals the two look the same
                message = f"Viết “{shown}” như ở dòng ##: chỉ khác chỗ đặt dấu, {elsewhere}."
        self.report.error("unknown-target", message, piece.line, piece.column, shown)
        return None, near.id if near else None

    def lead(self, widget: DraftWidget) -> None:
        """Find out where a widget's arrow leads."""
        target = widget.parts.target
        if target is None:
            self._lead_without_arrow(widget)
            return
        if not target.text:
            if not widget.parts.broken:
                message = "Viết tên màn hình cần tới sau mũi tên."
                self.report.error("target-missing", message, target.line, widget.parts.arrow.column)
            return
        if self.find(target.text) is None:
            at = misplaced(target)
            if at is not None:
                if not widget.parts.broken and widget.role not in ARROWLESS:  # else enough is said of this line
                    message = "Sau mũi tên chỉ viết tên màn hình cần tới; thuộc tính và giá trị đứng trước mũi tên."
                    self.report.error("order", message, target.line, target.column + at)
                widget.parts.broken = True
                near = self.find(target.text[:at]) or self.guess(target.text[:at])
                widget.guessed_id = near.id if near else None
                return
        if widget.parts.broken or widget.role in ARROWLESS:
            near = self.find(target.text) or self.guess(target.text)
            widget.guessed_id = near.id if near else None
            if near or widget.role in ARROWLESS:
                return
        widget.target_id, widget.guessed_id = self.resolve(target)

    def _lead_without_arrow(self, widget: DraftWidget) -> None:
        """A lone sign before a screen's title was meant to be an arrow."""
        parts = widget.parts
        if parts.value is not None and widget.role not in FIELD_ROLES:
            guessed = self.guess(parts.value.text)
            if guessed:
                parts.broken, widget.guessed_id = True, guessed.id
                parts.arrow = Piece("=>", parts.value.line, parts.value.column)
            return
        if widget.role in ARROWLESS:
            return
        found = find_sign_before(plain(parts.label.text), self.folded)
        if found:
            meant = self.folded[found[1]]
            at = parts.label.column + found[0]
            message = "Thay dấu này bằng một mũi tên: => (đường đúng), -> (đường phụ) hoặc x> (bẫy)."
            self.report.error("near-arrow", message, parts.label.line, at, "=>")
            parts.broken, widget.guessed_id = True, meant.id
            parts.arrow = Piece("=>", parts.label.line, at)


def checked_id(report: Report, typed: Piece) -> str:
    """An id as it may be written; another spelling is reported."""
    meant = slug(typed.text)
    if typed.text != meant or not meant:
        message = "Viết #id bằng chữ thường không dấu, số và dấu gạch ngang, như {#buoc-2}."
        report.error("bad-id", message, typed.line, typed.column, f"#{meant}" if meant else None)
    return meant
