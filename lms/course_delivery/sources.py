"""Fetch courses as a ZIP: from a file, over https, or from a git repository with the ``git`` program.

Why git and not a library: docs/adr/0034-courses-are-pulled.md.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from lms.course_delivery.archive import MAX_ARCHIVE_BYTES
from lms.course_delivery.errors import CannotFetch
from lms.os_error_messages import os_error_message

READ_TIMEOUT_SECONDS = 15
MAX_REPOSITORY_BYTES = 500 << 20  # of a clone without history
_POLL_SECONDS = 0.1

# Variables with which git, calling a hook, points to its own repository.
_LOCAL_GIT = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"}
    | {"GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX"}
)
# What is archived is what was committed, whatever this machine's settings are.
_GIT_SETTINGS = (
    "-c", "core.autocrlf=false", "-c", "core.eol=lf", "-c", "core.hooksPath=/dev/null",
    "-c", "http.lowSpeedLimit=1000", "-c", f"http.lowSpeedTime={READ_TIMEOUT_SECONDS}",
    "-c", "protocol.ext.allow=never",
)  # fmt: skip
_GIT_MESSAGES = (
    (r"Remote branch .* not found", "kho git không có nhánh ấy. Xem lại --branch"),
    (r"does not appear to be a git repository|repository .* (?:not found|does not exist)", "không thấy kho git ở đó"),
    (r"could not read (?:Username|Password)|Authentication failed|Permission denied", "kho git cần quyền đọc"),
    (r"Could not resolve host|Temporary failure in name resolution", "không thấy máy chủ tên ấy"),
    (r"Connection refused|Failed to connect|Could not connect", "máy chủ không nhận"),
    (r"timed out|Operation too slow", "máy chủ quá lâu không trả lời"),
    (r"certificate|SSL", "chứng chỉ của máy chủ không dùng được"),
    (r"No space left on device", "đĩa đã đầy"),
)  # fmt: skip
_SECRETS = re.compile(r"(?<=//)[^/@ ]*@|\?[^\s'\"]*")  # of an address: name and password, and the query


@dataclass(frozen=True, slots=True)
class Source:
    """Where courses come from. ``address`` is a path, an https URL of a ZIP, or anything that git understands."""

    address: str
    branch: str | None = None

    @property
    def is_git(self) -> bool:
        return not (self._is_https_zip or self._is_file)

    @property
    def _is_https_zip(self) -> bool:
        return bool(re.match(r"https?://", self.address)) and urlsplit(self.address).path.lower().endswith(".zip")

    @property
    def _is_file(self) -> bool:
        return self.address.lower().endswith(".zip") or Path(self.address).is_file()

    @property
    def shown(self) -> str:
        """The address without a password; of a file or folder the absolute path."""
        if "://" not in self.address:
            path = Path(self.address)
            return str(path.absolute()) if path.exists() else self.address
        parts = urlsplit(self.address)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))

    def fetch(self, folder: Path, timeout: float) -> tuple[Path, str | None]:
        """Return a ZIP and, of a git repository, its commit. Drafts go into ``folder``, which the caller deletes.

        Raises:
            CannotFetch: with the reason.
            OSError: the disk does not take it.
        """
        if self.is_git:
            return _GitClone(self, folder, timeout).fetch()
        if self.branch:
            raise CannotFetch("--branch chỉ dùng với kho git, không dùng với ZIP.")
        if self._is_https_zip:
            return _download(self, folder / "source.zip", timeout), None
        path = Path(self.address)
        if not path.is_file():
            raise CannotFetch(f"Không thấy tệp “{path}”; bác xem lại đường dẫn.")
        return path, None

    def find_commits(self, folder: Path, timeout: float) -> set[str]:
        """The commits that the branch of a git repository has now, without fetching it; empty if unknown."""
        return _GitClone(self, folder, timeout).find_commits() if self.is_git else set()


class _GitClone:
    def __init__(self, source: Source, folder: Path, timeout: float) -> None:
        self._source, self._folder = source, folder
        self._deadline = time.monotonic() + timeout
        self._clone = folder / "clone"
        if shutil.which("git") is None:
            raise CannotFetch("Máy này chưa có chương trình git. Cài git, hay lấy về bằng tệp ZIP.")

    def fetch(self) -> tuple[Path, str]:
        branch = (f"--branch={self._source.branch}",) if self._source.branch else ()
        self._git(
            "clone", "--quiet", "--bare", "--depth=1", "--single-branch", "--no-tags", "--template=", *branch,
            "--", self._url(), str(self._clone),
        )  # fmt: skip
        try:
            commit = self._git("-C", str(self._clone), "rev-parse", "--verify", "--quiet", "HEAD^{commit}").strip()
        except CannotFetch:
            raise CannotFetch(f"Kho git {self._source.shown} còn trống.") from None
        archive = self._folder / "source.zip"
        self._git("-C", str(self._clone), "archive", "--format=zip", "-o", str(archive), commit)
        return archive, commit

    def find_commits(self) -> set[str]:
        branch = self._source.branch
        names = (f"refs/heads/{branch}", f"refs/tags/{branch}", f"refs/tags/{branch}^{{}}") if branch else ("HEAD",)
        try:
            found = self._git("ls-remote", "--quiet", "--", self._url(), *names)
        except CannotFetch:
            return set()  # fetching will say why
        return {line.split("\t")[0] for line in found.splitlines()}

    def _url(self) -> str:
        """A local path must be absolute, since git runs elsewhere, and a file:// URL, so that depth counts."""
        path = Path(self._source.address)
        return path.absolute().as_uri() if path.is_dir() else self._source.address

    def _git(self, *words: str) -> str:
        """Run git; returns what it printed.

        Raises:
            CannotFetch: it failed, took too long or fetched too much.
        """
        env = {name: value for name, value in os.environ.items() if name not in _LOCAL_GIT}
        env |= {"GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "never", "LC_ALL": "C"}
        env.setdefault("GIT_SSH_COMMAND", f"ssh -o BatchMode=yes -o ConnectTimeout={READ_TIMEOUT_SECONDS}")
        errors = self._folder / "git-errors"
        out = self._folder / "git-output"
        with errors.open("wb") as stderr, out.open("wb") as stdout:
            process = subprocess.Popen(  # noqa: S603
                ["git", *_GIT_SETTINGS, *words],  # noqa: S607
                cwd=self._folder, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                start_new_session=True,
            )  # fmt: skip
            try:
                self._wait(process)
            finally:
                _end(process)
        if process.returncode != 0:
            raise CannotFetch(
                f"Không lấy được {self._source.shown}: {git_reason(errors.read_text('utf-8', 'replace'))}."
            )
        return out.read_text("utf-8", "replace")

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        checked = 0.0
        while True:
            try:
                process.wait(_POLL_SECONDS)
                return
            except subprocess.TimeoutExpired:
                now = time.monotonic()
            if now > self._deadline:
                raise CannotFetch(f"{self._source.shown} quá lâu không trả lời, nên đã thôi.")
            if now - checked > 1:
                checked = now
                if _size(self._folder) > MAX_REPOSITORY_BYTES:
                    raise CannotFetch(f"Kho git {self._source.shown} lớn hơn {MAX_REPOSITORY_BYTES >> 20} MB.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and what it has started: ssh, the helper of https."""
    if process.poll() is not None:
        return
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def git_reason(errors: str) -> str:
    for pattern, reason in _GIT_MESSAGES:
        if re.search(pattern, errors, re.IGNORECASE):
            return reason
    lines = [line for line in errors.splitlines() if line.strip()]
    last = next((line for line in reversed(lines) if line.startswith(("fatal:", "error:"))), "".join(lines[-1:]))
    return f"git báo “{_SECRETS.sub('', last)[:200]}”"


def _size(folder: Path) -> int:
    total = 0
    for current, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(current, name)).st_size
            except OSError:  # git has renamed it
                continue
    return total


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if not newurl.startswith("https://"):
            raise CannotFetch("Máy chủ chuyển sang một địa chỉ không phải https, nên đã thôi.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _download(source: Source, target: Path, timeout: float) -> Path:
    """Download over https within ``timeout`` seconds, whatever the server does meanwhile."""
    if not source.address.startswith("https://"):
        raise CannotFetch("ZIP chỉ được tải qua https://.")
    failed: list[BaseException] = []

    def fetch() -> None:
        try:
            _write_response(source.address, target)
        except BaseException as error:
            failed.append(error)

    # A name server, a handshake and headers that come byte by byte have no time limit of their own.
    thread = Thread(target=fetch, daemon=True)
    thread.start()
    thread.join(timeout)
    if thread.is_alive():
        raise CannotFetch(f"{source.shown} quá lâu không trả lời, nên đã thôi.")
    if failed:
        raise _download_error(failed[0], source) from failed[0]
    return target


def _write_response(url: str, target: Path) -> None:
    opener = urllib.request.build_opener(_OnlyHttps)
    with opener.open(url, timeout=READ_TIMEOUT_SECONDS) as response, target.open("wb") as file:
        size = 0
        while chunk := response.read1(1 << 16):
            size += len(chunk)
            if size > MAX_ARCHIVE_BYTES:
                raise CannotFetch(f"Tệp ZIP lớn hơn {MAX_ARCHIVE_BYTES >> 20} MB.")
            file.write(chunk)
        if response.length:  # http.client does not report a response that ends early
            raise CannotFetch("Tệp ZIP tải về bị đứt giữa chừng.")


def _download_error(error: BaseException, source: Source) -> BaseException:
    if isinstance(error, CannotFetch):
        return error
    reason = getattr(error, "reason", error)
    if isinstance(error, urllib.error.HTTPError):
        return CannotFetch(f"Không tải được {source.shown}: máy chủ trả lời {error.code}.")
    if isinstance(reason, ssl.SSLError):
        return CannotFetch(f"Không tải được {source.shown}: chứng chỉ của máy chủ không dùng được.")
    if isinstance(reason, TimeoutError):
        return CannotFetch(f"{source.shown} quá lâu không trả lời, nên đã thôi.")
    if isinstance(error, urllib.error.URLError):
        why = os_error_message(reason) if isinstance(reason, OSError) else str(reason)
        return CannotFetch(f"Không tải được {source.shown}: {why}.")
    if isinstance(error, OSError) and error.filename is None and error.errno is None:
        return CannotFetch(f"Không tải được {source.shown}: {error}.")
    if isinstance(error, OSError):
        return error
    return CannotFetch(f"Không tải được {source.shown}: máy chủ trả lời không theo http.")
