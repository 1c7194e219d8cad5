"""What stands on a screen, whatever it is: its lines in the file, and its removal."""

from __future__ import annotations

from lms.content.practice.syntax_tree import DraftWidget
from lms.content.practice_drawing.verified_edits import (
    NotDrawable,
    VerifiedEdit,
    drawing_with_screen,
    remove_item_from_screen,
)


def delete_item(text: str, screen: int, place: int) -> str:
    """Remove something to tap, to fill in or to read, with the lines that belong to it.

    Raises:
        NotDrawable: there is no such thing.
    """
    edited = VerifiedEdit(text)
    drawn = edited.screen(screen)
    if place not in {item.place for item in (*drawn.spots, *drawn.fields, *drawn.messages)}:
        raise NotDrawable("Chỗ này không còn trong bài. Bác tải lại trang rồi làm tiếp.")
    widget = edited.parsed.draft.screens[screen].widgets[place]
    edited.changes.delete(widget.line)
    for span in widget.sub_lines.values():
        edited.changes.delete(span.line)
    return edited.finish(
        lambda drawing: drawing_with_screen(drawing, screen, remove_item_from_screen(drawn, place)),
        "Dòng này trong lam.md còn lỗi nên chưa bỏ được. Bác sửa ở trang chữ trước.",
    )


def last_line(widget: DraftWidget) -> int:
    """The last line that belongs to a widget."""
    return max([widget.line, *(span.line for span in widget.sub_lines.values())])
