"""Sample text, which new lessons and courses begin with, and whether somebody has written over it."""

from __future__ import annotations

from lms.learning.workshop.revision_review import FileState

# Why the revision with the sample was saved; stored, and translated where it is shown.
LESSON_FROM_SAMPLE = "bài mới từ chữ mẫu"
COURSE_FROM_SAMPLE = "khóa mới từ chữ mẫu"


def is_untouched_sample(state: FileState) -> bool:
    """Whether the latest revision of a file is the sample that its lesson or course began with."""
    return state.why in (LESSON_FROM_SAMPLE, COURSE_FROM_SAMPLE)
