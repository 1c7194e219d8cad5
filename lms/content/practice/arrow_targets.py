"""Resolve the targets of arrows, of the start and of the goal: a screen's exact title, or ``#id``.

A near match is an error that names the screen probably meant, so that further checks can go on with that.
"""

from __future__ import annotations

from lms.content.fuzzy_matching import normalize_word, slugify
from lms.content.model import FIELD_ROLES, STATIC_ROLES
from lms.content.practice.arrows import find_mistyped_arrow
from lms.content.practice.screen_names import ScreenNames
from lms.content.practice.syntax_tree import ArrowSpan, DraftPractice, DraftScreen, DraftWidget, TextSpan
from lms.content.practice.widget_syntax import find_misplaced_syntax
from lms.content.source import Diagnostics, ascii_punctuation

ROLES_WITHOUT_ARROW = FIELD_ROLES | STATIC_ROLES | {"sms"}


class TargetResolver(ScreenNames[DraftScreen]):
    """Its constructor assigns the ids of screens, and reports missing and duplicate titles and ids."""

    def __init__(self, diagnostics: Diagnostics, draft: DraftPractice) -> None:
        super().__init__({}, {})
        self.diagnostics = diagnostics
        for screen in draft.screens:
            self._add(screen)
        self.by_normalized_title = {
            normalize_word(title): screen for title, screen in self.by_title.items() if normalize_word(title)
        }

    def _add(self, screen: DraftScreen) -> None:
        diagnostics, title = self.diagnostics, screen.title
        typed_id = screen.attributes.id
        screen.id = slugify(title.text)
        if not title.text:
            diagnostics.error("title-missing", "Viết tên màn hình sau dấu ## .", screen.line, screen.column)
        elif not screen.id and typed_id is None:
            message = "Viết tên màn hình có chữ hoặc số, hoặc thêm {#ten-rieng}."
            diagnostics.error("title-missing", message, screen.line, title.column)
        if typed_id is not None:
            screen.id = check_id(diagnostics, typed_id)
        if title.text and title.text in self.by_title:
            message = f"Đã có màn hình tên “{title.text}” ở trên; bác đặt tên khác."
            diagnostics.error("title-twice", message, screen.line, title.column)
            screen.duplicate_of = self.by_title[title.text].id
        elif screen.id and screen.id in self.by_id:
            column = typed_id.column if typed_id else title.column
            message = f"Đã có màn hình mang tên riêng “{screen.id}” ở trên; bác đặt tên khác, hoặc thêm {{#ten-rieng}}."
            diagnostics.error("id-twice", message, screen.line, column)
            screen.duplicate_of = screen.id
        if title.text:
            self.by_title.setdefault(title.text, screen)
        screen.id = screen.id or f"man-{screen.line + 1}"
        if screen.id in self.by_id:
            screen.id = f"{screen.id}-{screen.line + 1}"
        self.by_id[screen.id] = screen

    def resolve(self, span: TextSpan) -> tuple[str | None, str | None]:
        """The id of a target, or None and the id probably meant; an unknown target is reported."""
        screen = self.find(span.text)
        if screen:
            return screen.id, None
        near = self.guess(span.text)
        message, suggestion = self.describe_unknown(span.text)
        self.diagnostics.error("unknown-target", message, span.line, span.column, suggestion)
        return None, near.id if near else None

    def resolve_widget(self, widget: DraftWidget) -> None:
        """Set a widget's ``target_id`` or ``guessed_id``."""
        target = widget.parts.target
        if target is None:
            self._find_mistyped_arrow(widget)
            return
        if not target.text:
            if widget.parts.arrow and not widget.parts.broken:
                message = "Viết tên màn hình cần tới sau mũi tên."
                self.diagnostics.error("target-missing", message, target.line, widget.parts.arrow.column)
            return
        if self.find(target.text) is None:
            column = find_misplaced_syntax(target)
            if column is not None:
                if not widget.parts.broken and widget.role not in ROLES_WITHOUT_ARROW:  # else the line has an error
                    message = "Sau mũi tên chỉ viết tên màn hình cần tới; thuộc tính và giá trị đứng trước mũi tên."
                    self.diagnostics.error("order", message, target.line, target.column + column)
                widget.parts.broken = True
                near = self.find(target.text[:column]) or self.guess(target.text[:column])
                widget.guessed_id = near.id if near else None
                return
        if widget.parts.broken or widget.role in ROLES_WITHOUT_ARROW:
            near = self.find(target.text) or self.guess(target.text)
            widget.guessed_id = near.id if near else None
            if near or widget.role in ROLES_WITHOUT_ARROW:
                return
        widget.target_id, widget.guessed_id = self.resolve(target)

    def _find_mistyped_arrow(self, widget: DraftWidget) -> None:
        """Report punctuation before a screen's title that was meant as an arrow."""
        parts = widget.parts
        if parts.value is not None and widget.role not in FIELD_ROLES:
            guessed = self.guess(parts.value.text)
            if guessed:
                parts.broken, widget.guessed_id = True, guessed.id
                parts.arrow = ArrowSpan("=>", parts.value.line, parts.value.column)
            return
        if widget.role in ROLES_WITHOUT_ARROW:
            return
        found = find_mistyped_arrow(ascii_punctuation(parts.label.text), self.by_normalized_title)
        if found:
            start, end, title = found
            screen = self.by_normalized_title[title]
            column = parts.label.column + start
            sign = f"Thay “{parts.label.text[start:end]}” bằng" if end > start else "Thêm"
            message = (
                f"{sign} một mũi tên trước “{screen.title.text}”: => (đường đúng), -> (đường phụ) hoặc x> (bẫy). "
                "Chỉ là chữ thì đặt tên ấy trong ngoặc kép."
            )
            self.diagnostics.error("near-arrow", message, parts.label.line, column, "=>", end - start)
            parts.broken, widget.guessed_id = True, screen.id
            parts.arrow = ArrowSpan("=>", parts.label.line, column)


def check_id(diagnostics: Diagnostics, typed: TextSpan) -> str:
    """The normalised id; another spelling is reported."""
    meant = slugify(typed.text)
    if typed.text != meant or not meant:
        message = "Viết #id bằng chữ thường không dấu, số và dấu gạch ngang, như {#buoc-2}."
        diagnostics.error("bad-id", message, typed.line, typed.column, f"#{meant}" if meant else None)
    return meant
