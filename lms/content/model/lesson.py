"""A lesson with its stages, and what is translated of it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace

from lms.content.model.practice import Practice
from lms.content.model.stages import Stage
from lms.content.model.understand import Understand
from lms.content.model.use import Use


@dataclass(frozen=True, slots=True)
class LessonTranslation:
    """What is translated of a lesson: its files with other texts, and the ids and digests of the originals."""

    language: str  # "en"
    understand: Understand | None
    practices: tuple[Practice, ...]
    use: Use | None
    digest: str  # hex; changes with the texts
    older_paths: frozenset[str] = frozenset()  # of originals that were edited since


@dataclass(frozen=True, slots=True)
class Lesson:
    course: str  # the course's slug
    slug: str
    # From the folder's name, less the drafts before it, so that nobody looks for a missing lesson; counted from 1 in a
    # course with an order of its own.
    number: int
    understand: Understand
    practices: tuple[Practice, ...]  # the one named "" comes first if it exists
    use: Use | None
    folder: str
    translations: tuple[LessonTranslation, ...] = ()

    @property
    def name(self) -> str:
        return self.understand.name

    def translation(self, language: str) -> LessonTranslation | None:
        return next((each for each in self.translations if each.language == language), None)

    def in_language(self, language: str) -> Lesson:
        """The lesson with what is translated in its place; what is not stays Vietnamese."""
        translation = self.translation(language)
        if translation is None:
            return self
        translated = {practice.name: practice for practice in translation.practices}
        return replace(
            self,
            understand=translation.understand or self.understand,
            practices=tuple(translated.get(practice.name, practice) for practice in self.practices),
            use=translation.use or self.use,
        )

    @property
    def folder_number(self) -> int:
        """The number in its folder's name; lessons are sorted by it unless their course has an order of its own."""
        return int(self.folder_name.partition("-")[0])

    @property
    def folder_name(self) -> str:
        """Like "02-kich-hoat"."""
        return os.path.basename(self.folder)

    @property
    def former_keys(self) -> tuple[tuple[str, str], ...]:
        """The lessons that were merged into this one, as (course, lesson)."""
        return tuple((former.course, former.slug) for former in self.understand.former_lessons)

    @property
    def practice(self) -> Practice | None:
        """The practice that earns the mark."""
        return self.practice_named("")

    def practice_named(self, name: str) -> Practice | None:
        return next((practice for practice in self.practices if practice.name == name), None)

    @property
    def files(self) -> tuple[Understand | Practice | Use, ...]:
        """The contents of its files."""
        return (self.understand, *self.practices, *([self.use] if self.use else []))

    @property
    def digest(self) -> str:
        """Changes with anything of the lesson that a class shows; translations aside."""
        return hashlib.sha256("/".join(part.digest for part in self.files).encode()).hexdigest()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that have a file. Each earns a mark; all marks together earn the lesson's badge."""
        written = {Stage.UNDERSTAND: True, Stage.PRACTICE: self.practice is not None, Stage.USE: self.use is not None}
        return tuple(stage for stage in Stage if written[stage])
