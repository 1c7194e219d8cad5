"""A draft as learners, the wall and a sheet of paper will show it, rendered by their own pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import g, json, render_template
from markupsafe import escape

from lms.content.course_reader import read_course_result, read_lesson, recheck_period
from lms.content.files import read_text
from lms.content.folders import scan_lesson
from lms.content.inline_screen import LessonPractices
from lms.content.lesson_order import read_lesson_order
from lms.content.model import Course, Lesson, Library, Mode, Practice, Understand, Use
from lms.content.practice import engine
from lms.content.practice.compiling import generate_random_data
from lms.content.practice.storyboard import read_practice_with_problems
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use
from lms.learning.practice.attempts import Attempt, unstarted_attempt
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.desk.lesson_preview import render_lesson_preview
from lms.web.classroom.wall.practice_demonstration import demo_board
from lms.web.courses import course_page
from lms.web.language import rendering_in_language, translate
from lms.web.practice.app_stylesheet import stylesheet, stylesheet_url
from lms.web.practice.attempt_page import AttemptContext, render_attempt_page
from lms.web.practice.demo_walkthrough import DEMO_SEED, demo_steps
from lms.web.practice.form_steps import parse_form_step, to_events
from lms.web.practice.phone_components import phone_components
from lms.web.practice.real_device import printed_sheet_page
from lms.web.request_context import library
from lms.web.understand_stage import understand_page
from lms.web.use_stage import use_page
from lms.web.workshop.draft import Draft, typed_number
from lms.web.workshop.lesson_pictures import with_draft_pictures
from lms.web.workshop.not_previewable import NotPreviewable, not_previewable

PHONE, WALL, BOARD, SHEET = "dien-thoai", "tuong", "man-chieu", "to-buoc"
LABELS = {
    PHONE: mark_for_translation("Điện thoại"),
    WALL: mark_for_translation("Màn chiếu"),
    BOARD: mark_for_translation("Màn chiếu"),
    SHEET: mark_for_translation("Tờ các bước"),
}
STAYS = mark_for_translation("Hình đứng ở bản trước: tệp còn lỗi. Bác sửa lỗi thì hình vẽ lại.")
KINDS_BY_STEM = {"course": (PHONE,), "hieu": (PHONE, WALL), "lam": (PHONE, BOARD, SHEET), "dung": (PHONE,)}
MAX_WALK_EVENTS = 400
NOT_ON_THE_WALL = mark_for_translation("Màn này không lên màn chiếu: ở đó chỉ làm mẫu đường đúng.")
_COURSE_STYLESHEET = re.compile(r'href="/[a-z0-9-]+/mau\.css[^"]*"')


@dataclass(frozen=True, slots=True)
class Preview:
    """``html`` is a whole page. ``places`` are (line, id) of screens, or of sections and questions.

    ``stylesheet`` is that of the course's app with the draft's areas; ``log`` the events of a walk.
    """

    html: str
    places: tuple[tuple[int, str], ...] = ()
    stylesheet: str = ""
    screen: str = ""
    log: str = ""


class _NotOnTheWall(Exception):
    """The demonstration of a practice does not come to the screen that is to be shown."""


@dataclass(frozen=True, slots=True)
class _Written:
    """The draft in its course; ``practice`` only where it is a practice, which may not be solvable yet."""

    course: Course
    lesson: Lesson | None
    practice: Practice | None


def preview_kinds(stem: str) -> list[tuple[str, str]]:
    """How a file with this stem can be seen: each way with its label."""
    return [(kind, translate(LABELS[kind])) for kind in KINDS_BY_STEM[stem]]


def render_preview(draft: Draft, kind: str, form: Mapping[str, str]) -> Preview:
    """``form`` may hold the cursor's "line", or a step of a walk through a practice.

    Raises:
        NotPreviewable: the text has to be mended first.
    """
    preview = _render(draft, kind, form)
    html = _COURSE_STYLESHEET.sub(f'href="{draft_stylesheet_url(draft)}"', preview.html)
    return replace(preview, html=with_draft_pictures(html, draft.course, draft.lesson_folder))


def draft_stylesheet_url(draft: Draft) -> str:
    """The stylesheet of a course that learners may not see yet, with what the revision of the draft adds."""
    return f"/soan/mau/{draft.course}/{draft.path}" + (f"?ban={draft.number}" if draft.number else "")


def draft_stylesheet(draft: Draft) -> str:
    """The CSS at ``draft_stylesheet_url``.

    Raises:
        NotPreviewable: the text has to be mended first.
    """
    with draft.course_folder(whole=library().course_or_draft(draft.course) is None) as folder:
        return stylesheet(_course_with(_read(draft, folder)))


def _render(draft: Draft, kind: str, form: Mapping[str, str]) -> Preview:
    language = draft.file.language or SOURCE_LANGUAGE
    with draft.course_folder(whole=library().course_or_draft(draft.course) is None) as folder:
        written = _read(draft, folder)
        g.library, g.is_preview = _library_with(written), False  # the pages below read it, and cache nothing of it
        try:
            with rendering_in_language(language):  # that of the text, whatever its author reads the workshop in
                return _render_written(draft, written, kind, form)
        except _NotOnTheWall as error:
            raise NotPreviewable(translate(NOT_ON_THE_WALL)) from error


def _render_written(draft: Draft, written: _Written, kind: str, form: Mapping[str, str]) -> Preview:
    if written.lesson is None:
        return Preview(course_page(written.course).plain.decode())
    if written.practice is not None:
        return _practice_preview(written.course, written.lesson, written.practice, kind, form)
    if kind == WALL:
        return Preview(render_lesson_preview(require_account(), written.lesson))
    if draft.file.kind == "use":
        return Preview(use_page(written.course, written.lesson).plain.decode())
    sections, questions = written.lesson.understand.sections, written.lesson.understand.questions
    places = [(section.line, f"phan-{number}") for number, section in enumerate(sections, 1)]
    places += [(question.line, question.id) for question in questions]
    page = understand_page(written.course, written.lesson).plain.decode()
    return Preview(page, tuple(sorted(places)), stylesheet(_course_with(written)))


def _places(practice: Practice) -> tuple[tuple[int, str], ...]:
    return tuple((screen.line, screen.id) for screen in practice.screens)


def _practice_preview(
    course: Course, lesson: Lesson, practice: Practice, kind: str, form: Mapping[str, str]
) -> Preview:
    places = _places(practice)
    if kind == BOARD:
        screen = _screen_at(places, form.get("line", "")) or practice.start
        return replace(_board_preview(course, lesson, practice, screen), places=places)
    if kind == SHEET:
        return Preview(printed_sheet_page(course, lesson, practice).plain.decode())
    attempt = _walk(course, lesson, practice, places, form)
    page = render_attempt_page(AttemptContext(attempt[0], course, lesson, practice))
    return Preview(
        page,
        places,
        stylesheet(_course_with(_Written(course, lesson, practice))),
        attempt[0].state["screen"],
        attempt[1],
    )


def _board_preview(course: Course, lesson: Lesson, practice: Practice, screen: str) -> Preview:
    """The wall at the first step of the demonstration on a screen.

    Raises:
        _NotOnTheWall: the demonstration does not come to the screen.
    """
    steps = demo_steps(practice, generate_random_data(practice, DEMO_SEED))
    done = next((index for index, step in enumerate(steps) if step.screen == screen), None)
    if done is None and screen != practice.goal:
        raise _NotOnTheWall
    page = render_template(
        "workshop/practice_board.html",
        board=demo_board(lesson, practice, len(steps) if done is None else done),
        phone_components=phone_components(practice),
        app_stylesheet=stylesheet_url(course),
    )
    return Preview(page, stylesheet=stylesheet(_course_with(_Written(course, lesson, practice))))


def _walk(
    course: Course, lesson: Lesson, practice: Practice, places: tuple[tuple[int, str], ...], form: Mapping[str, str]
) -> tuple[Attempt, str]:
    """An attempt that nobody keeps, on the screen of the cursor or of the walk, and its log for the next step."""
    attempt = unstarted_attempt(course.slug, lesson.slug, practice, Mode.ALONE, now=clock.now())
    start, log = _read_walk(form.get("log", ""))
    if start not in attempt.state["screens"]:
        start, log = _screen_at(places, form.get("line", "")) or practice.start, []
    at_start = {**attempt.state, "screen": start, "ended": "end" in attempt.model["screens"][start]}
    at_start["screens"] = {**at_start["screens"], start: {**at_start["screens"][start], "visited": True}}
    state = engine.State.from_json(at_start)
    state = engine.replay(attempt.model, attempt.data, log, attempt.mode, state).state
    attempt = replace(attempt, state=state.as_json(), last_q=state.q)
    step = parse_form_step(form) if "screen" in form else None
    if step is not None and step.screen == state.screen and not state.ended:
        step = replace(step, q=state.q + 1)
        if step.action is not None and _leads_past_fields(attempt, step.action) and not step.fields:
            step = replace(step, action=("do", -1))  # an author need not fill in the fields each time
        events = to_events(attempt, step, clock.now())
        state = engine.replay(attempt.model, attempt.data, events, attempt.mode, state).state
        log = [*log, *events][:MAX_WALK_EVENTS]
    return replace(attempt, state=state.as_json(), last_q=state.q), json.dumps([start, log])


def _leads_past_fields(attempt: Attempt, action: tuple[str, int]) -> bool:
    screen = attempt.model["screens"][attempt.state["screen"]]
    return action == ("tap", screen["next"]) and any(
        "values" in widget or "rule" in widget for widget in screen["widgets"]
    )


def _read_walk(text: str) -> tuple[str, list[Any]]:
    try:
        start, log = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return "", []
    return (start, log) if isinstance(start, str) and isinstance(log, list) else ("", [])


def _screen_at(places: tuple[tuple[int, str], ...], line: str) -> str:
    """The screen in which the cursor's line is; "" before the first."""
    number = typed_number(line) or 0
    return next((screen for at, screen in reversed(places) if at <= number), "")


def with_walk_fields(html: str, address: str, fields: Mapping[str, str], text: str | None = None) -> str:
    """The page for a browser without a script: each step of the form sends these fields, and the draft's text."""
    inputs = "".join(
        f'<input type="hidden" form="man-hinh" name="{name}" value="{escape(value)}">' for name, value in fields.items()
    )
    if text is not None:
        inputs += f'<textarea form="man-hinh" name="text" hidden>\n{escape(text)}</textarea>'
    page = html.replace('id="man-hinh" method="post"', f'id="man-hinh" method="post" action="{escape(address)}"', 1)
    return page.replace("</practice-player>", f"{inputs}</practice-player>", 1)


def _course_with(written: _Written) -> Course:
    return written.course if written.lesson is None else written.course.with_lesson(written.lesson)


def _library_with(written: _Written) -> Library:
    course = _course_with(written)
    courses = (each for each in library().courses if each.slug != course.slug)
    return Library((*courses, course), "draft")


def _read(draft: Draft, folder: Path) -> _Written:
    today = clock.today()
    language = draft.file.language or SOURCE_LANGUAGE
    if not draft.lesson_folder:
        return _Written(_read_course(draft, folder).in_language(language), None, None)
    course = library().course_or_draft(draft.course) or _read_course(draft, folder)
    course = course.with_order(_written_order(folder))
    scan = scan_lesson(folder / draft.lesson_folder)
    days = recheck_period(folder, today)
    lesson, problems = read_lesson(scan, folder, today, days, is_draft=True)
    is_whole = lesson is not None and draft.file.language is None
    if lesson is None:
        lesson = next((each for each in (*course.lessons, *course.drafts) if each.slug == draft.lesson_slug), None)
    if lesson is None:
        raise not_previewable(draft, folder, problems)
    practices = {practice.name: practice for practice in lesson.practices}  # the originals, which a translation names
    lesson = replace(lesson.in_language(language), folder=str(scan.path))
    course = course.in_language(language).with_lesson(lesson)
    lesson = course.lesson(lesson.slug) or lesson  # with the number that learners will see
    if draft.file.kind == "practice":
        return _with_practice(draft, course, lesson, days)
    return _Written(course, lesson if is_whole else _with_stage(draft, lesson, practices), None)


def _written_order(folder: Path) -> tuple[str, ...]:
    """The order of the lessons that the course's page has as it is written now; none without a page."""
    text, _ = read_text(folder / "course.md", folder)
    return read_lesson_order(text) if text is not None else ()


def _read_course(draft: Draft, folder: Path) -> Course:
    result = read_course_result(folder, today=clock.today())
    if result.course is None:
        raise not_previewable(draft, folder, result.problems)
    return result.course


def _with_practice(draft: Draft, course: Course, lesson: Lesson, days: int) -> _Written:
    practice, _, is_drawable = read_practice_with_problems(
        draft.text,
        draft.path,
        name=draft.file.name,
        folder=Path(lesson.folder),
        today=clock.today(),
        recheck_after=days,
    )
    if not is_drawable:
        raise NotPreviewable(translate(STAYS))
    practice = replace(practice, language=draft.file.language or "")
    others = tuple(each for each in lesson.practices if each.name != practice.name)
    return _Written(course, replace(lesson, practices=(practice, *others)), practice)


def _with_stage(draft: Draft, lesson: Lesson, practices: LessonPractices) -> Lesson:
    folder = Path(lesson.folder)
    readers: Mapping[str, Callable[[], Understand | Use | None]] = {
        "understand": lambda: read_understand(draft.text, draft.path, folder=folder, practices=practices)[0],
        "use": lambda: read_use(draft.text, draft.path, folder=folder)[0],
    }
    stage = readers[draft.file.kind]()
    if stage is None:
        raise NotPreviewable(translate(STAYS))
    language = draft.file.language or ""
    if isinstance(stage, Understand):
        return replace(lesson, understand=replace(stage, language=language))
    return replace(lesson, use=replace(stage, language=language))


def render_cannot_draw(error: NotPreviewable, way_back: tuple[str, str]) -> str:
    """The page in place of a preview, for a browser without a script; ``way_back`` is an address and its label."""
    return render_template(
        "error.html",
        title=translate("Chưa xem thử được"),
        sentence=error.sentence,
        way_back=way_back,
    )
