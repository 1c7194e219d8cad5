"""The screens of a practice numbered by its main path, and in sentences for authors.

The sentences are in the language of their reader; the texts of a practice in another language are marked with theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lms.content.model import Practice
from lms.content.practice.compiling import main_path
from lms.message_catalog import SOURCE_LANGUAGE, translate_into
from lms.message_catalog import mark_for_translation as N_

ARROW_LABELS = {"=>": N_("đường đúng"), "->": N_("lối phụ"), "x>": N_("bẫy"), "fatal": N_("bẫy chí tử")}
EXIT = N_("“{label}” ({kind}) tới màn {number}")
SCREEN = N_("Màn {number}, {title}: {exits}.")
NO_EXIT = N_("hết bài")


def number_screens(practice: Practice) -> dict[str, str]:
    """A number for each screen: "4" is the fourth screen of the main path, "4a" and "4b" branch off from it."""
    path = main_path(practice)
    numbers = {screen: str(index) for index, screen in enumerate(path, 1)}
    targets = {screen.id: [widget.target for widget in screen.widgets if widget.arrow] for screen in practice.screens}
    queue = list(path)
    count_of_root: dict[str, int] = {}
    for source in queue:  # grows during the iteration
        for target in targets[source]:
            if target in targets and target not in numbers:
                root = numbers[source].rstrip("abcdefghijklmnopqrstuvwxyz")
                count_of_root[root] = count_of_root.get(root, 0) + 1
                numbers[target] = root + _letters(count_of_root[root])
                queue.append(target)
    return {screen.id: numbers.get(screen.id, "?") for screen in practice.screens}


def describe_screens(
    practice: Practice, language: str = SOURCE_LANGUAGE, mark: Callable[[str], str] = str
) -> Iterator[str]:
    """A sentence for each screen and its arrows, in file order. ``mark`` is applied to each text of the practice."""
    numbers = number_screens(practice)
    for screen in practice.screens:
        exits: list[str] = []
        for widget in screen.widgets:
            if widget.arrow and widget.target in numbers:
                kind = translate_into(language, ARROW_LABELS["fatal" if widget.fatal else widget.arrow])
                number, label = numbers[widget.target], mark(widget.label)
                exits.append(translate_into(language, EXIT).format(label=label, kind=kind, number=number))
        yield translate_into(language, SCREEN).format(
            number=numbers[screen.id],
            title=mark(screen.title),
            exits="; ".join(exits) or translate_into(language, NO_EXIT),
        )


def _letters(count: int) -> str:
    """1 is "a", 26 is "z", 27 is "aa"."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
