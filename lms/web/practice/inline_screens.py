"""The screens of a practice that hieu.md draws between its paragraphs, to tap one control on each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from lms.content.links import LinkResolver
from lms.content.model import GESTURE_ROLES, InlineScreen, Lesson, Mode, Practice, Screen
from lms.content.practice.compiling import generate_random_data
from lms.message_catalog import mark_for_translation
from lms.web.language import translate, translate_markup
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.demo_walkthrough import DEMO, DEMO_SEED
from lms.web.practice.feedback import HAND_PICTURE, FeedbackNote, expected_widget, gesture_instruction, screen_notes
from lms.web.practice.phone_components import drawn_components
from lms.web.practice.phone_icons import icon_of_widget, icon_sheet, icons_of_screen
from lms.web.practice.screen_views import ScreenView, ScreenViews, StillScreen

RIGHT = mark_for_translation("Đúng rồi, bác chạm trúng chỗ.")
RIGHT_GESTURE = mark_for_translation("Đúng rồi, ngón tay bác làm khéo lắm.")
TAPPED_GESTURE = mark_for_translation("Chạm ở đây máy cũng nhận. Nhưng bác thử làm cho quen tay nhé. {}")
# The notes of a screen that a tap can call for; the others are about fields and help.
TAP_NOTES = ("stay", "idle", "miss")


@dataclass(frozen=True, slots=True)
class InlineScreenView:
    """``notes``: what is said after a tap, keyed like the engine's feedback.

    The key "right" is for the expected control; "tapped" is for a tap where a swipe or another gesture is expected.
    """

    html: Markup  # what to do
    screen: ScreenView
    still: StillScreen  # the control to tap is pointed at
    wall_still: StillScreen  # on the wall not, if the learner is to find it
    unaided: bool  # to be found by the learner; without a script it is still pointed at
    notes: tuple[FeedbackNote, ...]
    kind: str = "inline-screen"


class InlineScreens:
    """The views of one lesson's inline screens, and what their page needs for them."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._practice_views = cache(self._make_practice_views)

    def view(self, part: InlineScreen) -> InlineScreenView:
        practice, screen = self._find(part)
        views, filler = self._practice_views(practice.name)
        shown = views.screen(screen.id)
        return InlineScreenView(
            html=filler.html(part.html),
            screen=shown,
            still=StillScreen(shown.expected_widget, {}, {}),
            wall_still=StillScreen(None if part.unaided else shown.expected_widget, {}, {}),
            unaided=part.unaided,
            notes=tuple(_tap_notes(practice, screen, filler)),
        )

    @property
    def stylesheets(self) -> tuple[str, ...]:
        """The names of the stylesheets that the drawn phones need."""
        screens = [self._find(part)[1] for part in self._lesson.understand.inline_screens]
        return ("phone", "app", *drawn_components(screens), "pointed", "inline-screen")

    @property
    def icons(self) -> Markup:
        screens = [self._find(part)[1] for part in self._lesson.understand.inline_screens]
        names = {icon_of_widget(widget) for screen in screens for widget in screen.widgets}
        return icon_sheet((names | {icon for screen in screens for icon in icons_of_screen(screen)}) - {""})

    def _find(self, part: InlineScreen) -> tuple[Practice, Screen]:
        """The part's practice and screen, which the checker has seen.

        Raises:
            KeyError: the lesson has no such practice or screen.
        """
        practice = self._lesson.practice_named(part.practice)
        if practice is None:
            raise KeyError(part.practice)
        return practice, practice.screen_by_id(part.screen)

    def _make_practice_views(self, name: str) -> tuple[ScreenViews, DataFiller]:
        practice = self._lesson.practice_named(name)
        if practice is None:
            raise KeyError(name)
        data = generate_random_data(practice, DEMO_SEED)
        picture_url = LinkResolver(Path(self._lesson.folder)).picture_url
        return ScreenViews(practice, DEMO, picture_url, data), DataFiller(data)


def _tap_notes(practice: Practice, screen: Screen, filler: DataFiller) -> Iterator[FeedbackNote]:
    index = expected_widget(screen)
    expected = None if index is None else screen.widgets[index]
    why = filler.text(screen.why) if screen.why else None
    if expected and expected.role in GESTURE_ROLES:
        how = gesture_instruction(expected).format(translate(HAND_PICTURE))
        yield FeedbackNote("right", "right", translate_markup(RIGHT_GESTURE), why)
        yield FeedbackNote("tapped", "tip", translate_markup(TAPPED_GESTURE).format(how))
    else:
        yield FeedbackNote("right", "right", translate_markup(RIGHT), why)
    for note in screen_notes(practice, screen, filler, Mode.FOLLOW):
        if note.key.split()[0] in TAP_NOTES:
            yield note
