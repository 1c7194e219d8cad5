"""Advice about the screens of a practice: a task should leave something to find out."""

from __future__ import annotations

import re

from lms.content.authoring_advice.advice import AdvisedFile
from lms.content.authoring_advice.learner_decisions import choosable_widgets, has_fields, tappable_widgets
from lms.content.model import GESTURE_ROLES, Practice, Screen
from lms.content.practice.compiling import scored_screens

_SELF_EXPLAINING = GESTURE_ROLES | {"scan"}  # one big thing to do; doing it is the exercise
_VERB = r"(?:chạm|bấm|nhấn|ấn|chọn)(?:\s+(?:vào|nút|ô|mục|dòng|tab|chữ|hình))*\s+"
_QUOTES = "[\"“”'‘’«»*]"
_FORETELLING = re.compile(
    r"(?<!\w)(?:an toàn|lừa|kẻ gian|kẻ xấu|kẻ lạ|bẫy|cẩn thận|coi chừng|mạo danh|giả danh|tin giả|nghi ngờ)(?!\w)"
    r"|(?:\A|[.?!:]\s+)đừng(?!\w)",  # what the task forbids, not what a caller does
    re.IGNORECASE,
)


def advise_on_screens(file: AdvisedFile, practice: Practice) -> None:
    for screen in map(practice.screen_by_id, scored_screens(practice)):
        if not has_fields(screen):
            _check_button_name(file, screen)
            _check_ways(file, screen)
        _check_foretelling(file, screen)


def _check_button_name(file: AdvisedFile, screen: Screen) -> None:
    taps = tappable_widgets(screen)
    forward = next((widget for widget in taps if widget.arrow == "=>"), None)
    if forward is None or forward.role in _SELF_EXPLAINING or len(taps) < 2 or not screen.task:
        return
    named = [widget for widget in taps if _names_label(screen.task, widget.label)]
    if named == [forward]:  # a task that names several leaves the choice
        message = f"Nói việc cần làm, đừng gọi tên nút “{forward.label}”: gợi ý mới gọi tên nút."
        file.advise("task-names-button", message, _task_line(file, screen), screen.title)


def _names_label(task: str, label: str) -> bool:
    """Whether a task says a button's label: in quotes, after "chạm", or, if it has several words, anywhere."""
    written = r"\s+".join(map(re.escape, label.split()))
    if len(label.split()) > 1 and re.search(rf"(?<!\w){written}(?!\w)", task, re.IGNORECASE):
        return True
    return re.search(rf"(?:{_QUOTES}|{_VERB}){_QUOTES}?{written}(?!\w)", task, re.IGNORECASE) is not None


def _check_ways(file: AdvisedFile, screen: Screen) -> None:
    ways = choosable_widgets(screen)
    if len(ways) == 1 and ways[0].role not in _SELF_EXPLAINING:
        message = (
            f"Thêm một chỗ chạm khác mà người ta hay nhầm, hay gộp màn này: ở đây chỉ chạm được “{ways[0].label}”."
        )
        file.advise("one-way-screen", message, screen.line, screen.title)


def _check_foretelling(file: AdvisedFile, screen: Screen) -> None:
    if not any(widget.arrow == "x>" for widget in screen.widgets):
        return
    word = _FORETELLING.search(screen.task or "")
    if word and not re.search(r"(?<!\w)thật(?!\w)", screen.task or "", re.IGNORECASE):
        message = f"Bỏ chữ “{word[0].strip(' .?!:')}” trong câu Việc, như “Bác làm gì?”: nó báo trước màn này có bẫy."
        file.advise("trap-foretold", message, _task_line(file, screen), screen.title)


def _task_line(file: AdvisedFile, screen: Screen) -> int:
    first_words = " ".join((screen.task or "").split()[:3])
    for line, text in file.lines_after(screen.line):
        if text.startswith("##"):
            break
        if text.lstrip().startswith((">", "＞")) and first_words in " ".join(text.split()):
            return line
    return screen.line
