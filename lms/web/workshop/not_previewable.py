"""Why a draft cannot be shown as learners will see it: which file has the error, at which line, and the way there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from markupsafe import escape

from lms.content import draft_flag
from lms.content.files import parse_file_name
from lms.content.problems import Problem
from lms.web.language import mark_vietnamese, translate, translate_markup
from lms.web.workshop.draft import Draft


class NotPreviewable(Exception):
    """The draft has errors that leave nothing to draw.

    ``sentence``: why; what the checker says in it is marked as Vietnamese. ``way``: address and label of a link to
    where they are mended, None if it is the draft itself.
    """

    def __init__(self, sentence: str, way: tuple[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = escape(sentence)
        self.way = way


def not_previewable(draft: Draft, course: Path, problems: Iterable[Problem]) -> NotPreviewable:
    """What is to be mended first. ``problems`` are those of the files in the folder ``course``, errors among them.

    What the draft's lesson lacks comes first, then errors of the draft's own file, of its lesson, of the rest.
    """
    errors = [
        replace(problem, path=Path(problem.path).relative_to(course).as_posix())
        for problem in problems
        if problem.level == "error"
    ]

    def distance(problem: Problem) -> tuple[bool, ...]:
        folder = PurePosixPath(problem.path).parent
        is_near = bool(draft.lesson_folder) and folder.as_posix() == draft.lesson_folder
        return (
            problem.rule == "no-lessons",
            not (is_near and problem.rule == "missing-file"),  # other errors may come of it
            problem.path != draft.path,
            not is_near,
            draft_flag.is_draft_file(course / folder / "hieu.md"),  # an unfinished lesson keeps no other from view
        )

    if not errors:
        return NotPreviewable(translate("Bài còn lỗi nên chưa vẽ được. Bác bấm “Kiểm tra” để xem lỗi."))
    first = min(errors, key=distance)
    if first.rule == "no-lessons":
        sentence = translate("Khóa này chưa có bài nào nên chưa có gì để vẽ. Bác thêm bài đầu tiên nhé.")
        return NotPreviewable(sentence, (f"/soan/{draft.course}#bai-moi", translate("Thêm bài đầu tiên")))
    if first.path == draft.path:
        sentence = translate("Tệp này còn lỗi ở dòng {line} nên chưa vẽ được. Bác sửa lỗi ấy trước.")
        return NotPreviewable(sentence.format(line=first.line))
    path = PurePosixPath(first.path)
    name = path.name if path.parent.as_posix() in (".", draft.lesson_folder) else first.path
    way = (
        (f"/soan/{draft.course}/{first.path}", translate("Mở {name}").format(name=name))
        if parse_file_name(path.name)
        else None
    )
    if not (course / first.path).is_file():
        said = mark_vietnamese(escape(first.sentence))
        return NotPreviewable(translate_markup("Chưa vẽ được. {sentence}").format(sentence=said), way)
    sentence = translate("Tệp {name} còn lỗi ở dòng {line} nên chưa vẽ được. Bác sửa lỗi ấy trước.")
    return NotPreviewable(sentence.format(name=name, line=first.line), way)
