"""What the form of the drawing page asks for, as edits of the text of lam.md.

The form carries the whole text and all fields of one screen, the open one. Fields that say what the text says already
make no edit, so that a button always does what was typed and its own action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lms.content.model import Arrow
from lms.content.practice.value_syntax import read_number
from lms.content.practice_drawing import edit_fields, edit_items, edit_screens, edit_spots
from lms.content.practice_drawing.drawing import Drawing, DrawnScreen, Rectangle, Spot, read_drawing
from lms.content.practice_drawing.verified_edits import NotDrawable
from lms.content.sample_text import with_drawn_beginning
from lms.message_catalog import mark_for_translation
from lms.web.language import translate
from lms.web.workshop.drawing_form_fields import (
    NEW_AREA_FIELDS,
    NEW_FIELD,
    NEW_MESSAGE,
    NEW_SCREEN,
    REFUSED_FIELDS,
    Edit,
    FieldEdit,
    Form,
    NewItem,
    deleted_hints,
    field_edits,
    hint_edits,
    is_field_changed,
    is_item_typed,
    new_field,
    new_message,
    typed_fields,
)
from lms.web.workshop.drawing_number_changes import NumberChanges

# Buttons: WRITE does what was typed; the others also open, add or remove something, and end in its number.
WRITE, OPEN, DELETE_SCREEN, DELETE_SPOT = "ghi", "mo-", "bo-man-", "bo-vung-"
DELETE_ALL = "bo-het"  # of all screens, such as those of the sample text
SIDE_FIELDS = ("trai", "tren", "rong", "cao")
NEW_AREA: Rectangle = (10, 40, 80, 10)  # what the fields of a new area begin with
_FIELDS_OF_PRACTICE = frozenset({"bat-dau", "dich"})
_ARROWS: tuple[Arrow, ...] = ("=>", "->", "x>")
_PARTS: tuple[edit_screens.Part, ...] = ("step", "wrong", "end")
_NOWHERE = mark_for_translation("“{}”: bác chọn màn ở ô “Dẫn tới” trước, rồi chọn là đường đúng, lối phụ hay bẫy.")
_NO_NUMBER = mark_for_translation("Bác ghi bốn số trái, trên, rộng, cao bằng chữ số, từ 0 đến 100.")


@dataclass(frozen=True, slots=True)
class AppliedForm:
    """The text after the edits, the number of the screen to show, and what could not be done, in sentences.

    ``moves``: where the screens, and what stands on the form's one, are now. ``unused``: fields as they were typed
    whose edit was refused, for the page to show again; ``reasons``: why, by the same names, for fields of what is
    there already.
    """

    text: str
    screen: int
    refusals: tuple[str, ...]
    moves: NumberChanges
    unused: Mapping[str, str]
    reasons: Mapping[str, str]


def apply_form(text: str, form: Form) -> AppliedForm:
    """Make all edits of the form. One that is refused leaves the others."""
    drawing = read_drawing(text)
    number = min(parse_number_or_none(form.get("man", "")) or 0, max(len(drawing.screens) - 1, 0))
    refusals: list[str] = []
    action, screen_count = form.get("do", WRITE), len(drawing.screens)
    screen = drawing.screens[number] if drawing.screens else None
    moves = NumberChanges(screen_count, len(screen.labels) if screen else 0, len(screen.hints) if screen else 0)
    unused: dict[str, str] = {}
    unused_screen: dict[str, str] = {}
    reasons: dict[str, str] = {}
    if screen:
        place = _index_of(action, DELETE_SPOT)
        for edit in (*_spot_edits(form, number, screen), *field_edits(form, number, screen)):
            if not edit.names[0].endswith(f"-{place}"):  # what is typed of something that goes cannot be wrong
                text = _try_fields(edit, text, reasons)
        refusals += _arrows_to_nowhere(form, screen, but=place)
        if place is not None:
            # Before anything is added to the screen: that gives other places to what stands below it.
            deleted_text = _try(lambda old: edit_items.delete_item(old, number, place), text, refusals)
            moves.record_item_deletion(place, succeeded=deleted_text != text)
            text = deleted_text
        screen_edits = (*_screen_edits(form, number, screen), *hint_edits(form, number, screen))
        for edit in (*screen_edits, *_end_edits(form, drawing)):
            text = _try_fields(edit, text, reasons)
        for index in deleted_hints(form, screen):
            moves.record_hint_deletion(index)
        moves.record_item_addition(
            0, succeeded=not screen.pictures and bool(read_drawing(text).screens[number].pictures)
        )
        if action not in (f"{DELETE_SCREEN}{number}", DELETE_ALL):  # else nothing is left to add to
            text, unused = _with_new_items(text, form, number, refusals, moves)
    added_at, form_screen = screen_count, number
    if is_item_typed(form, NEW_SCREEN):
        title, source, alt = form.get("man-moi", ""), form.get("man-anh", ""), form.get("man-mo-ta", "")
        after = parse_number_or_none(form.get("man-sau", ""))
        added = _try(lambda old: edit_screens.add_screen(old, title, after, source, alt), text, refusals)
        if added != text:
            text, number = added, screen_count if after is None else after + 1
            added_at = number
            moves.record_screen_addition(number)
        else:
            unused_screen = typed_fields(form, NEW_SCREEN)
    if action.startswith(OPEN):
        number = _behind(parse_number_or_none(action.removeprefix(OPEN)) or 0, added_at)
    elif (deleted := _index_of(action, DELETE_SCREEN)) is not None:
        deleted = _behind(deleted, added_at)
        without = _try(lambda old: edit_screens.delete_screen(old, deleted), text, refusals)
        moves.record_screen_deletion(deleted, succeeded=without != text)
        text, number = without, max(min(number, deleted) - (deleted <= number), 0)
    elif action == DELETE_ALL:
        for last in reversed(range(len(read_drawing(text).screens))):
            text = _try(lambda old, last=last: edit_screens.delete_screen(old, last), text, refusals)
            moves.record_screen_deletion(last, succeeded=True)
        if not read_drawing(text).screens:
            text = with_drawn_beginning(text)
        number = 0
    kept_at = moves.screens.get(form_screen)
    if kept_at is None:
        reasons = {name: reason for name, reason in reasons.items() if name in _FIELDS_OF_PRACTICE}
    if kept_at is not None and (
        any(unused.get(name) for name in REFUSED_FIELDS) or reasons.keys() - _FIELDS_OF_PRACTICE
    ):
        number = kept_at  # its sentence is about this screen, and what was typed can be mended on it alone
    shown_again = (unused if number == kept_at else {}) | {name: form[name] for name in reasons}
    moved = {moves.name(name): moves.value(name, typed) for name, typed in shown_again.items()}
    return AppliedForm(
        text,
        number,
        tuple(dict.fromkeys((*reasons.values(), *refusals))),
        moves,
        moved | unused_screen,
        {moves.name(name): reason for name, reason in reasons.items()},
    )


def _with_new_items(
    text: str, form: Form, number: int, refusals: list[str], moves: NumberChanges
) -> tuple[str, dict[str, str]]:
    """The text with the area, the message and the field that the form has, and the fields of those not added."""
    picture = parse_number_or_none(form.get("moi-anh", "")) or 0
    unused: dict[str, str] = {}
    news: list[tuple[NewItem, Edit, Callable[[DrawnScreen], int]]] = [
        (NEW_AREA_FIELDS, _new_area(form, number), lambda screen: edit_spots.place_of_new_area(screen, picture)),
        (NEW_MESSAGE, new_message(form, number), edit_fields.place_of_new_message),
        (NEW_FIELD, new_field(form, number), edit_fields.place_of_new_field),
    ]
    for item, edit, place_in in news:
        if is_item_typed(form, item):
            before, text = text, _try(edit, text, refusals)
            if text != before:
                moves.record_item_addition(place_in(read_drawing(before).screens[number]), succeeded=True)
            else:
                unused |= typed_fields(form, item)
    if not form.get("moi-ten", "").strip() and _has_other_sides(form):
        unused |= typed_fields(form, NEW_AREA_FIELDS)  # drawn, and waiting for its name: nothing to complain of
    return text, unused


def _has_other_sides(form: Form) -> bool:
    typed = [form.get(f"moi-{side}", "") for side in SIDE_FIELDS]
    return any(typed) and typed != [f"{side:g}" for side in NEW_AREA]


def _behind(number: int, added_at: int) -> int:
    """The number that a screen has once another one stands at ``added_at``."""
    return number + (number >= added_at)


def parse_number_or_none(value: str) -> int | None:
    """A screen's or a spot's number from 0; None if the text is none."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else None


def _index_of(action: str, beginning: str) -> int | None:
    return parse_number_or_none(action.removeprefix(beginning)) if action.startswith(beginning) else None


def _try_fields(edit: FieldEdit, text: str, reasons: dict[str, str]) -> str:
    """The text after the edit; if it is refused, why, under the name of each of its fields in ``reasons``."""
    refusals: list[str] = []
    text = _try(edit.edit, text, refusals)
    reasons.update((name, reason) for reason in refusals for name in edit.names)
    return text


def _try(edit: Edit, text: str, refusals: list[str]) -> str:
    try:
        return edit(text)
    except NotDrawable as error:
        refusals.append(str(error))
        return text


def _screen_edits(form: Form, number: int, screen: DrawnScreen) -> Iterator[FieldEdit]:
    yield from _picture_edits(form, number, screen)
    if is_field_changed(form, "viec", screen.task):
        yield FieldEdit(("viec",), lambda text: edit_screens.set_task(text, number, form["viec"]))
    if is_field_changed(form, "lac", screen.lost):
        yield FieldEdit(("lac",), lambda text: edit_screens.set_lost_sentence(text, number, form["lac"]))
    part = _part(form.get("phan", ""), edit_screens.part_of_screen(screen))
    yield FieldEdit(("phan",), lambda text: edit_screens.set_screen_part(text, number, part))
    if is_field_changed(form, "ten", screen.title):
        yield FieldEdit(("ten",), lambda text: edit_screens.rename_screen(text, number, form["ten"]))


def _picture_edits(form: Form, number: int, screen: DrawnScreen) -> Iterator[FieldEdit]:
    for index, picture in enumerate(screen.pictures):
        known = {f"anh-{index}": picture.source, f"mo-ta-{index}": picture.alt}
        source, alt = (form.get(name, text) for name, text in known.items())
        changed = tuple(name for name, text in known.items() if is_field_changed(form, name, text))
        if changed:
            yield FieldEdit(
                changed,
                lambda text, source=source, alt=alt, index=index: edit_screens.set_picture(
                    text, number, source, alt, index
                ),
            )
    if not screen.pictures and form.get("anh-0"):
        yield FieldEdit(
            ("anh-0", "mo-ta-0"),
            lambda text: edit_screens.set_picture(text, number, form["anh-0"], form.get("mo-ta-0", "")),
        )


def _spot_edits(form: Form, number: int, screen: DrawnScreen) -> Iterator[FieldEdit]:
    for spot in screen.spots:
        yield from _edits_of_spot(form, number, spot)


def _edits_of_spot(form: Form, number: int, spot: Spot) -> Iterator[FieldEdit]:
    place = spot.place
    name, warn, leads = f"ten-{place}", f"bao-{place}", (f"toi-{place}", f"mui-{place}")
    if is_field_changed(form, name, spot.label):
        yield FieldEdit((name,), lambda text: edit_spots.rename_spot(text, number, place, form[name]))
    if leads[0] in form:
        target, arrow = parse_number_or_none(form[leads[0]]), _arrow(form.get(leads[1], ""), spot.arrow)
        if target != spot.target or (target is not None and arrow != spot.arrow):
            yield FieldEdit(leads, lambda text: edit_spots.set_spot_target(text, number, place, arrow, target))
    if is_field_changed(form, warn, spot.warn):
        yield FieldEdit((warn,), lambda text: edit_spots.set_spot_warning(text, number, place, form[warn]))
    sides = tuple(f"{side}-{place}" for side in SIDE_FIELDS)
    if spot.role == "area" and sides[0] in form:
        typed, known = [form.get(side, "") for side in sides], _shown_sides(spot.rectangle)
        changed = tuple(name for name, new, old in zip(sides, typed, known, strict=True) if new != old)
        if changed:
            yield FieldEdit(changed, lambda text: edit_spots.move_area(text, number, place, _read_rectangle(typed)))


def _shown_sides(rectangle: Rectangle | None) -> list[str]:
    return [f"{side:g}" for side in rectangle] if rectangle else [""] * len(SIDE_FIELDS)


def default_arrow(screen: DrawnScreen | None) -> Arrow:
    """What a spot that leads nowhere yet is shown as: a side way if the screen has its right one."""
    return "->" if screen is not None and any(spot.arrow == "=>" for spot in screen.spots) else "=>"


def _arrows_to_nowhere(form: Form, screen: DrawnScreen, but: int | None) -> Iterator[str]:
    """Sentences about spots with an arrow chosen and no screen: the text keeps only both. ``but``: one that goes."""
    default = default_arrow(screen)
    free = [spot.place for spot in screen.spots if not spot.arrow and spot.place != but]
    spots = [(f"ten-{place}", f"toi-{place}", f"mui-{place}") for place in free]
    for name, target, arrow in (*spots, ("moi-ten", "moi-toi", "moi-mui")):
        label = " ".join(form.get(name, "").split())
        if label and not form.get(target) and _arrow(form.get(arrow, ""), default) != default:
            yield translate(_NOWHERE).format(label)


def _end_edits(form: Form, drawing: Drawing) -> Iterator[FieldEdit]:
    start, goal = parse_number_or_none(form.get("bat-dau", "")), parse_number_or_none(form.get("dich", ""))
    if start is not None and start != drawing.start:
        yield FieldEdit(("bat-dau",), lambda text: edit_screens.set_start(text, start))
    if goal is not None and goal != drawing.goal:
        yield FieldEdit(("dich",), lambda text: edit_screens.set_goal(text, goal))


def _new_area(form: Form, number: int) -> Edit:
    target = parse_number_or_none(form.get("moi-toi", ""))
    picture = parse_number_or_none(form.get("moi-anh", "")) or 0
    arrow = _arrow(form.get("moi-mui", ""), "=>")
    typed = [form.get(f"moi-{side}", "") for side in SIDE_FIELDS]
    return lambda text: edit_spots.add_area(
        text, number, picture, _read_rectangle(typed), form["moi-ten"], arrow, target
    )


def _read_rectangle(typed: list[str]) -> Rectangle:
    numbers = [read_number(text.strip()) for text in typed]
    if len(numbers) != len(SIDE_FIELDS) or any(number is None or number > 100 for number in numbers):
        raise NotDrawable(translate(_NO_NUMBER))
    x, y, w, h = (number or 0.0 for number in numbers)
    return x, y, w, h


def _arrow(typed: str, known: Arrow | None) -> Arrow:
    for arrow in _ARROWS:
        if arrow == typed:
            return arrow
    return known or "=>"


def _part(typed: str, known: edit_screens.Part) -> edit_screens.Part:
    for part in _PARTS:
        if part == typed:
            return part
    return known
