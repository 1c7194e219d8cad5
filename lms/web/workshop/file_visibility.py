"""What learners see of a course's files, beside how far their latest revisions are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lms.content.draft_flag import is_draft_file
from lms.content.hideable_parts import HideablePart, lesson_folder
from lms.learning.workshop.file_names import COURSE_FILE
from lms.learning.workshop.published_revisions import find_hidden_parts, find_published_revision_numbers
from lms.learning.workshop.revision_review import FileState
from lms.message_catalog import mark_for_translation
from lms.web.database import session
from lms.web.language import translate
from lms.web.request_context import catalog
from lms.web.workshop.wording import STATE_NAMES

HIDDEN_STATE = mark_for_translation("đang ẩn")
UNSEEN_DRAFT = mark_for_translation("nháp, người học chưa thấy")


@dataclass(frozen=True, slots=True)
class FileVisibility:
    """The published revisions of a course's files, by path, and the hidden parts.

    ``drafts``: the folders of lessons that are published as drafts, which learners do not see, and "" for the
    course's own page if it has no other lessons. ``is_draft_course``: its page says that all of it is a draft.
    """

    numbers: Mapping[str, int]
    hidden: Sequence[HideablePart]
    drafts: frozenset[str]
    is_draft_course: bool = False

    def is_hidden(self, path: str) -> bool:
        """Whether learners cannot see a file because it, its lesson or its translation is hidden."""
        return any(part.has(path) for part in self.hidden)

    def is_unseen_draft(self, path: str) -> bool:
        """Whether learners cannot see a file, though it may be published, because its lesson is a draft.

        The course's page: because the course or each of its lessons is.
        """
        return lesson_folder(path) in self.drafts

    def state_name(self, file: FileState) -> str:
        """How far the latest revision is, in words; of a published one whether learners see it."""
        if file.state != "published":
            return translate(STATE_NAMES[file.state])
        if self.is_hidden(file.path):
            return translate(HIDDEN_STATE)
        return translate(UNSEEN_DRAFT if self.is_unseen_draft(file.path) else STATE_NAMES["published"])


def find_file_visibility(course: str) -> FileVisibility:
    """Which of the files that were published here learners see now."""
    numbers = find_published_revision_numbers(session(), course)
    served = catalog().library.course_or_draft(course)
    drafts = {lesson.folder_name for lesson in (served.drafts if served else ())}
    is_unseen = served is not None and not served.lessons
    return FileVisibility(
        numbers,
        find_hidden_parts(session()).get(course, []),
        frozenset({*drafts, ""} if is_unseen else drafts),
        is_draft_course=served is not None and is_unseen and is_draft_file(Path(served.folder, COURSE_FILE)),
    )
