"""Edits of screens: added, renamed with what refers to them, given a task or a picture, removed; start and goal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from lms.content.model import ScreenKind
from lms.content.practice.syntax_tree import DraftScreen, TextSpan
from lms.content.practice.vocabulary import SCREEN_KINDS
from lms.content.practice_drawing.drawing import Drawing, DrawnScreen, Picture
from lms.content.practice_drawing.verified_edits import (
    NotDrawable,
    VerifiedEdit,
    drawing_with_moved_targets,
    drawing_with_screen,
    one_line_of_text,
    screen_with_room_at,
)

Part = Literal["step", "wrong", "end"]  # what a screen is to its practice
_KIND_OF_PART: dict[Part, ScreenKind] = {"step": "app", "wrong": "wrong", "end": "end"}
_TITLE = "Tên màn hình này có dấu mà bài tập dùng làm dấu riêng, hay đã có màn khác mang. Bác đổi tên khác rồi ghi lại."
_SENTENCE = "Câu này có dấu mà bài tập dùng làm dấu riêng. Bác viết câu khác rồi ghi lại."
_PICTURE = "Chưa đặt được ảnh vào màn này. Bác sửa ở trang chữ."
_ENDS = "Phần đầu tệp còn lỗi nên chưa ghi được. Bác sửa ở trang chữ trước."


def part_of_screen(screen: DrawnScreen) -> Part:
    """What a screen is to its practice: a step on the way, where a wrong turn leads, or an end."""
    return "wrong" if screen.kind == "wrong" else "end" if screen.kind == "end" else "step"


def add_screen(text: str, title: str, after: int | None = None, source: str = "", alt: str = "") -> str:
    """Add a screen below screen ``after``, at the end without one; with a picture if it has a ``source``.

    Raises:
        NotDrawable: the title is empty, belongs to another screen, or cannot be written.
    """
    edited, title, alt = VerifiedEdit(text), one_line_of_text(title), one_line_of_text(alt)
    screens = edited.drawing.screens
    if not title:
        raise NotDrawable("Bác đặt tên cho màn hình, như “Nhập mã”.")
    _require_free(edited.drawing, title)
    if after is not None:
        edited.screen(after)
    number = len(screens) if after is None or not screens else after + 1
    lines = [f"## {title}", ""]
    pictures: tuple[Picture, ...] = ()
    if source:
        lines += [*_picture_lines(source, title, alt), ""]
        pictures = (Picture(0, source, title, alt),)
    at = edited.changes.line_count if number == 0 or number == len(screens) else _end_of(edited, number - 1)
    while at > 0 and not edited.changes.line_text(at - 1).strip():
        at -= 1  # below the last line with a text
    before = [""] if at else []
    following = edited.changes.line_text(at) if at < edited.changes.line_count else ""
    edited.changes.insert_at(at, [*before, *(lines[:-1] if not following.strip() else lines)])
    added = DrawnScreen("", title, "app", 0, 0, "", "", pictures, (), tuple(each.label for each in pictures))

    def with_added(drawing: Drawing) -> Drawing:
        moved = drawing_with_moved_targets(drawing, lambda target: target + (target >= number))
        return replace(drawing, screens=(*moved.screens[:number], added, *moved.screens[number:]))

    return edited.finish(with_added, _TITLE)


def rename_screen(text: str, number: int, title: str) -> str:
    """Give a screen another title, and follow it where arrows, ``bắt đầu`` and ``đích`` name it.

    Raises:
        NotDrawable: the title is empty, belongs to another screen, or cannot be written.
    """
    edited, title = VerifiedEdit(text), one_line_of_text(title)
    drawn, draft = edited.screen(number), edited.parsed.draft.screens[number]
    if not title:
        raise NotDrawable("Bác đặt tên cho màn hình, như “Nhập mã”.")
    _require_free(edited.drawing, title, number)
    _replace_words(edited, draft.title, title)
    for screen in edited.parsed.draft.screens:
        for widget in screen.widgets:
            if widget.parts.target is not None and widget.target_id == draft.id:
                _follow(edited, widget.parts.target, draft, title)
    for code in ("start", "goal"):
        value = edited.parsed.front_matter.matter.value(code)
        if value is not None and getattr(edited.parsed, code) == draft.id:
            _follow(edited, TextSpan(value.text, value.line, value.column), draft, title)
    return edited.finish(lambda drawing: drawing_with_screen(drawing, number, replace(drawn, title=title)), _TITLE)


def _follow(edited: VerifiedEdit, name: TextSpan, draft: DraftScreen, title: str) -> None:
    """Rename a reference. One by ``#id`` stays if the screen has this id of its own, whatever its title is."""
    if not name.text.startswith("#") or draft.attributes.id is None:
        edited.changes.replace_span(name, title)


def _replace_words(edited: VerifiedEdit, span: TextSpan, new: str) -> None:
    """Replace a text whose words may stand farther apart in the file than in the span."""
    line = edited.parsed.diagnostics.source.lines[span.line]
    typed = re.compile(r"\s+".join(map(re.escape, span.text.split()))).match(line, span.column)
    end = typed.end() if typed else span.column
    edited.changes.replace(span.line, span.column, end, new if span.text else f" {new}")


def _require_free(drawing: Drawing, title: str, but: int | None = None) -> None:
    if any(screen.title == title for number, screen in enumerate(drawing.screens) if number != but):
        raise NotDrawable(f"Đã có màn hình tên “{title}”. Bác đặt tên khác.")


def delete_screen(text: str, number: int) -> str:
    """Remove a screen; arrows to it are removed, and so are ``bắt đầu`` and ``đích`` if they name it.

    Notes right above the next screen stay: they are about that one.

    Raises:
        NotDrawable: there is no such screen.
    """
    edited = VerifiedEdit(text)
    edited.screen(number)
    draft = edited.parsed.draft.screens[number]
    start, end = edited.changes.line_in_file(draft.line), _end_of(edited, number)
    edited.changes.delete_lines(start, end)
    for screen in edited.parsed.draft.screens:
        for widget in screen.widgets:
            if screen is not draft and widget.parts.arrow and widget.target_id == draft.id:
                line = edited.parsed.diagnostics.source.lines[widget.line]
                before = len(line[: widget.parts.arrow.column].rstrip())
                edited.changes.replace(widget.line, before, len(line), "")
    for code in ("start", "goal"):
        value = edited.parsed.front_matter.matter.value(code)
        if value is not None and getattr(edited.parsed, code) == draft.id:
            edited.changes.delete(value.line)

    def without(drawing: Drawing) -> Drawing:
        led = drawing_with_moved_targets(
            drawing, lambda target: None if target == number else target - (target > number)
        )
        return replace(drawing, screens=(*led.screens[:number], *led.screens[number + 1 :]))

    return edited.finish(without, "Chưa bỏ được màn này: dòng quanh nó còn lỗi. Bác sửa ở trang chữ.")


def _end_of(edited: VerifiedEdit, number: int) -> int:
    """How many lines of the file come before what follows a screen: the next one, with the notes right above it."""
    screens = edited.parsed.draft.screens
    if number + 1 >= len(screens):
        return edited.changes.line_count
    at = edited.changes.line_in_file(screens[number + 1].line)
    while edited.changes.line_text(at - 1).lstrip().startswith("%%"):
        at -= 1
    return at


def set_task(text: str, number: int, task: str) -> str:
    """Set what is to be done on a screen (``Việc``); "" removes the line.

    Raises:
        NotDrawable: there is no such screen, or the sentence cannot be written.
    """
    return _set_quote(text, number, "task", "Việc", task)


def set_lost_sentence(text: str, number: int, lost: str) -> str:
    """Set what a screen at which one is lost says (``Lạc``); "" removes the line.

    Raises:
        NotDrawable: there is no such screen, or the sentence cannot be written.
    """
    return _set_quote(text, number, "lost", "Lạc", lost)


def set_hint(text: str, number: int, index: int, hint: str) -> str:
    """Set a hint of a screen (``Gợi ý``), of which it may have several; "" removes the line, a further one is added.

    Raises:
        NotDrawable: there is no such screen, or the sentence cannot be written.
    """
    edited, hint = VerifiedEdit(text), one_line_of_text(hint)
    drawn, draft = edited.screen(number), edited.parsed.draft.screens[number]
    typed = draft.quotes.get("hint", [])
    hints = list(drawn.hints)
    if index < len(typed) and hint:
        edited.changes.replace_span(typed[index], hint)
        hints[index] = hint
    elif index < len(typed):
        edited.changes.delete(typed[index].line)
        del hints[index]
    elif hint:
        above = [span.line for code in ("task", "hint") for span in draft.quotes.get(code, [])]
        edited.changes.insert_below(max([draft.line, *above]), [f"> Gợi ý: {hint}"])
        hints.append(hint)
    return edited.finish(
        lambda drawing: drawing_with_screen(drawing, number, replace(drawn, hints=tuple(hints))), _SENTENCE
    )


def _set_quote(text: str, number: int, code: Literal["task", "lost"], word: str, sentence: str) -> str:
    edited, sentence = VerifiedEdit(text), one_line_of_text(sentence)
    edited.screen(number)
    draft = edited.parsed.draft.screens[number]
    typed = draft.quotes.get(code, [])
    if typed and sentence:
        edited.changes.replace_span(typed[0], sentence)
    elif typed:
        edited.changes.delete(typed[0].line)
    elif sentence:
        edited.changes.insert_below(draft.line, [f"> {word}: {sentence}"])
    rest = typed[1].text if len(typed) > 1 and not sentence else sentence

    def expected(drawing: Drawing) -> Drawing:
        drawn = drawing.screens[number]
        return drawing_with_screen(
            drawing, number, replace(drawn, task=rest) if code == "task" else replace(drawn, lost=rest)
        )

    return edited.finish(expected, _SENTENCE)


def set_picture(text: str, number: int, source: str, alt: str, picture: int = 0) -> str:
    """Set a picture of a screen and what it shows (``mô tả``); a screen without one gets it as its first item.

    Raises:
        NotDrawable: there is no such screen, or the line of the picture has an error.
    """
    edited, alt = VerifiedEdit(text), one_line_of_text(alt)
    drawn, draft = edited.screen(number), edited.parsed.draft.screens[number]
    if picture >= len(drawn.pictures):
        return _add_picture(edited, number, source, alt)
    known = drawn.pictures[picture]
    widget = draft.widgets[known.place]
    typed, described = widget.parts.attributes.get("src"), widget.sub_lines.get("alt")
    if known.source != source:
        if typed is None:
            raise NotDrawable(_PICTURE)
        edited.changes.replace_span(typed.value, source)
    if described and alt:
        edited.changes.replace_span(described, alt)
    elif described:
        edited.changes.delete(described.line)
    elif alt:
        edited.changes.insert_below(widget.line, [f"  - mô tả: {alt}"])
    pictures = tuple(
        replace(each, source=source, alt=alt) if index == picture else each for index, each in enumerate(drawn.pictures)
    )
    return edited.finish(
        lambda drawing: drawing_with_screen(drawing, number, replace(drawn, pictures=pictures)), _PICTURE
    )


def _add_picture(edited: VerifiedEdit, number: int, source: str, alt: str) -> str:
    drawn, draft = edited.screen(number), edited.parsed.draft.screens[number]
    if not source:
        raise NotDrawable("Bác chọn một ảnh cho màn này.")
    label = drawn.title
    lines = _picture_lines(source, label, alt)
    if draft.widgets:
        above = draft.widgets[0].line - 1  # the picture becomes the first item
        edited.changes.insert_at(edited.changes.line_in_file(above) + 1, lines)
    else:
        quotes = [span.line for spans in draft.quotes.values() for span in spans]
        below = max([draft.line, *quotes])
        edited.changes.insert_below(below, ["", *lines])

    def expected(drawing: Drawing) -> Drawing:
        room = screen_with_room_at(drawn, 0, label)
        spots = tuple(replace(each, picture=0 if each.role == "area" else None) for each in room.spots)
        changed = replace(room, spots=spots, pictures=(Picture(0, source, label, alt),))
        return drawing_with_screen(drawing, number, changed)

    return edited.finish(expected, _PICTURE)


def _picture_lines(source: str, label: str, alt: str) -> list[str]:
    return [f"- [ảnh] {label} {{src={source}}}", *([f"  - mô tả: {alt}"] if alt else [])]


def set_screen_part(text: str, number: int, part: Part) -> str:
    """Make a screen a step, the place of a wrong turn, or an end (``loại``).

    Raises:
        NotDrawable: there is no such screen, or its heading has an error.
    """
    edited = VerifiedEdit(text)
    if part_of_screen(edited.screen(number)) == part:
        return text
    _write_kind(edited, edited.parsed.draft.screens[number], SCREEN_KINDS.spelling(_KIND_OF_PART[part]))
    changed = edited.finish(lambda drawing: drawing, _TITLE)
    if part_of_screen(VerifiedEdit(changed).screen(number)) != part:
        raise NotDrawable(_TITLE)
    return changed


def _write_kind(edited: VerifiedEdit, draft: DraftScreen, word: str) -> None:
    kind = draft.attributes.get("kind")
    line = edited.parsed.diagnostics.source.lines[draft.line]
    if kind is not None:
        is_quoted = line[kind.value.column - 1 : kind.value.column] in ('"', "“", "”")
        is_worded = "=" not in line[kind.key.column : kind.value.column]
        edited.changes.replace_span(kind.value, word if is_quoted or is_worded or " " not in word else f'"{word}"')
        return
    value = f'"{word}"' if " " in word else word
    first = min(
        [each.key for each in draft.attributes.values.values()]
        + ([draft.attributes.id] if draft.attributes.id else []),
        key=lambda span: span.column,
        default=None,
    )
    if first is None:
        words = len(re.sub(r"\s+#+\s*$", "", line).rstrip())
        edited.changes.replace(draft.line, words, words, f" {{loại={value}}}")
        return
    one = next(iter(draft.attributes.values.values()), None)
    is_worded = one is not None and "=" not in line[one.key.column : one.value.column]
    edited.changes.replace(draft.line, first.column, first.column, f"loại {word}, " if is_worded else f"loại={value} ")


def set_start(text: str, number: int) -> str:
    """Begin the practice at a screen (``bắt đầu``).

    Raises:
        NotDrawable: there is no such screen, or the front matter has an error.
    """
    return _set_end(text, number, "start", "bắt đầu")


def set_goal(text: str, number: int) -> str:
    """Let the practice be done at a screen (``đích``), which becomes an end.

    Raises:
        NotDrawable: there is no such screen, or the front matter has an error.
    """
    return _set_end(set_screen_part(text, number, "end"), number, "goal", "đích")


def _set_end(text: str, number: int, code: Literal["start", "goal"], key: str) -> str:
    edited = VerifiedEdit(text)
    title = edited.screen(number).title
    if getattr(edited.drawing, code) == number:
        return text
    matter = edited.parsed.front_matter.matter
    typed = matter.value(code)
    if typed is not None:
        edited.changes.replace_span(TextSpan(typed.text, typed.line, typed.column), title)
    elif matter.body:
        edited.changes.insert_at(edited.changes.line_in_file(matter.body - 1), [f"{key}: {title}"])
    else:
        edited.changes.insert_at(0, ["---", f"{key}: {title}", "---", ""])
    changed = edited.finish(lambda drawing: drawing, _ENDS)
    if getattr(VerifiedEdit(changed).drawing, code) != number:
        raise NotDrawable(_ENDS)
    return changed
