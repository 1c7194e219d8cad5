"""The demonstration of a practice on the wall, one step at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from lms.content.links import LinkResolver
from lms.content.model import Lesson, Practice
from lms.content.practice.compiling import generate_random_data
from lms.web.language import translate_markup
from lms.web.practice.demo_walkthrough import DEMO, DEMO_SEED, demo_steps
from lms.web.practice.phone_icons import icon_sheet
from lms.web.practice.screen_views import ScreenView, ScreenViews, StillScreen


@dataclass(frozen=True, slots=True)
class DemoBoard:
    """One step of a demonstration. ``step_number`` is 0 once all steps are done."""

    instruction: Markup
    step_number: int
    step_count: int
    screen: ScreenView
    view: StillScreen
    icons: Markup
    is_first_step: bool  # then the task card is shown, too
    card: tuple[Markup, ...]
    kind: str = "demo"


def demo_board(lesson: Lesson, practice: Practice, steps_done: int, single_screen: str | None = None) -> DemoBoard:
    """Build the board after ``steps_done`` steps; ``single_screen`` limits the demonstration to one screen."""
    data = generate_random_data(practice, DEMO_SEED)
    views = ScreenViews(practice, DEMO, LinkResolver(Path(lesson.folder)).picture_url, data)
    steps = demo_steps(practice, data)
    current = min(max(steps_done, 0), len(steps))
    screen = views.screen(steps[current].screen if current < len(steps) else practice.goal)
    filled = {step.widget_index: step.value for step in steps[:current] if step.screen == screen.id and step.value}
    own_steps = [index for index, step in enumerate(steps) if single_screen in (None, step.screen)]
    step_indexes = range(own_steps[0], own_steps[-1] + 1) if own_steps else range(0)
    has_step = current in step_indexes
    instruction = steps[current].text if has_step else translate_markup("Hiện màn “{}” là xong.").format(screen.title)
    return DemoBoard(
        instruction=instruction,
        step_number=step_indexes.index(current) + 1 if has_step else 0,
        step_count=len(step_indexes),
        screen=screen,
        view=StillScreen(steps[current].widget_index if has_step else None, filled, filled),
        icons=icon_sheet(views.icons()),
        is_first_step=current == 0,
        card=views.task_card(),
    )
