"""Xem lại: replay an ended attempt step by step, read-only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.content.links import LinkResolver
from lms.content.model import GESTURE_ROLES, Mode, Practice, Role, Screen
from lms.content.practice.compiling import compile_model, random_digit_count
from lms.content.practice.event_log_steps import Action, LogStep, split_log_into_steps
from lms.content.practice.fields import SATISFIES_RULE, is_redacted_value
from lms.content.practice.screen_drill import is_drill, practice_for_compiled_model
from lms.content.practice.vocabulary import ROLES
from lms.learning.accounts.account import Account
from lms.learning.practice import attempts
from lms.learning.practice.attempts import Attempt
from lms.message_catalog import mark_for_translation
from lms.web.database import session
from lms.web.language import mark_vietnamese, translate, translate_markup
from lms.web.page_cache import no_store_page
from lms.web.practice.app_stylesheet import stylesheet_url
from lms.web.practice.attempt_page import AttemptContext, attempt_in_chosen_language, own_attempt
from lms.web.practice.blueprint import bp
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.device import current_drawn_device
from lms.web.practice.feedback import FeedbackNote, note_key, screen_notes
from lms.web.practice.phone_components import phone_components
from lms.web.practice.phone_icons import icon_sheet
from lms.web.practice.result import traps_met
from lms.web.practice.screen_views import MessageView, ScreenView, ScreenViews

UNKNOWN_DATA = "……"  # for data that only a later version of the practice draws
MASKED = "••••••"  # in a field whose right value never left the phone
SCREEN_ACTIONS = {
    "hint": mark_for_translation("Đã xem gợi ý."),
    "point": mark_for_translation("Đã nhờ chỉ chỗ cần chạm."),
    "do": mark_for_translation("Đã nhờ máy làm giúp bước này."),
    "miss": mark_for_translation("Đã chạm vào chỗ không phải nút."),
}
MISSED_GESTURE = mark_for_translation("Đã chạm hay vuốt chưa trúng chỗ.")
WIDGET_ACTIONS = {
    "tap": mark_for_translation("Đã chạm {}."),
    "hold": mark_for_translation("Đã chạm và giữ {}."),
    "swipe": mark_for_translation("Đã vuốt ở {}."),
    "pinch": mark_for_translation("Đã dùng hai ngón tay ở {}."),
    "double-tap": mark_for_translation("Đã chạm hai cái vào {}."),
    "wait": mark_for_translation("Đã đợi {}."),
    "read": mark_for_translation("Đã đọc {}."),
    "choose": mark_for_translation("Đã chọn “{value}” ở {}."),
    "switch": mark_for_translation("Đã gạt {} sang {value}."),
    "type": mark_for_translation("Đã gõ <strong>{value}</strong> vào {}."),
}
LEFT_EMPTY = mark_for_translation("Đã để trống {}.")
TYPED_OTHER = mark_for_translation("Đã gõ chữ khác, dài {length} ký tự, vào {}. Máy không giữ chữ ấy.")
TYPED_OWN = mark_for_translation("Đã gõ chữ của mình vào {}, đúng cách. Máy không giữ chữ ấy.")
FIELD = mark_for_translation("ô “{}”")
SWITCH = mark_for_translation("công tắc “{}”")
NAMED = "“{}”"  # the same in any language
NUMBERED = mark_for_translation("{} thứ {} trên màn")


@dataclass(frozen=True, slots=True)
class ReplayPhoneView:
    """The part of ``AttemptView`` that the templates of a phone read, for a past step."""

    field_values: tuple[str | None, ...]
    field_texts: tuple[str, ...]  # the values as text
    pointed_widget: int | None  # what the learner touched
    wrong_field: int | None
    earlier_messages: tuple[MessageView, ...]
    is_replay: bool = True
    next_event: int = 0
    shown_notes: frozenset[str] = frozenset()
    next_help: str = ""
    help_highlighted: bool = False


@dataclass(frozen=True, slots=True)
class ReplayMoment:
    """One step as the page shows it. ``screen`` is None when the screen can no longer be drawn."""

    title: Markup
    screen: ScreenView | None
    attempt_view: ReplayPhoneView | None
    actions: tuple[Markup, ...]
    notes: tuple[FeedbackNote, ...]  # the feedback that was shown
    withheld_notes: tuple[FeedbackNote, ...]  # the feedback that a test withheld


@dataclass(frozen=True, slots=True)
class ReplayPageContext:
    """Who looks at a replay, and from where. ``seat_name`` ("Số 17 – con gà") is "" for the learner."""

    base_url: str  # ends so that "buoc=<number>" can follow
    back_url: str
    back_label: str
    seat_name: str = ""
    account: Account | None = None
    earlier_attempt_url: str = ""  # the replay of the attempt before this one


@bp.get("/toi/luot/<attempt_id>/xem-lai")
def show_replay(attempt_id: str) -> ResponseReturnValue:
    context = attempt_in_chosen_language(own_attempt(attempt_id))
    if not context.attempt.ended:
        return redirect(context.url, 303)
    return replay_page(
        context, ReplayPageContext(f"{context.url}/xem-lai?", f"{context.url}/ket-qua", translate("Về kết quả"))
    )


def replay_page(context: AttemptContext, viewer: ReplayPageContext) -> Response:
    """The page of the step that the query asks for."""
    attempt = context.attempt
    log = attempts.read_event_log(session(), attempt)
    steps = split_log_into_steps(attempt.model, attempt.data, log, attempt.mode)
    number = _step_number(request.args.get("buoc", ""), len(steps))
    practice = context.practice or context.lesson.practice_named(attempt.practice)
    builder = _ReplayBuilder(attempt, practice, LinkResolver(Path(context.lesson.folder)).picture_url)
    device = current_drawn_device(practice) if practice else ""
    return no_store_page(
        render_template(
            "practice/replay.html",
            course=context.course,
            lesson=context.lesson,
            title=practice.title if practice else context.lesson.name,
            moment=builder.moment(steps[number - 1]) if steps else None,
            number=number,
            total=len(steps),
            changed=context.practice is None,
            viewer=viewer,
            device=device,
            stylesheet_url=stylesheet_url(context.course),
            icons=icon_sheet(builder.icons(), device) if practice else "",
            phone_components=phone_components(practice) if practice else [],
        )
    )


def _step_number(text: str, total: int) -> int:
    """The requested step, from 1, limited to the steps there are."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), max(total, 1))


class _ReplayBuilder:
    """Builds the moments of one attempt.

    ``current_practice`` is the practice as it is today; its texts are used where the screen still has the same widgets.
    """

    def __init__(self, attempt: Attempt, current_practice: Practice | None, picture_url: Callable[[str], str]) -> None:
        self.attempt = attempt
        self.practice = _played_practice(current_practice, attempt) if current_practice else None
        self.filler = DataFiller(_known_data(current_practice, attempt))
        self.known_screens: frozenset[str] = frozenset()
        if self.practice:
            whole = current_practice if is_drill(attempt.model) else None
            data = _known_data(current_practice, attempt)
            self.views = ScreenViews(self.practice, attempt.mode, picture_url, data, drills_of=whole)
            self.known_screens = _screens_with_same_widgets(attempt.model, compile_model(self.practice))

    def icons(self) -> frozenset[str]:
        return self.views.icons() if self.practice else frozenset()

    def moment(self, step: LogStep) -> ReplayMoment:
        is_known = step.screen in self.known_screens
        screen = self.practice.screen_by_id(step.screen) if self.practice and is_known else None
        roles = [widget["role"] for widget in self.attempt.model["screens"][step.screen]["widgets"]]
        return ReplayMoment(
            title=self.filler.text(screen.title) if screen else Markup.escape(step.screen),
            screen=self.views.screen(step.screen) if screen else None,
            attempt_view=self._phone_view(step) if screen else None,
            actions=tuple(action_text(action, roles, screen, self.filler) for action in step.actions),
            notes=self._notes(step),
            withheld_notes=self._withheld_notes(step) if screen else (),
        )

    def _phone_view(self, step: LogStep) -> ReplayPhoneView:
        last = step.actions[-1]
        messages = self.views.messages()
        return ReplayPhoneView(
            field_values=step.fields,
            field_texts=tuple(MASKED if value == SATISFIES_RULE else value or "" for value in step.fields),
            pointed_widget=last.index if last.index >= 0 else None,
            wrong_field=step.said[1] if step.said[:1] == ("wrong",) else None,
            earlier_messages=tuple(
                message for message in messages if message.screen != step.screen and message.screen in step.visited
            ),
        )

    def _notes(self, step: LogStep) -> tuple[FeedbackNote, ...]:
        if self.practice is None or step.after not in self.known_screens:
            return ()
        key = note_key(step.said, self.attempt.model["screens"][step.after]["widgets"], step.fields)
        notes = screen_notes(self.practice, self.practice.screen_by_id(step.after), self.filler, self.attempt.mode)
        return tuple(note for note in notes if note.key == key)

    def _withheld_notes(self, step: LogStep) -> tuple[FeedbackNote, ...]:
        if self.practice is None or self.attempt.mode != Mode.TEST:
            return ()
        event = [0, 0, step.screen, step.actions[-1].index, step.actions[-1].action]
        if event[3] < 0:
            return ()
        return tuple(
            FeedbackNote(
                "withheld",
                "trap" if trap.is_trap else "careful",
                trap.warning or trap.consequence,
                trap.warning and trap.consequence,
            )
            for trap in traps_met(self.practice, [event], self.filler)
        )


def _played_practice(practice: Practice, attempt: Attempt) -> Practice | None:
    try:
        return practice_for_compiled_model(practice, attempt.model)
    except ValueError:  # a drill of screens that were removed
        return None


def _known_data(practice: Practice | None, attempt: Attempt) -> Mapping[str, str]:
    if practice is None:
        return attempt.data
    current = {key: UNKNOWN_DATA if random_digit_count(value) else value for key, value in practice.data}
    return {**current, **attempt.data}


def _screens_with_same_widgets(old_model: dict[str, Any], new_model: dict[str, Any]) -> frozenset[str]:
    """The screens whose widgets have the same roles in both models: today's texts fit the old events."""
    return frozenset(
        name
        for name, screen in old_model["screens"].items()
        if name in new_model["screens"] and _widget_roles(screen) == _widget_roles(new_model["screens"][name])
    )


def _widget_roles(screen: dict[str, Any]) -> list[str]:
    return [widget["role"] for widget in screen["widgets"]]


def action_text(action: Action, roles: Sequence[Role], screen: Screen | None, filler: DataFiller) -> Markup:
    """Say in one sentence what the learner did.

    ``roles`` are the roles of the screen's widgets. Without ``screen`` its texts are unknown: widgets have numbers.
    """
    if action.action == "miss" and GESTURE_ROLES.intersection(roles):
        return translate_markup(MISSED_GESTURE)
    if action.index < 0:
        return translate_markup(SCREEN_ACTIONS[action.action])
    widget = _widget_name(action, roles, screen, filler)
    value = action.value or ""
    if action.action == "type" and value in ("", "?0"):
        return translate_markup(LEFT_EMPTY).format(widget)
    if action.action == "type" and is_redacted_value(value):
        return translate_markup(TYPED_OTHER).format(widget, length=value[1:])
    if action.action == "type" and value == SATISFIES_RULE:
        return translate_markup(TYPED_OWN).format(widget)
    shown = filler.text(translate(value)) if action.action == "switch" else filler.on_phone(value)
    return translate_markup(WIDGET_ACTIONS[action.action]).format(widget, value=shown)


def _widget_name(action: Action, roles: Sequence[Role], screen: Screen | None, filler: DataFiller) -> Markup:
    role = roles[action.index]
    if screen is None:
        return translate_markup(NUMBERED).format(mark_vietnamese(Markup.escape(ROLES.spelling(role))), action.index + 1)
    pattern = SWITCH if role == "switch" else FIELD if action.value is not None else NAMED
    return translate_markup(pattern).format(filler.on_phone(screen.widgets[action.index].label))
