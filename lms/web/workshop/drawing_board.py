"""What the drawing page shows: a card a screen, and the open screen with its pictures, areas and problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import get_template_attribute
from markupsafe import Markup

from lms.content.file_check import check_file
from lms.content.folders import visible_entries
from lms.content.links import PICTURE_KINDS
from lms.content.model import Arrow, Practice
from lms.content.practice.compiling import generate_random_data
from lms.content.practice.storyboard import read_practice_with_problems
from lms.content.practice.vocabulary import ROLES
from lms.content.practice_drawing.drawing import Drawing, DrawnScreen, Spot, read_drawing
from lms.content.practice_drawing.edit_fields import NewFieldRole
from lms.content.practice_drawing.edit_screens import Part, part_of_screen
from lms.content.problems import Problem
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.web import clock
from lms.web.language import rendering_in_language
from lms.web.practice.app_stylesheet import stylesheet_url
from lms.web.practice.demo_walkthrough import DEMO, DEMO_SEED
from lms.web.practice.phone_components import phone_components
from lms.web.practice.phone_icons import icon_sheet
from lms.web.practice.screen_views import ScreenViews, StillScreen
from lms.web.request_context import library
from lms.web.workshop.draft import Draft
from lms.web.workshop.drawing_form import default_arrow
from lms.web.workshop.drawing_problems import with_field_names
from lms.web.workshop.lesson_pictures import picture_url

ARROW_NAMES: Mapping[Arrow, str] = {
    "=>": mark_for_translation("đường đúng"),
    "->": mark_for_translation("lối phụ"),
    "x>": mark_for_translation("bẫy"),
}
NEW_FIELD_NAMES: Mapping[NewFieldRole, str] = {
    "number": mark_for_translation("ô gõ số"),
    "text": mark_for_translation("ô gõ chữ"),
    "switch": mark_for_translation("công tắc phải bật"),
}
PART_NAMES: Mapping[Part, str] = {
    "step": mark_for_translation("một bước phải làm"),
    "wrong": mark_for_translation("chỗ lạc"),
    "end": mark_for_translation("màn cuối"),
}
_SAMPLE_LEFT = "sample-left"  # the rule; many lines of a new lesson break it


@dataclass(frozen=True, slots=True)
class ScreenCard:
    """A screen among the others. ``picture`` is a URL, "" if it is drawn; ``exits`` are "label → title"."""

    number: int
    title: str
    part: Part
    picture: str
    areas: tuple[Spot, ...]
    exits: tuple[str, ...]
    problem_count: int
    is_start: bool
    is_goal: bool


@dataclass(frozen=True, slots=True)
class OpenPicture:
    """A picture to draw on. ``source`` is as the text has it."""

    index: int
    source: str
    alt: str
    url: str
    areas: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class DrawingBoard:
    """``screen`` is the open one, ``number`` its index; None of a practice without screens."""

    cards: tuple[ScreenCard, ...]
    number: int
    screen: DrawnScreen | None
    part: Part
    pictures: tuple[OpenPicture, ...]
    role_names: Mapping[str, str]
    next_target: int | None  # where a new area leads unless somebody chooses
    next_arrow: Arrow
    files: tuple[str, ...]  # the pictures of the lesson, as the text names them
    next_file: str  # the first that no screen shows yet, "" for none
    problems: tuple[Problem, ...]  # of the open screen
    other_problems: tuple[Problem, ...]  # above the first screen, and in the lesson's other files
    sample_files: tuple[str, ...]  # of the lesson, in which sample text is left; no other problem tells of it
    problem_count: int  # of this file
    phone: Markup  # the open screen as a drawn phone; "" if it has a picture or cannot be drawn yet
    phone_components: list[str]
    icons: Markup
    stylesheet: str


def read_board(draft: Draft, number: int) -> DrawingBoard:
    """The board of a draft, with one screen open; a number that no screen has opens the last."""
    drawing = read_drawing(draft.text)
    number = min(number, max(len(drawing.screens) - 1, 0))
    screen = drawing.screens[number] if drawing.screens else None
    with draft.course_folder() as folder:
        found = check_file(folder, draft.path, today=clock.today())
        files = _picture_files(folder / draft.lesson_folder)
        practice = None if screen is None or screen.pictures else _read_practice(draft, folder / draft.lesson_folder)
    screens = drawing.screens
    by_screen = {index: tuple(_within(found.problems, each)) for index, each in enumerate(screens)}
    has_way = screen is not None and any(spot.arrow == "=>" for spot in screen.spots)
    shown = {picture.source for each in screens for picture in each.pictures}
    first_line = screens[0].line if screens else 0
    course = library().course(draft.course)
    views = _views(practice) if practice else None
    with rendering_in_language(draft.file.language or SOURCE_LANGUAGE):  # what learners read, whatever the author reads
        phone = _phone(views, screen) if views and screen else Markup()
    return DrawingBoard(
        cards=tuple(_card(draft, drawing, index, len(by_screen[index])) for index in range(len(screens))),
        number=number,
        screen=screen,
        part=part_of_screen(screen) if screen else "step",
        pictures=_open_pictures(draft, screen) if screen else (),
        role_names={role: ROLES.spelling(role) for role in ROLES},
        next_target=number + 1 if not has_way and number + 1 < len(screens) else None,
        next_arrow=default_arrow(screen),
        files=files,
        next_file=next((file for file in files if file not in shown), ""),
        problems=tuple(with_field_names(each, screen, draft.text) for each in by_screen.get(number, ())),
        other_problems=tuple(
            with_field_names(each, None, draft.text)
            for each in found.problems
            if not first_line or each.line < first_line
        )
        + tuple(each for each in found.elsewhere if each.rule != _SAMPLE_LEFT),
        sample_files=tuple(dict.fromkeys(each.path for each in found.elsewhere if each.rule == _SAMPLE_LEFT)),
        problem_count=len(found.problems),
        phone=phone,
        phone_components=phone_components(practice) if practice else [],
        icons=icon_sheet(views.icons()) if views else Markup(),
        stylesheet=stylesheet_url(course) if course and practice else "",
    )


def _within(problems: tuple[Problem, ...], screen: DrawnScreen) -> list[Problem]:
    return [problem for problem in problems if screen.line <= problem.line <= screen.end]


def _card(draft: Draft, drawing: Drawing, number: int, problem_count: int) -> ScreenCard:
    screen = drawing.screens[number]
    first = screen.pictures[0] if screen.pictures else None
    return ScreenCard(
        number,
        screen.title,
        part_of_screen(screen),
        _picture_url(draft, first.source) if first else "",
        tuple(spot for spot in screen.spots if spot.rectangle and spot.picture == 0),
        tuple(
            f"{spot.label} → {drawing.screens[spot.target].title}" for spot in screen.spots if spot.target is not None
        ),
        problem_count,
        drawing.start == number,
        drawing.goal == number,
    )


def _open_pictures(draft: Draft, screen: DrawnScreen) -> tuple[OpenPicture, ...]:
    return tuple(
        OpenPicture(
            index,
            picture.source,
            picture.alt,
            _picture_url(draft, picture.source),
            tuple(spot for spot in screen.spots if spot.rectangle and spot.picture == index),
        )
        for index, picture in enumerate(screen.pictures)
    )


def _picture_files(folder: Path) -> tuple[str, ...]:
    images = folder / "images"
    names = [path.name for path in visible_entries(images)] if images.is_dir() else []
    return tuple(f"images/{name}" for name in names if Path(name).suffix.lower() in PICTURE_KINDS)


def _picture_url(draft: Draft, source: str) -> str:
    return picture_url(draft.course, f"{draft.lesson_folder}/{source}")


def _read_practice(draft: Draft, folder: Path) -> Practice | None:
    """The practice, None while it has errors that leave nothing to draw."""
    practice, _, is_drawable = read_practice_with_problems(
        draft.text, draft.path, name=draft.file.name, folder=folder, today=clock.today()
    )
    return practice if is_drawable else None


def _views(practice: Practice) -> ScreenViews:
    return ScreenViews(practice, DEMO, lambda source: source, generate_random_data(practice, DEMO_SEED))


def _phone(views: ScreenViews, screen: DrawnScreen) -> Markup:
    phone = get_template_attribute("practice/phone.html", "phone")
    return Markup(phone(views.screen(screen.id), StillScreen(None, {}, {}), "", True))  # noqa: S704  (our own macro)
