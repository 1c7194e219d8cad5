"""View models of a practice's screens: one frozen view a screen, every text filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from lms.content.fuzzy_matching import normalize_word
from lms.content.model import FIELD_ROLES, GESTURE_ROLES, Mode, Practice, Screen
from lms.content.practice.compiling import scored_screens
from lms.content.practice.screen_drill import screens_after_skip
from lms.message_catalog import mark_for_translation
from lms.web.language import translate
from lms.web.practice.data_fill import DataFiller, task_card_facts, task_card_lines
from lms.web.practice.feedback import FeedbackNote, expected_widget, screen_notes
from lms.web.practice.phone_icons import icon_id, icon_of_widget, icons_of_screen, permission_icon
from lms.web.practice.screen_numbering import screen_numbers
from lms.web.practice.widget_views import Rating, WidgetView, rating_view, typed_values, widget_view

MODE_LABELS = {
    "xem-mau": mark_for_translation("Xem mẫu"),
    Mode.FOLLOW: mark_for_translation("Làm theo"),
    Mode.ALONE: mark_for_translation("Tự làm"),
    Mode.TEST: mark_for_translation("Kiểm tra"),
}
# What the coach says on a screen without a task.
DEFAULT_TASKS = {
    "loading": mark_for_translation("Máy đang chạy, bác đợi một chút."),
    "wrong": mark_for_translation("Khoan đã, bác"),
    "end": mark_for_translation("Hết bài tập rồi, bác"),
}
GOAL_TEXT = mark_for_translation("Bác làm xong rồi")
# In a test a wrong screen looks like any other.
TEST_TASKS = {"loading": DEFAULT_TASKS["loading"], "end": mark_for_translation("Hết bài kiểm tra rồi, bác")}
TEST_DEFAULT_TASK = mark_for_translation("Bác xem kỹ màn hình, rồi chọn cách đi tiếp.")
# Widgets that are not drawn in the order of the file.
SEPARATE_ROLES = frozenset({"sms", "area", "tab"})
# Screens with a bar on top that has the back button.
KINDS_WITH_BAR = frozenset({"app", "messages", "scan", "loading", "browser", "store"})
# In a drill the machine skips the screens between those that are repeated.
SKIPPED_BEFORE = mark_for_translation("Các màn trước màn này, máy đã đi giúp bác.")
SKIPPED_AFTER = mark_for_translation("Các màn còn lại, máy đã đi giúp bác.")
NO_DATA: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class ScreenView:
    id: str
    kind: str
    title: Markup
    task: Markup  # the coach's sentence
    progress: str  # "Tự làm, màn 4 trong 10"
    skipped_text: str  # after screens that a drill skipped, else ""
    number: int  # 0 in a test, where it would give the right path away
    wait_widget: int | None  # on a loading screen the index of what ends it
    notes: tuple[FeedbackNote, ...]
    expected_widget: int | None  # its index; Enter in a field taps it
    submits_by_enter: bool
    consequence: Markup
    speeches: tuple[Markup, ...]
    prose: Markup
    bar_back: WidgetView | None  # the back button in the app's bar
    key_back: WidgetView | None  # what the phone's own back key taps
    widgets: tuple[WidgetView, ...]
    messages: tuple[WidgetView, ...]
    is_goal: bool
    permission_icon: str  # a symbol's id; "" on other screens
    scrolls: bool
    shown: Markup  # what the phone shows in place of the title; "" if it shows the title
    address: Markup
    developer: Markup
    rating: Rating | None
    time: str
    drawing: str  # a symbol's id, "" for none
    tabs: tuple[WidgetView, ...]
    key_strip: tuple[WidgetView, ...]  # the keys of a drawn keyboard
    is_under_review: bool  # many phones differ from it

    @property
    def heading(self) -> Markup:
        """The screen's name on the phone."""
        return self.shown or self.title


@dataclass(frozen=True, slots=True)
class MessageView:
    """One SMS in the drawer, which keeps messages from all screens."""

    screen: str
    index: int
    label: Markup
    body: Markup


@dataclass(frozen=True, slots=True)
class StillScreen:
    """A screen that nobody can use, with the attributes of ``AttemptView`` that the phone's templates read.

    ``field_values`` and ``field_texts`` are keyed by widget index.
    """

    pointed_widget: int | None
    field_values: Mapping[int, str]
    field_texts: Mapping[int, str]
    is_replay: bool = True
    shown_notes: frozenset[str] = frozenset()
    wrong_field: int | None = None
    earlier_messages: tuple[MessageView, ...] = ()


class ScreenViews:
    """The views of one practice's screens.

    Without ``data`` every ``{{key}}`` stays, for cached pages. ``picture_url`` makes a URL of a picture's ``src``.
    ``drills_of`` is the whole practice of which a drill repeats some screens; they keep their numbers.
    ``reviewed``: the ids of screens that may differ from real phones by now.
    """

    def __init__(
        self,
        practice: Practice,
        mode: str,
        picture_url: Callable[[str], str],
        data: Mapping[str, str] = NO_DATA,
        *,
        drills_of: Practice | None = None,
        reviewed: frozenset[str] = frozenset(),
    ) -> None:
        self._practice, self._mode, self._picture_url = practice, mode, picture_url
        self._filler, self._is_test = DataFiller(data), mode == Mode.TEST
        self._whole, self._numbers = drills_of, screen_numbers(drills_of or practice)
        self._reviewed = reviewed
        self._card = normalize_word(practice.card or "")
        self._after_skip = screens_after_skip(drills_of, practice) if drills_of else frozenset()

    def screens(self) -> tuple[ScreenView, ...]:
        """All screens in the order of the file; in a test, where it would show the right path, ordered by id."""
        screens = self._practice.screens
        return tuple(
            map(self._screen_view, sorted(screens, key=lambda screen: screen.id) if self._is_test else screens)
        )

    def screen(self, screen_id: str) -> ScreenView:
        return self._screen_view(self._practice.screen_by_id(screen_id))

    def task_card(self) -> tuple[Markup, ...]:
        """The lines of the task card."""
        return task_card_lines(self._practice.card, self._filler)

    def task_facts(self) -> tuple[Markup, ...]:
        """What can be copied from the task card, a line each."""
        widgets = (widget for screen in self._practice.screens for widget in screen.widgets)
        typed = {value for widget in widgets for value in typed_values(widget)}
        return task_card_facts(self._practice.card, self._filler, typed)

    def messages(self) -> tuple[MessageView, ...]:
        text = self._filler.text
        return tuple(
            MessageView(screen.id, index, text(widget.label), text(widget.body))
            for screen in self._practice.screens
            for index, widget in enumerate(screen.widgets)
            if widget.role == "sms"
        )

    def icons(self) -> frozenset[str]:
        """The symbols that the screens use."""
        widgets = (widget for screen in self._practice.screens for widget in screen.widgets)
        widget_icons = {icon_of_widget(widget) for widget in widgets}
        screen_icons = {icon for screen in self._practice.screens for icon in icons_of_screen(screen)}
        return frozenset((widget_icons | screen_icons) - {""})

    def _screen_view(self, screen: Screen) -> ScreenView:
        filler, expected, is_test = self._filler, expected_widget(screen), self._is_test
        kind = "app" if is_test and screen.kind == "wrong" else screen.kind
        all_widgets = tuple(
            widget_view(screen, index, filler, None if is_test else expected, self._picture_url, self._card)
            for index in range(len(screen.widgets))
        )
        bar_back = key_back = next((widget for widget in all_widgets if widget.role == "back"), None)
        # Where back is the only widget, an arrow in the bar alone would be overlooked.
        if kind not in KINDS_WITH_BAR or (is_test and len(all_widgets) == 1):
            bar_back = None
        return ScreenView(
            id=screen.id,
            kind=kind,
            title=filler.on_phone(screen.title),
            task=_test_task(screen, filler) if is_test else _task(self._practice, screen, filler),
            progress=self._progress_label(screen),
            skipped_text=self._skipped_text(screen),
            number=0 if is_test else self._screen_number(screen),
            wait_widget=_wait_widget(screen),
            notes=screen_notes(self._practice, screen, filler, self._mode),
            expected_widget=expected,
            submits_by_enter=expected is not None and any(widget.role in FIELD_ROLES for widget in screen.widgets),
            consequence=filler.text("" if is_test else screen.lost),
            speeches=tuple(filler.text(speech) for speech in screen.says),
            prose=filler.html(screen.prose),
            bar_back=bar_back,
            key_back=key_back,
            widgets=tuple(
                widget
                for widget in all_widgets
                if widget.role not in SEPARATE_ROLES and widget.look != "key" and widget is not bar_back
            ),
            messages=tuple(widget for widget in all_widgets if widget.role == "sms"),
            is_goal=screen.id == self._practice.goal and not is_test,
            permission_icon=permission_icon(screen),
            scrolls=screen.scrolls,
            shown=filler.on_phone(screen.shown),
            address=filler.text(screen.address),
            developer=filler.text(screen.developer),
            rating=rating_view(screen.stars),
            time=screen.time or "",
            drawing=icon_id(screen.drawing) if screen.drawing else "",
            tabs=tuple(widget for widget in all_widgets if widget.role == "tab"),
            key_strip=tuple(widget for widget in all_widgets if widget.look == "key"),
            is_under_review=screen.id in self._reviewed,
        )

    def _screen_number(self, screen: Screen) -> int:
        return self._numbers.numbers.get(screen.id, 1)

    def _progress_label(self, screen: Screen) -> str:
        mode, total = translate(MODE_LABELS[self._mode]), self._numbers.total
        if self._is_test:
            return translate("{mode}, bài có {total} màn").format(mode=mode, total=total)
        if self._whole:
            repeated = scored_screens(self._practice)
            if screen.id == self._practice.goal:
                # The goal has the number of the practice's last screen, which may not be among the repeated ones.
                first = self._numbers.numbers[repeated[0]]
                if len(repeated) == 1:
                    return translate("Tập lại xong màn {number}").format(number=first)
                return translate("Tập lại xong {count} màn").format(count=len(repeated))
            sentence = translate("Tập lại màn {number}, lượt này có {count} màn")
            return sentence.format(number=self._screen_number(screen), count=len(repeated))
        sentence = translate("{mode}, màn {number} trong {total}")
        return sentence.format(mode=mode, number=self._screen_number(screen), total=total)

    def _skipped_text(self, screen: Screen) -> str:
        if screen.id not in self._after_skip:
            return ""
        return translate(SKIPPED_AFTER) if screen.kind == "end" else translate(SKIPPED_BEFORE)


def has_gestures(practice: Practice) -> bool:
    """Whether an attempt's page needs the script of gestures and of screens that scroll."""
    screens = practice.screens
    return any(screen.scrolls or any(widget.role in GESTURE_ROLES for widget in screen.widgets) for screen in screens)


def _wait_widget(screen: Screen) -> int | None:
    waits = (index for index, widget in enumerate(screen.widgets) if widget.role == "wait")
    return next(waits, None) if screen.kind == "loading" else None


def _task(practice: Practice, screen: Screen, filler: DataFiller) -> Markup:
    if screen.task:
        return filler.text(screen.task)
    if screen.id == practice.goal:
        return escape(translate(GOAL_TEXT))
    default = DEFAULT_TASKS.get(screen.kind)
    return filler.text(translate(default) if default else screen.title)


def _test_task(screen: Screen, filler: DataFiller) -> Markup:
    return filler.text(screen.task or translate(TEST_TASKS.get(screen.kind, TEST_DEFAULT_TASK)))
