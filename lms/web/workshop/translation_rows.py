"""Which languages a lesson has a text in, and whether learners read it: a line of the workshop's list of lessons."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from lms.content.files import parse_file_name
from lms.content.hideable_parts import HideablePart, lesson_slug
from lms.content.model import Lesson, LessonTranslation
from lms.learning.workshop.revision_review import FileState
from lms.message_catalog import mark_for_translation
from lms.web.language import translate
from lms.web.workshop.display_names import file_part_name
from lms.web.workshop.file_visibility import HIDDEN_STATE, UNSEEN_DRAFT, FileVisibility
from lms.web.workshop.wording import STATE_NAMES, first_state, history_url, language_name, publishing_url

IS_SHOWN = mark_for_translation("người học đọc được")
IS_PARTLY_SHOWN = mark_for_translation("người học đọc được {parts}")
IS_OLDER = mark_for_translation("{part} cũ hơn bản tiếng Việt")
DOES_NOT_FIT = mark_for_translation("chưa khớp bản tiếng Việt nên chưa hiện")


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """A translation of a lesson. ``states``: in words, each with where somebody does what it asks for, or ""."""

    language: str
    states: Sequence[tuple[str, str]]


def translation_language(path: str) -> str:
    """The language of a translation by its path, "" of every other file."""
    file = parse_file_name(PurePath(path).name)
    return file.language or "" if file else ""


def translation_rows(
    course: str, folder: str, lesson: Lesson | None, files: Iterable[FileState], shown: FileVisibility
) -> list[TranslationRow]:
    """The translations of the lesson in ``folder``.

    ``lesson``: as learners read it; ``files``: what was saved of it.
    """
    by_language: dict[str, list[FileState]] = {}
    for file in files:
        if language := translation_language(file.path):
            by_language.setdefault(language, []).append(file)
    translations = {each.language: each for each in (lesson.translations if lesson else ())}
    in_folder = {translation_language(name) for name in (_names_in(lesson.folder) if lesson else ())} - {""}
    hidden = {part.language for part in shown.hidden if part.lesson == lesson_slug(folder)} - {""}
    return [
        TranslationRow(
            language_name(language),
            _states(course, folder, language, lesson, translations.get(language), by_language.get(language, []), shown),
        )
        for language in sorted({*by_language, *translations, *in_folder, *hidden})
    ]


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:  # replaced by another edition a moment ago
        return []


def _states(
    course: str,
    folder: str,
    language: str,
    lesson: Lesson | None,
    translation: LessonTranslation | None,
    files: Sequence[FileState],
    shown: FileVisibility,
) -> list[tuple[str, str]]:
    slug = lesson_slug(folder)
    is_hidden = bool({HideablePart(slug), HideablePart(slug, language)} & {*shown.hidden})
    states: list[tuple[str, str]] = []
    if is_hidden:
        states.append((translate(HIDDEN_STATE), publishing_url(course)))
    elif lesson and translation:
        states.append((_shown_parts(lesson, translation), ""))
        for original in sorted(translation.older_paths):
            file = f"{folder}/{PurePath(original).stem}.{language}.md"
            states.append((translate(IS_OLDER).format(part=_part(original)), history_url(course, file)))
    first = first_state(files)
    if first and first.state != "published":
        url = publishing_url(course) if first.state == "approved" else history_url(course, first.path)
        states.append((translate(STATE_NAMES[first.state]), url))
    elif first and not states and shown.is_unseen_draft(first.path):
        states.append((translate(UNSEEN_DRAFT), history_url(course, first.path)))
    return states or [(translate(DOES_NOT_FIT), "")]


def _shown_parts(lesson: Lesson, translation: LessonTranslation) -> str:
    """Which parts learners read, if not all that the lesson has."""
    translated = [translation.understand, *translation.practices, translation.use]
    parts = [_part(each.path) for each in translated if each]
    if len(parts) == len(lesson.files):
        return translate(IS_SHOWN)
    return translate(IS_PARTLY_SHOWN).format(parts=", ".join(parts))


def _part(path: str) -> str:
    name = PurePath(path).name
    file = parse_file_name(name)
    return f"{file_part_name(name)} ({file.name})" if file and file.name else file_part_name(name)
