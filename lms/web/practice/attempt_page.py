"""The page of an attempt at a practice.

What is the same for everybody who does the practice is rendered once and cached; the rest is filled in per attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast

from flask import Response, abort, get_template_attribute, json, redirect, render_template, request
from flask.typing import ResponseReturnValue
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from lms.content.links import LinkResolver
from lms.content.model import FIELD_ROLES, TRYOUT_NAME, Course, Lesson, Mode, Practice
from lms.content.practice.fields import value_filled_in_by_help
from lms.content.practice.screen_drill import is_drill, practice_for_compiled_model
from lms.learning.practice import attempts
from lms.learning.practice.attempts import UNSTARTED_ID, Attempt
from lms.learning.practice.guidance_level import FULL_GUIDANCE, Level, attempt_levels
from lms.web import clock
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.language import use_chosen_language, use_source_language
from lms.web.lesson_language import in_chosen_language, in_page_language, practice_part
from lms.web.offline_copies import allow_offline_copy
from lms.web.page_cache import SharedPage, no_store_page, shared_page, slot, uncached_page
from lms.web.practice.app_stylesheet import stylesheet_url
from lms.web.practice.attempt_view import AttemptView, view_attempt, visible_model, visible_state
from lms.web.practice.blueprint import bp
from lms.web.practice.data_fill import data_slots, fill_slots, group_digits
from lms.web.practice.device import current_drawn_device
from lms.web.practice.form_steps import parse_form_step, record_form_step
from lms.web.practice.live_class_bar import (
    class_and_seat_of_attempt,
    class_guidance_level,
    practice_page_slots,
)
from lms.web.practice.number_typo import describe_typo
from lms.web.practice.phone_components import phone_components
from lms.web.practice.phone_icons import icon_sheet
from lms.web.practice.screen_views import NO_DATA, ScreenView, ScreenViews, has_gestures
from lms.web.practice.screens_under_review import reviewed_screen_ids
from lms.web.practice.widget_views import WidgetView
from lms.web.request_context import library
from lms.web.submitted_writes import submit_write
from lms.web.urls import mismatch_report_url, practice_url

# The slots of attempt.html that depend on the attempt's state.
ATTEMPT_SLOTS = ("coach", "practice-help", "phone", "number", "screen-id", "pause-hidden")

bp.add_app_template_filter(group_digits)


@bp.get("/toi/luot/<attempt_id>")
def show_attempt(attempt_id: str) -> ResponseReturnValue:
    context = attempt_in_chosen_language(own_attempt(attempt_id))
    if context.practice is None:
        return redirect(f"{context.url}/ket-qua", 303) if context.attempt.ended else show_changed_page(context)
    page = no_store_page(render_attempt_page(context))
    # Pages of a class are never kept on the phone.
    return page if context.attempt.class_id else allow_offline_copy(page, context.course)


@bp.post("/toi/luot/<attempt_id>")
def record_step(attempt_id: str) -> ResponseReturnValue:
    step = parse_form_step(request.form)
    if step is not None and current_learner_id():
        submit_write(record_form_step, attempt_id=attempt_id, step=step, now=clock.now())
    return redirect(f"/toi/luot/{attempt_id}", 303)


def show_unstarted_attempt(course: Course, lesson: Lesson, practice: Practice, mode: Mode) -> Response:
    """The page from which a phone without a network starts an attempt: the same for everybody."""
    page = no_store_page(render_unstarted_attempt(course, lesson, practice, mode))
    page.headers["Practice-Digest"] = practice.digest
    return allow_offline_copy(page)


def render_unstarted_attempt(course: Course, lesson: Lesson, practice: Practice, mode: Mode) -> str:
    attempt = attempts.unstarted_attempt(course.slug, lesson.slug, practice, mode, now=clock.now())
    return render_attempt_page(AttemptContext(attempt, course, lesson, practice))


def own_attempt(attempt_id: str) -> AttemptContext:
    """The present learner's attempt, or 404."""
    return attempt_context(attempt_id, current_learner_id() or abort(404))


def attempt_context(attempt_id: str, learner_id: str) -> AttemptContext:
    """The attempt of this learner with its content, or 404.

    The caller decides whose attempt it may be: the learner's own, or in a class one that was started at a seat of it.
    """
    attempt = attempts.find_attempt(session(), learner_id, attempt_id)
    key = (attempt.course, attempt.lesson, attempt.practice, attempt.content_digest)
    former = library().edition_with_practice(*key) if attempt.class_id else None
    if former is not None:
        return AttemptContext(attempt, *former, former[1].practice_named(attempt.practice))
    lesson = library().lesson_or_merged_into(attempt.course, attempt.lesson) or abort(404)
    course = library().course(lesson.course) or abort(404)
    practice = lesson.practice_named(attempt.practice)
    unchanged = practice is not None and practice.digest == attempt.content_digest
    return AttemptContext(attempt, course, lesson, practice if unchanged else None)


def attempt_in_chosen_language(context: AttemptContext) -> AttemptContext:
    """The attempt with the texts of this phone's language; Vietnamese where the practice was edited since."""
    if context.practice is None:
        use_source_language(says_so=True)
        return context
    part = practice_part(context.practice.name)
    course, lesson = in_chosen_language(context.course, context.lesson, part)
    return replace(context, course=course, lesson=lesson, practice=part(lesson))


def show_changed_page(context: AttemptContext) -> Response:
    """What an attempt shows whose practice was edited since."""
    use_chosen_language()
    return no_store_page(
        render_template(
            "practice/changed.html",
            course=in_page_language(context.course),
            lesson=context.lesson,
            practice_url=context.practice_url,
        )
    )


@dataclass(frozen=True, slots=True)
class AttemptContext:
    """An attempt and its content. ``practice`` is None when the practice was edited since the attempt started."""

    attempt: Attempt
    course: Course
    lesson: Lesson
    practice: Practice | None  # the whole one, also where the attempt is a drill of some screens

    @property
    def played_practice(self) -> Practice:
        """The screens of this attempt. Needs ``practice``."""
        return practice_for_compiled_model(self.unchanged_practice, self.attempt.model)

    @property
    def unchanged_practice(self) -> Practice:
        """``practice``, for callers that know it is there.

        Raises:
            ValueError: the practice was edited.
        """
        if self.practice is None:
            raise ValueError(self.attempt.id)
        return self.practice

    @property
    def is_tryout(self) -> bool:
        return self.attempt.practice == TRYOUT_NAME

    @property
    def url(self) -> str:
        return f"/toi/luot/{self.attempt.id}"

    @property
    def practice_url(self) -> str:
        return practice_url(self.lesson, self.attempt.practice)


class CachedParts:
    """Cached parts of a page that are the same for all attempts at one practice in one mode on one device."""

    def __init__(self, context: AttemptContext) -> None:
        attempt = context.attempt
        self.device = current_drawn_device(context.unchanged_practice)
        reviewed = _reviewed_screens(context)
        place = (attempt.course, attempt.lesson, attempt.practice)
        self._key = ("practice", *place, context.unchanged_practice.digest, attempt.mode, self.device, reviewed)
        # Every choice of screens is another drill: caching them would fill the memory.
        self._is_cached = not is_drill(attempt.model)

    def part(self, name: tuple[str, ...], render: Callable[[], str]) -> SharedPage:
        return shared_page((*self._key, *name), render) if self._is_cached else uncached_page(render)


def render_attempt_page(context: AttemptContext) -> str:
    """Render the page of an attempt. Its templates for the script are cached, with slots for the attempt's data."""
    attempt, parts = context.attempt, CachedParts(context)
    class_and_seat = class_and_seat_of_attempt(attempt)
    class_level = cast("Level | None", class_guidance_level(attempt, class_and_seat[0])) if class_and_seat else None
    levels = _guidance_levels(context, class_level)
    level = levels.get(attempt.state["screen"], 0)
    data_by_slot = fill_slots(attempt.data) | {"result": escape(_result_url(context))}
    page = parts.part(("screens",), lambda: data_slots(_render_shared_page(context, parts.device)))
    return page.render(
        data_by_slot
        | _personal_attempt_fragments(context, parts, level, data_by_slot)
        | {"script-data": _script_data(context, parts, levels)}
        | ({} if context.is_tryout else {"report-link": _mismatch_report_link(attempt, context.lesson, context.url)})
        | (practice_page_slots(attempt, *class_and_seat) if class_and_seat else {})
    )


def _guidance_levels(context: AttemptContext, class_level: Level | None) -> dict[str, Level]:
    """The guidance level of each screen; {} except in guided mode. Screens without a task only wait or end."""
    if context.attempt.mode != Mode.FOLLOW:
        return {}
    levels = attempt_levels(session(), context.attempt, context.unchanged_practice, override=class_level)
    return {screen.id: levels.get(screen.id, FULL_GUIDANCE) for screen in context.unchanged_practice.screens}


def _personal_attempt_fragments(
    context: AttemptContext, parts: CachedParts, level: Level, data_by_slot: Mapping[str, Markup]
) -> dict[str, str]:
    """The slots that show the attempt's state.

    A whole class starts within a minute, so the start of an attempt is cached: only its data differs. Where the first
    screen has a field this does not hold, because the choices of a field are made from the data.
    """
    attempt = context.attempt
    first = context.played_practice.screen_by_id(attempt.state["screen"])
    if attempt.last_q or any(widget.role in FIELD_ROLES for widget in first.widgets):
        return _render_attempt_slots(context, level, attempt.data, _result_url(context))

    def render_start(slot_name: str) -> str:
        return data_slots(_render_attempt_slots(context, level, NO_DATA, slot("result"))[slot_name])

    key = ("first", attempt.model_digest, str(level))
    return {name: parts.part((*key, name), partial(render_start, name)).render(data_by_slot) for name in ATTEMPT_SLOTS}


def _render_attempt_slots(
    context: AttemptContext, level: Level, data: Mapping[str, str], result: str
) -> dict[str, str]:
    views, mode = _screen_views(context, data), context.attempt.mode
    screen = views.screen(context.attempt.state["screen"])
    view = view_attempt(context.attempt, views.messages(), level)
    view = replace(view, typo=_describe_typo(context.attempt, screen, view))
    return {
        "coach": _template_macro("coach.html", "coach")(screen, view),
        "practice-help": _template_macro("practice_help.html", "practice_help")(
            views.task_card(), view, screen.kind, mode
        ),
        "phone": _template_macro("phone.html", "phone")(screen, view, result),
        "number": str(screen.number),
        "screen-id": screen.id,
        "pause-hidden": " hidden" if screen.kind == "end" else "",  # nothing is left to do later
    }


def _describe_typo(attempt: Attempt, screen: ScreenView, view: AttemptView) -> str:
    """How the wrong number that was picked without a script differs from the wanted one; "" if nothing is wrong."""
    widget = next((each for each in screen.widgets if each.index == view.wrong_field), None)
    if widget is None or not _wants_number(widget):
        return ""
    given = view.field_values[widget.index]
    picked = next((choice.text for choice in widget.choices if choice.value == given), "")
    field = attempt.model["screens"][screen.id]["widgets"][widget.index]
    return describe_typo(picked, value_filled_in_by_help(field, attempt.data), tells_digits=attempt.mode == Mode.FOLLOW)


def _wants_number(widget: WidgetView) -> bool:
    return widget.role == "number" and not widget.rule


def _render_shared_page(context: AttemptContext, device: str) -> str:
    views = _screen_views(context, NO_DATA)
    return render_template(
        "practice/attempt.html",
        course=context.course,
        lesson=context.lesson,
        practice=context.practice,
        mode=context.attempt.mode,
        device=device,
        screens=views.screens(),
        messages=views.messages(),
        facts=views.task_facts(),
        practice_url=context.practice_url,
        stylesheet_url=stylesheet_url(context.course),
        icons=icon_sheet(views.icons(), device),
        has_gestures=has_gestures(context.played_practice),
        phone_components=phone_components(context.played_practice),
    )


def _screen_views(context: AttemptContext, data: Mapping[str, str]) -> ScreenViews:
    attempt, picture_url = context.attempt, LinkResolver(Path(context.lesson.folder)).picture_url
    whole = context.practice if is_drill(attempt.model) else None
    reviewed = _reviewed_screens(context)
    return ScreenViews(context.played_practice, attempt.mode, picture_url, data, drills_of=whole, reviewed=reviewed)


def _reviewed_screens(context: AttemptContext) -> frozenset[str]:
    return reviewed_screen_ids(context.attempt.course, context.attempt.lesson, context.unchanged_practice)


def attempt_screen_title(context: AttemptContext) -> Markup:
    """The title of the screen at which an attempt is."""
    return _screen_views(context, context.attempt.data).screen(context.attempt.state["screen"]).title


def _template_macro(file: str, name: str) -> Callable[..., str]:
    return get_template_attribute(f"practice/{file}", name)


def _script_data(context: AttemptContext, parts: CachedParts, levels: Mapping[str, Level]) -> str:
    """The JSON that the script starts from: the model, cached, and the state of this attempt."""
    attempt = context.attempt
    script_data = {
        "attempt": attempt.id,
        "mode": attempt.mode,
        "levels": levels,
        "data": attempt.data,
        "state": visible_state(attempt),
        "events": f"{context.url}/su-kien",
        "result": _result_url(context),
    }
    model = parts.part(
        ("model", attempt.model_digest),
        lambda: _template_macro("script_data.html", "script_data")(visible_model(attempt)),
    )
    return model.render({"attempt": htmlsafe_json_dumps(script_data, dumps=json.dumps)[1:-1]})


def _result_url(context: AttemptContext) -> str:
    return f"{context.url}/ket-qua"


def _mismatch_report_link(attempt: Attempt, lesson: Lesson, attempt_url: str) -> str:
    """Of an attempt that began without a network the server does not know the screen: there the learner says it."""
    is_known = attempt.id != UNSTARTED_ID
    url = f"{attempt_url}/may-khac" if is_known else mismatch_report_url(lesson, attempt.practice)
    return get_template_attribute("practice/mismatch_report_link.html", "mismatch_report_link")(url)
