"""The versions of the courses folder: it is a link to one of them, so that it changes in one step.

courses -> courses.versions/20261129-051500-3f2a9c1b
courses.versions/20261129-051500-3f2a9c1b/         the courses
courses.versions/20261129-051500-3f2a9c1b.json     where they come from, and each file's digest
courses.versions/rolled-back.json                  versions that somebody has rolled back from, and when
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

from lms.content.files_digest import is_hidden_or_system_file
from lms.course_delivery.durable_files import sync_folder, try_swap_paths, write_synced
from lms.course_delivery.errors import CannotInstall, PullAlreadyRunning
from lms.course_delivery.file_lock import try_lock
from lms.os_error_messages import os_error_message

KEPT_VERSIONS = 3  # the current one and two before it; edited ones are kept besides
_NEXT = "next"
_ROLLED_BACK = "rolled-back.json"
_DRAFT = ".draft-"
_MOMENT = "%Y%m%d-%H%M%S"  # at the beginning of a version's name, so that names sort by age


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the courses.

    ``files``: SHA-256 by path. ``digest``: what ``lms check --digest`` prints. ``source`` holds no password.
    """

    name: str
    source: str
    branch: str | None
    commit: str | None
    pulled_at: str
    digest: str
    files: dict[str, str] = field(default_factory=dict[str, str])


_RECORD_KEYS = tuple(each.name for each in fields(Version) if each.name != "name")


class CourseVersionStore:
    """The versions of one courses folder."""

    def __init__(self, courses: Path) -> None:
        self.courses = Path(os.path.abspath(courses))  # not resolved: it is a link
        self.folder = self.courses.with_name(f"{self.courses.name}.versions")

    @contextmanager
    def locked(self) -> Generator[None]:
        """Create the folder, and be the only one who changes something in it.

        Raises:
            PullAlreadyRunning: another process does.
            OSError: the folder cannot be created.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        with try_lock(self.folder / "lock") as is_held:
            if not is_held:
                raise PullAlreadyRunning("Đang có một lệnh khác lấy khóa học về đây. Đợi lệnh ấy xong.")
            self.finish_interrupted()
            yield

    @contextmanager
    def draft_folder(self) -> Generator[Path]:
        """A folder that is gone after the block; those of killed processes go, too. Needs the lock."""
        for left in self.folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        draft = self.folder / f"{_DRAFT}{secrets.token_hex(4)}"
        draft.mkdir()
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def finish_interrupted(self) -> None:
        """Finish what a process did not that was killed between two steps of ``activate``."""
        link = self.folder / _NEXT
        if link.is_symlink():
            if os.path.lexists(self.courses):
                link.unlink()
            else:
                os.replace(link, self.courses)
        elif link.is_dir():  # a folder of the operator's that has changed places with the link
            os.rename(link, self._free_name("before-pull"))

    def current(self) -> Version | None:
        """The version that the courses folder links to, or None: it is a folder of its own, or absent."""
        if not self.courses.is_symlink():
            return None
        target = self.courses.parent / os.readlink(self.courses)
        return self.read(target.name) if target.parent == self.folder else None

    def list_names(self) -> list[str]:
        """The names of all versions, oldest first."""
        if not self.folder.is_dir():
            return []
        names = (path.stem for path in self.folder.glob("*.json"))
        return sorted(name for name in names if (self.folder / name).is_dir())

    def read(self, name: str) -> Version | None:
        try:
            data = json.loads((self.folder / f"{name}.json").read_text("utf-8"))
            return Version(name, **{key: data[key] for key in _RECORD_KEYS})
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def rolled_back_versions(self) -> dict[str, str]:
        """The versions that somebody has rolled back from, oldest first: the moment by name."""
        try:
            moments: dict[str, str] = json.loads((self.folder / _ROLLED_BACK).read_text("utf-8"))
            return {name: str(moments[name]) for name in self.list_names() if name in moments}
        except (OSError, ValueError, TypeError):
            return {}

    def save_rolled_back_versions(self, rolled_back_at: Mapping[str, str]) -> None:
        """Replace what ``rolled_back_versions`` returns: the moment by name. Needs the lock."""
        if rolled_back_at == self.rolled_back_versions():
            return
        draft = self.folder / f".{_ROLLED_BACK}"
        draft.unlink(missing_ok=True)  # left by a killed process
        write_synced(draft, json.dumps(rolled_back_at, indent=1).encode())
        os.replace(draft, self.folder / _ROLLED_BACK)
        sync_folder(self.folder)

    def find_edits(self, version: Version) -> list[str]:
        """What was changed in the folder of a version since it was pulled, as sentences."""
        now = file_digests(self.folder / version.name)
        edits = [
            f"{path} ({'sửa' if path in now else 'mất'})"
            for path, digest in version.files.items()
            if now.get(path) != digest
        ]
        return sorted(edits + [f"{path} (thêm)" for path in now if path not in version.files])

    def add(
        self, folder: Path, *, source: str, branch: str | None, commit: str | None, digest: str, now: datetime
    ) -> Version:
        """Make the folder a version; needs the lock. It is not yet the current one."""
        path = self._free_name(f"{self._next_moment(now):{_MOMENT}}-{digest[:8]}")
        pulled_at = now.isoformat(timespec="seconds")
        version = Version(path.name, source, branch, commit, pulled_at, digest, file_digests(folder))
        record = _write_record(version, folder.parent)
        os.rename(folder, path)
        os.replace(record, self.folder / record.name)
        sync_folder(self.folder)
        return version

    def change_origin(
        self, version: Version, draft: Path, *, source: str, branch: str | None, commit: str | None
    ) -> Version:
        """Record that another commit or another source has the files of this version; needs the lock."""
        version = replace(version, source=source, branch=branch, commit=commit)
        record = _write_record(version, draft)
        os.replace(record, self.folder / record.name)
        sync_folder(self.folder)
        return version

    def activate(self, version: Version) -> None:
        """Make the courses folder a link to the version; needs the lock.

        A process that is killed leaves the old courses or the new ones. Only where a folder (not a link) is replaced on
        a system that cannot exchange two names, there is a moment with none, which ``finish_interrupted`` ends.

        Raises:
            CannotInstall: this machine has no links, or the folder cannot be moved.
        """
        link = self.folder / _NEXT
        with suppress(FileNotFoundError):
            link.unlink()
        try:
            os.symlink(Path(self.folder.name, version.name), link, target_is_directory=True)
        except OSError as error:
            raise CannotInstall(f"Máy này không tạo được liên kết thư mục ({os_error_message(error)}).") from error
        try:
            self._put_in_place(link)
        except OSError as error:
            with suppress(OSError):
                self.finish_interrupted()
            why = os_error_message(error)
            raise CannotInstall(f"Không thay được thư mục {self.courses} ({why}). Vẫn là khóa học cũ.") from error
        sync_folder(self.courses.parent)

    def _put_in_place(self, link: Path) -> None:
        if self.courses.is_symlink() or not self.courses.exists():
            os.replace(link, self.courses)
            return
        kept = self._free_name("before-pull")
        if try_swap_paths(link, self.courses):
            os.rename(link, kept)
        else:
            os.rename(self.courses, kept)
            try:
                os.replace(link, self.courses)
            except OSError:
                os.rename(kept, self.courses)
                raise

    def delete_old(self) -> None:
        """Delete versions beyond those that are kept; needs the lock. What somebody has edited stays."""
        current = self.current()
        names = [name for name in self.list_names() if current is None or name != current.name]
        for name in names[: max(0, len(names) - (KEPT_VERSIONS - 1))]:
            version = self.read(name)
            if version is not None and not self.find_edits(version):
                shutil.rmtree(self.folder / name, ignore_errors=True)
                with suppress(OSError):
                    (self.folder / f"{name}.json").unlink()

    def _next_moment(self, now: datetime) -> datetime:
        """Now, or after the latest version: two pulls in one second, or a clock that was set back, keep their order."""
        for name in reversed(self.list_names()):
            with suppress(ValueError):
                latest = datetime.strptime(name[: len(f"{now:{_MOMENT}}")], _MOMENT).replace(tzinfo=now.tzinfo)
                return max(now, latest + timedelta(seconds=1))
        return now

    def _free_name(self, name: str) -> Path:
        path, number = self.folder / name, 1
        while os.path.lexists(path):
            number += 1
            path = self.folder / f"{name}-{number}"
        return path


def _write_record(version: Version, folder: Path) -> Path:
    record = {key: value for key, value in asdict(version).items() if key in _RECORD_KEYS}
    path = folder / f"{version.name}.json"
    write_synced(path, json.dumps(record, ensure_ascii=False, indent=1).encode())
    return path


def _list_files(folder: Path) -> Iterator[Path]:
    """All files below ``folder`` that are neither hidden nor left by a file manager, in order."""
    for path in sorted(folder.iterdir()):
        if is_hidden_or_system_file(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _list_files(path)
        else:
            yield path


def file_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file by its path; of a link, that of where it leads."""
    return {path.relative_to(folder).as_posix(): _digest(path) for path in _list_files(folder)}


def _digest(path: Path) -> str:
    try:
        data = os.fsencode(os.readlink(path)) if path.is_symlink() else path.read_bytes()
    except OSError:
        return "unreadable"
    return hashlib.sha256(data).hexdigest()
