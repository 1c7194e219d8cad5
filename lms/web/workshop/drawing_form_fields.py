"""What the form of the drawing page asks for about hints, fields and messages, as edits of the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lms.content.practice_drawing import edit_fields, edit_screens
from lms.content.practice_drawing.drawing import DrawnScreen, Field, Message

Form = Mapping[str, str]
Edit = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """An edit of the text, and the names of the form's fields that ask for it, at least one."""

    names: tuple[str, ...]
    edit: Edit


@dataclass(frozen=True, slots=True)
class NewItem:
    """The fields that add something. Typing in one of ``begun_by`` asks for it; ``others`` have a choice already."""

    begun_by: tuple[str, ...]
    others: tuple[str, ...] = ()


NEW_AREA_FIELDS = NewItem(
    ("moi-ten",), ("moi-toi", "moi-mui", "moi-anh", "moi-trai", "moi-tren", "moi-rong", "moi-cao")
)
NEW_MESSAGE = NewItem(("moi-tin-tu", "moi-tin-chu"))
NEW_FIELD = NewItem(("moi-o-ten", "moi-o-dung"), ("moi-o-kieu",))
# Typed in and not added, something of the item was refused: an area may be drawn and wait for its name.
REFUSED_FIELDS = (*NEW_AREA_FIELDS.begun_by, *NEW_MESSAGE.begun_by, *NEW_FIELD.begun_by)
NEW_SCREEN = NewItem(("man-moi", "man-mo-ta"), ("man-sau", "man-anh"))


def field_edits(form: Form, number: int, screen: DrawnScreen) -> Iterator[FieldEdit]:
    """Edits of fields and messages that are there already. None of them gives anything on the screen another place."""
    for field in screen.fields:
        yield from _edits_of_field(form, number, field)
    for message in screen.messages:
        yield from _edits_of_message(form, number, message)


def hint_edits(form: Form, number: int, screen: DrawnScreen) -> Iterator[FieldEdit]:
    """Edits of the hints, once the task is there: it decides how a hint is written."""
    # From the last: a hint that is removed gives other numbers to those behind it.
    for index in reversed(range(len(screen.hints) + 1)):
        known = screen.hints[index] if index < len(screen.hints) else ""
        name = f"goi-y-{index}"
        if is_field_changed(form, name, known):
            yield FieldEdit(
                (name,), lambda text, index=index, name=name: edit_screens.set_hint(text, number, index, form[name])
            )


def deleted_hints(form: Form, screen: DrawnScreen) -> list[int]:
    """The hints whose fields were emptied, the last first."""
    return [index for index in reversed(range(len(screen.hints))) if not form.get(f"goi-y-{index}", "-").strip()]


def _edits_of_field(form: Form, number: int, field: Field) -> Iterator[FieldEdit]:
    place = field.place
    names = {f"o-ten-{place}": field.label, f"o-dung-{place}": field.value, f"o-sai-{place}": field.wrong}
    changed = tuple(name for name, known in names.items() if is_field_changed(form, name, known))
    if changed:
        label, value, wrong = (form.get(name, known) for name, known in names.items())
        yield FieldEdit(changed, lambda text: edit_fields.set_field(text, number, place, label, value, wrong))


def _edits_of_message(form: Form, number: int, message: Message) -> Iterator[FieldEdit]:
    place = message.place
    names = {f"tin-tu-{place}": message.sender, f"tin-chu-{place}": message.body}
    changed = tuple(name for name, known in names.items() if is_field_changed(form, name, known))
    if changed:
        sender, body = (form.get(name, known) for name, known in names.items())
        yield FieldEdit(changed, lambda text: edit_fields.set_message(text, number, place, sender, body))


def new_field(form: Form, number: int) -> Edit:
    """Adds a field; one without a name, or without what is right, is refused."""
    typed = form.get("moi-o-kieu", "")
    role: edit_fields.NewFieldRole = "number"
    for each in edit_fields.NEW_FIELD_ROLES:
        if each == typed:
            role = each
    return lambda text: edit_fields.add_field(text, number, role, form.get("moi-o-ten", ""), form.get("moi-o-dung", ""))


def new_message(form: Form, number: int) -> Edit:
    """Adds a message; one without a sender or words is refused."""
    return lambda text: edit_fields.add_message(text, number, form.get("moi-tin-tu", ""), form.get("moi-tin-chu", ""))


def is_item_typed(form: Form, item: NewItem) -> bool:
    """Whether somebody typed what the item is added by."""
    return any(form.get(name, "").strip() for name in item.begun_by)


def typed_fields(form: Form, item: NewItem) -> dict[str, str]:
    """The item's fields as they were sent."""
    return {name: form[name] for name in (*item.begun_by, *item.others) if name in form}


def is_field_changed(form: Form, name: str, known: str) -> bool:
    """Whether a field of the form says something else than the text does."""
    return name in form and " ".join(form[name].split()) != " ".join(known.split())
