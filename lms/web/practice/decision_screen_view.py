"""A decision screen as a card of a review: asked without a hint, as in a test, and explained after a tap."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from lms.content.links import LinkResolver
from lms.content.model import TAP_ROLES, InlineScreen, Lesson, Mode, Practice, Screen, Stage
from lms.content.practice.compiling import generate_random_data
from lms.message_catalog import mark_for_translation
from lms.web.language import translate_markup
from lms.web.practice.data_fill import DataFiller, task_card_lines
from lms.web.practice.demo_walkthrough import DEMO, DEMO_SEED
from lms.web.practice.feedback import FeedbackNote, expected_widget, screen_notes
from lms.web.practice.phone_components import drawn_components
from lms.web.practice.phone_icons import icon_of_widget, icon_sheet, icons_of_screen
from lms.web.practice.screen_views import ScreenView, ScreenViews, StillScreen
from lms.web.urls import practice_url, stage_url

RIGHT = mark_for_translation("Đúng rồi. Bác chọn “{}”.")
BETTER = mark_for_translation("Nên chọn “{}”.")


@dataclass(frozen=True, slots=True)
class DecisionScreenView:
    """``notes`` are empty until a choice is made."""

    task: Markup
    card: tuple[Markup, ...]  # the lines of the practice's task card
    screen: ScreenView
    still: StillScreen
    icons: Markup
    stylesheets: tuple[str, ...]
    notes: tuple[FeedbackNote, ...] = ()
    is_right: bool = False

    @property
    def is_answered(self) -> bool:
        return bool(self.notes)


def is_choice(screen: Screen, widget_index: int) -> bool:
    """Whether a tap on this widget decides: others lead nowhere."""
    widgets = screen.widgets
    return 0 <= widget_index < len(widgets) and bool(
        widgets[widget_index].arrow and widgets[widget_index].role in TAP_ROLES
    )


def is_right_choice(screen: Screen, widget_index: int) -> bool:
    return screen.widgets[widget_index].arrow == "=>"


def view_decision_screen(
    lesson: Lesson, practice: Practice, screen: Screen, chosen: int | None = None
) -> DecisionScreenView:
    """The screen to decide on; with ``chosen``, the index of a choice, what there is to say about it."""
    data = generate_random_data(practice, DEMO_SEED)
    filler = DataFiller(data)
    views = ScreenViews(practice, Mode.TEST, LinkResolver(Path(lesson.folder)).picture_url, data)
    is_right = chosen is not None and is_right_choice(screen, chosen)
    icons = {icon_of_widget(widget) for widget in screen.widgets} | set(icons_of_screen(screen))
    return DecisionScreenView(
        task=filler.text(screen.task),
        card=task_card_lines(practice.card, filler),
        screen=views.screen(screen.id),
        still=StillScreen(None if chosen is None else expected_widget(screen), {}, {}),
        icons=icon_sheet(icons - {""}),
        stylesheets=("phone", "app", *drawn_components([screen]), "pointed", "inline-screen"),
        notes=() if chosen is None else _notes(practice, screen, chosen, filler),
        is_right=is_right,
    )


def explanation_url(lesson: Lesson, practice: Practice, screen: Screen) -> str:
    """Where the lesson shows this screen: the section that draws it, or else the demonstration of the practice."""
    for number, section in enumerate(lesson.understand.sections, start=1):
        drawn = [(part.practice, part.screen) for part in section.parts if isinstance(part, InlineScreen)]
        if (practice.name, screen.id) in drawn:
            return f"{stage_url(lesson, Stage.UNDERSTAND)}#phan-{number}"
    return f"{practice_url(lesson, practice.name)}?che-do={DEMO}#man-{screen.id}"


def _notes(practice: Practice, screen: Screen, chosen: int, filler: DataFiller) -> tuple[FeedbackNote, ...]:
    """A note about the choice; after a wrong one, another about the right way."""
    why = filler.text(screen.why) if screen.why else None
    if is_right_choice(screen, chosen):
        return (
            FeedbackNote(
                "right", "right", translate_markup(RIGHT).format(filler.text(screen.widgets[chosen].label)), why
            ),
        )
    about_choice = [
        note for note in screen_notes(practice, screen, filler, Mode.FOLLOW) if note.key == f"stay {chosen}"
    ]
    expected = expected_widget(screen)
    better = (
        translate_markup(BETTER).format(filler.text(screen.widgets[expected].label))
        if expected is not None
        else Markup("")
    )
    return (*about_choice, FeedbackNote("better", "tip", better, why))
