"""The translations of a lesson and of course.md: compared with their originals, and put together by language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lms.content.digest import digest
from lms.content.files import CourseFile, read_text
from lms.content.model import LessonTranslation, Practice, Understand, Use
from lms.content.problems import Problem
from lms.content.translation.comparison import Comparison
from lms.content.translation.original_digest import check_original_digest
from lms.content.translation.practice import translate_practice
from lms.content.translation.understand import translate_understand
from lms.content.translation.use import translate_use


@dataclass(slots=True)
class _Draft:
    """The files of one language that can be shown."""

    understand: Understand | None = None
    practices: list[Practice] = field(default_factory=list[Practice])
    use: Use | None = None
    digests: list[str] = field(default_factory=list[str])
    older_paths: set[str] = field(default_factory=set[str])


def read_translations(
    files: Iterable[tuple[CourseFile, Path]], contents: Mapping[Path, object]
) -> tuple[tuple[LessonTranslation, ...], list[Problem]]:
    """The translations of a lesson, and what is wrong with them. A file that does not fit its original is left out.

    ``contents`` has what was read of each file, None for one with errors.
    """
    paths = dict(files)
    drafts: dict[str, _Draft] = {}
    problems: list[Problem] = []
    for file, path in paths.items():
        original = paths.get(replace(file, language=None))
        if file.language is None or original is None:
            continue
        translated, found, is_older = translate_file(path, contents[path], original, contents[original])
        problems.extend(found)
        if translated is not None:
            draft = drafts.setdefault(file.language, _Draft())
            _add(draft, replace(translated, language=file.language), contents[path])
            if is_older:
                draft.older_paths.add(translated.path)
    translations = tuple(
        LessonTranslation(
            language,
            draft.understand,
            tuple(draft.practices),
            draft.use,
            digest(language, *draft.digests, *sorted(map(_name, draft.older_paths)))[:32],
            frozenset(draft.older_paths),
        )
        for language, draft in sorted(drafts.items())
    )
    return translations, problems


def translate_file(
    path: Path, translation: object, original_path: Path, original: object
) -> tuple[Understand | Practice | Use | None, list[Problem], bool]:
    """The original with the texts of its translation at ``path``, None if that does not fit or either has errors.

    Then the problems of the translation, and whether it is of an earlier original.
    """
    translated, problems = compare_with_original(path, translation, original)
    old = original_digest_problems(path, original_path) if problems is not None else []
    return translated, [*(problems or ()), *old], bool(old)


def compare_with_original(
    path: Path, translation: object, original: object
) -> tuple[Understand | Practice | Use | None, list[Problem] | None]:
    """The original with the texts of what was read as its translation, and what does not fit, in lines of ``path``.

    The first is None if something does not fit; both are None if either has errors of its own.
    """
    found = Comparison(str(path))
    translated: Understand | Practice | Use | None = None
    match original, translation:
        case Understand(), Understand():
            translated = translate_understand(original, translation, found)
        case Practice(), Practice():
            translated = translate_practice(original, translation, found)
        case Use(), Use():
            translated = translate_use(original, translation, found)
        case _:
            return None, None
    return (None if found.problems else translated), found.problems


def original_digest_problems(path: Path, original_path: Path) -> list[Problem]:
    """A warning if the translation at ``path`` was made of another text than the original's present one."""
    text, original = (read_text(each)[0] for each in (path, original_path))
    if text is None or original is None:
        return []
    return check_original_digest(text, str(path), original, original_path.name)


def _add(draft: _Draft, translated: Understand | Practice | Use, read: object) -> None:
    if isinstance(read, Understand | Practice | Use):
        draft.digests.append(read.digest)  # of the translation's own text: the other is the original's
    match translated:
        case Understand():
            draft.understand = translated
        case Practice():
            draft.practices.append(translated)
        case Use():
            draft.use = translated


def _name(path: str) -> str:
    return Path(path).name
