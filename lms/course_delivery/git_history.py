"""A library with its history as a git repository, written and read with dulwich: the git program is not needed."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lms.course_delivery.errors import CannotFetch, CannotInstall, UnsafeArchive
from lms.vietnam_time import VIETNAM

BRANCH = b"refs/heads/main"
MAX_FILE_BYTES = 5_000_000
NOBODY = "Không rõ ai"  # in place of a name, as of a changed folder


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file as one commit left it. ``path``: in the repository. ``message``: of one line."""

    path: str
    body: bytes
    author: str
    at: datetime
    message: str


def write_repository(folder: Path, first: Mapping[str, bytes], changes: Sequence[FileChange], *, now: datetime) -> int:
    """Write a repository into a new or empty folder: the files of ``first``, then a commit for each change.

    Changes of several files by one person, at one moment and for one reason are one commit, as when a lesson begins.

    Returns the number of commits.

    Raises:
        CannotInstall: there is something in the folder.
        UnsafeArchive: a file would lie outside.
        OSError: the disk does not take it.
    """
    from dulwich.index import build_index_from_tree, commit_tree
    from dulwich.objects import Blob
    from dulwich.repo import Repo

    require_empty_folder(folder)
    for path in (*first, *(change.path for change in changes)):
        _check_path(path)
    folder.mkdir(parents=True, exist_ok=True)
    repository: Any = Repo.init(str(folder), default_branch=b"main")
    blobs: dict[str, bytes] = {}
    parent: bytes | None = None
    begun = min((change.at for change in changes), default=now)
    commits = 0
    start = [FileChange("", b"", "", begun, "Thư mục khóa học")] if first else []
    for change, files in (*((each, first) for each in start), *_commits_of(changes)):
        for path, body in files.items():
            blob = Blob.from_string(body)
            repository.object_store.add_object(blob)
            blobs[path] = blob.id
        entries = [(path.encode(), blob, stat.S_IFREG | 0o644) for path, blob in blobs.items()]
        tree = commit_tree(repository.object_store, entries)  # type: ignore[arg-type]
        parent = _commit(repository, tree, parent, change)
        commits += 1
    if parent is not None:
        repository.refs[BRANCH] = parent
        tree = repository[parent].tree
        build_index_from_tree(str(folder), repository.index_path(), repository.object_store, tree)
    repository.close()
    return commits


def write_files_without_history(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files without a history into a new or empty folder.

    Raises:
        CannotInstall, UnsafeArchive, OSError: as ``write_repository``.
    """
    require_empty_folder(folder)
    for path in files:
        _check_path(path)
    for path, body in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)


def read_repository(folder: Path) -> list[FileChange]:
    """The changes of the files of a repository along the first parents of HEAD, oldest first.

    Raises:
        CannotFetch: this is no repository, or it has no commit.
        UnsafeArchive: a file would lie outside, or is too large.
    """
    from dulwich.errors import NotGitRepository
    from dulwich.repo import Repo

    try:
        repository: Any = Repo(str(folder))
    except (NotGitRepository, OSError) as error:
        raise CannotFetch(f"“{folder}” không phải kho git.") from error
    try:
        head = repository.head()
    except KeyError as error:
        raise CannotFetch(f"Kho git “{folder}” còn trống.") from error
    chain: list[Any] = []
    commit = repository[head]
    while commit is not None:
        chain.append(commit)
        commit = repository[commit.parents[0]] if commit.parents else None
    changes = [change for commit in reversed(chain) for change in _changes_of(repository, commit)]
    repository.close()
    return changes


def require_empty_folder(folder: Path) -> None:
    """Check that a folder can be written to.

    Raises:
        CannotInstall: there is something in it, or it is none.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotInstall(f"“{folder}” đã có gì trong đó. Chọn một thư mục mới.")


def _commits_of(changes: Sequence[FileChange]) -> Iterator[tuple[FileChange, dict[str, bytes]]]:
    """The changes of each commit: one of them, and the files."""
    files: dict[str, bytes] = {}
    for number, change in enumerate(changes):
        files[change.path] = change.body
        following = changes[number + 1] if number + 1 < len(changes) else None
        if following is None or following.path in files or _reason(following) != _reason(change):
            yield change, files
            files = {}


def _reason(change: FileChange) -> tuple[str, datetime, str]:
    return change.author, change.at, change.message


def _changes_of(repository: Any, commit: Any) -> Iterator[FileChange]:
    from dulwich.diff_tree import tree_changes

    before = repository[commit.parents[0]].tree if commit.parents else None
    seconds = int(commit.author_time)
    for change in tree_changes(repository.object_store, before, commit.tree):
        new: Any = change.new
        if new is None or new.path is None or not stat.S_ISREG(new.mode):  # removed, a link, another repository
            continue
        path = new.path.decode("utf-8", "replace")
        _check_path(path)
        body: bytes = repository[new.sha].data
        if len(body) > MAX_FILE_BYTES:
            raise UnsafeArchive(f"Tệp “{path}” lớn hơn {MAX_FILE_BYTES // 1_000_000} MB.")
        author = commit.author.decode("utf-8", "replace").partition("<")[0].strip()
        author = "" if author == NOBODY else author
        message = commit.message.decode("utf-8", "replace").strip().partition("\n")[0]
        yield FileChange(path, body, author, datetime.fromtimestamp(seconds, VIETNAM), message)


def _commit(repository: Any, tree: bytes, parent: bytes | None, change: FileChange) -> bytes:
    from dulwich.objects import Commit

    commit: Any = Commit()
    commit.tree = tree
    commit.parents = [parent] if parent else []
    name = "".join(char for char in change.author if char not in "<>\n\0").strip() or NOBODY
    commit.author = commit.committer = f"{name} <>".encode()  # accounts have no e-mail
    commit.author_time = commit.commit_time = int(change.at.timestamp())
    commit.author_timezone = commit.commit_timezone = 7 * 3600
    commit.encoding = b"UTF-8"
    commit.message = change.message.encode()
    repository.object_store.add_object(commit)
    return commit.id


def _check_path(path: str) -> None:
    if path.startswith("/") or "\\" in path or ".." in path.split("/"):
        raise UnsafeArchive(f"Tên “{path}” dẫn ra ngoài thư mục.")
