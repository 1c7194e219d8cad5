"""An empty Debian with systemd, from this machine's package mirror, in namespaces with a network of its own."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import shlex
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "hoc.example"  # of docs/operating.md
TIMEOUT_SECONDS = 900  # for one block of commands: what installs packages takes minutes on a busy machine
# Beside apt: what every installed Debian has, a list of authorities and the first process.
PACKAGES = "systemd-sysv,dbus,ca-certificates,passwd"
SHELL_VARIABLES = ("host", "password", "release")  # that a later block of the page takes from an earlier one
PROGRAMS = {"mmdebstrap": "mmdebstrap", "apt-get": "apt", "unshare": "util-linux", "nsenter": "util-linux"}
_CLONE_NEWNET = 0x40000000


class CannotBuildMachine(Exception):
    """This machine cannot build or start a Debian; the message says what is missing."""


def cache_folder() -> Path:
    """Outside the repository: the unpacked Debian, and what apt and pip download. Delete it for fresh ones."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lms-city"


def empty_debian() -> Path:
    """The folder with an empty Debian of the release that this machine runs, made at the first call.

    Raises:
        CannotBuildMachine
    """
    if os.geteuid() != 0:
        raise CannotBuildMachine("root is needed: it makes namespaces, mounts and users")
    if missing := sorted({package for program, package in PROGRAMS.items() if not shutil.which(program)}):
        raise CannotBuildMachine(f"these Debian packages are missing: {' '.join(missing)}")
    suite = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    sources = _package_sources()
    if not suite or not sources:
        raise CannotBuildMachine("apt on this machine names no package mirror (apt-get indextargets): is it Debian?")
    folder = cache_folder() / f"debian-{suite}"
    if folder.exists():
        return folder
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    subprocess.run(["rm", "-rf", str(unfinished)], check=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    options = [f"--aptopt={option}" for option in _apt_options()]
    command = ["mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", *options, suite, str(unfinished), *sources]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBuildMachine(f"mmdebstrap failed; can the package mirror be reached?\n{done.stderr[-3000:]}")
    unfinished.rename(folder)
    return folder


def _package_sources() -> list[str]:
    """The lines of a sources.list with the mirrors of this machine; folders on its own disk are left out."""
    wanted = "$(REPO_URI) $(RELEASE) $(COMPONENT) $(SIGNED_BY)"
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", wanted, "Created-By: Packages"],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    lines = []
    for line in dict.fromkeys(listed.splitlines()):
        uri, suite, component, *keyring = line.split()
        if uri.startswith(("http://", "https://")):
            signed = f"[signed-by={keyring[0]}] " if keyring and keyring[0].startswith("/") else ""
            lines.append(f"deb {signed}{uri} {suite} {component}")
    return lines


def _apt_options() -> list[str]:
    """How this machine's apt reaches its mirror."""
    dumped = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    return [
        line for line in dumped.splitlines() if line.startswith(("Acquire::http", "Acquire::https", "Acquire::Check"))
    ]


class Machine:
    """A running Debian. Its processes, mounts and network end with ``stop``."""

    def __init__(self, folder: Path, base: Path) -> None:
        self._folder, self._base = folder, base
        for name in ("upper", "work", "root"):
            (folder / name).mkdir(parents=True)
        self.written = folder / "upper"  # what differs from the empty Debian: before the start, files can be put there
        (self.written / "etc").mkdir()
        (self.written / "etc" / "hosts").write_text(f"127.0.0.1 localhost {HOST}\n")  # as the city's name server says
        (self.written / "root").mkdir(mode=0o700)
        # Between this machine and the package index may be a proxy with an authority of its own.
        shutil.copyfile(_authorities(), self.written / "root" / "authorities.pem")
        self._cgroup = _new_cgroup(f"lms-city-{folder.name}-{os.getpid()}")

    def start(self) -> None:
        boot = Path(__file__).with_name("boot.sh")
        places = [self._base, self.written, self._folder / "work", self._folder / "root", cache_folder()]
        namespaces = ["--mount", "--net", "--pid", "--ipc", "--uts", "--cgroup", "--fork", "--kill-child"]
        # Also where the tests are killed, the machine ends with them.
        command = ["setpriv", "--pdeathsig", "KILL", "unshare", *namespaces, "sh", str(boot), *map(str, places)]
        joined = f"echo $$ > {self._cgroup}/cgroup.procs && exec {shlex.join(command)}"
        self._log = self._folder / "boot.log"
        with self._log.open("wb") as log:
            self._unshare = subprocess.Popen(["sh", "-c", joined], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self._is_up():
            if self._unshare.poll() is not None or time.monotonic() > deadline:
                raise CannotBuildMachine(f"systemd does not start in namespaces:\n{self._log.read_text()}")
            time.sleep(0.2)

    @property
    def first_process(self) -> int:
        children = Path(f"/proc/{self._unshare.pid}/task/{self._unshare.pid}/children").read_text().split()
        return int(children[0])

    def _is_up(self) -> bool:
        with contextlib.suppress(OSError, IndexError, ValueError):
            if Path(f"/proc/{self.first_process}/comm").read_text().strip() == "systemd":
                state = self._call("systemctl is-system-running", online=False).stdout.strip()
                return state in ("running", "degraded")
        return False

    def stop(self) -> None:
        with contextlib.suppress(OSError, IndexError):
            os.kill(self.first_process, 9)
        self._unshare.kill()
        self._unshare.wait(30)
        deadline = time.monotonic() + 10
        while _remove_cgroup(self._cgroup) and time.monotonic() < deadline:
            time.sleep(0.2)

    def run(self, commands: str, *, online: bool = False, folder: str = "/root") -> str:
        """Type commands in a root shell, as a person does who stops at the first that fails; returns what they print.

        ``online``: with the network of the machine that runs the tests, for what is downloaded.
        """
        remembered = " ".join(SHELL_VARIABLES)
        script = (
            f"set -euo pipefail\ntest ! -e /root/.typed || . /root/.typed\ncd {folder}\n{commands}\n"
            f'for name in {remembered}; do test -z "${{!name-}}" || declare -p $name; done > /root/.typed\n'
        )
        done = self._call(script, online=online)
        assert done.returncode == 0, f"{commands}\n→ {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
        return done.stdout

    def _call(self, script: str, *, online: bool) -> subprocess.CompletedProcess[str]:
        enter = ["--target", str(self.first_process), "--mount", "--pid", "--ipc", "--uts", "--root", "--wdns=/"]
        given = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        given |= {"DEBIAN_FRONTEND": "noninteractive"}
        if online:
            given |= {
                name: value for name, value in os.environ.items() if name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL")
            }
            given |= {"PIP_CERT": "/root/authorities.pem", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        else:
            enter.append("--net")
        environment = [f"{name}={value}" for name, value in given.items()]
        return subprocess.run(
            ["nsenter", *enter, "env", "-i", *environment, "bash", "-c", script],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False,
        )  # fmt: skip

    def copy(self, folder: Path, target: str) -> None:
        """Copy a folder of this machine there."""
        packed = subprocess.run(["tar", "-C", str(folder), "-c", "."], capture_output=True, check=True).stdout
        self._pass_through(f"mkdir -p {target} && tar -C {target} -x --no-same-owner", packed)

    def read(self, path: str) -> bytes:
        return self._pass_through(f"cat {path}", b"")

    def write(self, path: str, content: bytes) -> None:
        self._pass_through(f"cat > {path}", content)

    def _pass_through(self, script: str, content: bytes) -> bytes:
        enter = ["nsenter", "--target", str(self.first_process), "--mount", "--root", "--wdns=/"]
        return subprocess.run([*enter, "sh", "-c", script], input=content, capture_output=True, check=True).stdout

    @property
    def network_command(self) -> list[str]:
        """The prefix of a command that runs here, with the machine's network."""
        return ["nsenter", "--target", str(self.first_process), "--net"]

    @contextmanager
    def network(self) -> Iterator[None]:
        """Sockets that this thread makes in the block are the machine's."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net") as ours, open(f"/proc/{self.first_process}/ns/net") as theirs:
            _set_namespace(libc, theirs.fileno())
            try:
                yield
            finally:
                _set_namespace(libc, ours.fileno())


def _set_namespace(libc: ctypes.CDLL, descriptor: int) -> None:
    if libc.setns(descriptor, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def _authorities() -> str:
    named = (os.environ.get(name) for name in ("PIP_CERT", "SSL_CERT_FILE"))
    return next(filter(None, named), None) or ssl.get_default_verify_paths().openssl_cafile


def _new_cgroup(name: str) -> Path:
    """A group of its own, so that the machine's systemd does not touch those of this one."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2":
            group = Path(place) / name
            group.mkdir()
            return group
    raise CannotBuildMachine("no cgroup2 file system is mounted")


def _remove_cgroup(group: Path) -> bool:
    """Remove what has no processes any more; says whether something is left."""
    for folder, _, _ in os.walk(group, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(folder)
    return group.exists()
