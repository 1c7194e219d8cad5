"""``lms serve`` as the benchmark of classes runs it, on one database; a server may be killed and restarted."""

from __future__ import annotations

import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.sites import COURSES, ROOT, clean_environment, stop_process

SECRET = "the same for all servers of this bench"
_PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


class Server:
    """A process with a port that it keeps when it is restarted."""

    def __init__(self, folder: Path, database_url: str, port: int = 0, *, courses: Path = COURSES) -> None:
        self._folder, self._database_url, self._courses, self.port = folder, database_url, courses, port
        folder.mkdir(exist_ok=True)
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "lms", "serve", "--port", str(self.port), "--courses", str(self._courses)]
        settings = {"LMS_DATA_DIR": str(self._folder), "LMS_SECRET_KEY": SECRET}
        environment = clean_environment(LMS_DATABASE_URL=self._database_url, **settings)
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout or ():
            if match := re.search(r"http://\S+:(\d+)", line):
                self.port = int(match[1])
                return
        raise RuntimeError("lms serve did not start")

    def kill(self) -> None:
        """Kill it without a chance to clean up, as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        stop_process(self.process)


@contextmanager
def running_servers(folder: Path, database_url: str, count: int, *, courses: Path = COURSES) -> Iterator[list[Server]]:
    """Run ``count`` servers on one database, and stop them at the end."""
    with ExitStack() as stack:
        started = []
        for number in range(count):
            server = Server(folder / f"server-{number}", database_url, courses=courses)
            stack.callback(server.stop)
            started.append(server)
        yield started


def kill_later(server: Server, seconds: float, restart_seconds: float | None) -> None:
    """Kill a server after ``seconds`` and restart it ``restart_seconds`` later, or never if that is None."""
    time.sleep(seconds)
    server.kill()
    if restart_seconds is not None:
        time.sleep(restart_seconds)
        server.start()


def memory_of(pid: int) -> int:
    """Return the resident bytes of a process. Linux only."""
    match = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(match[1]) * 1024 if match else 0


def processor_seconds_of(pid: int) -> float:
    """Return the processor time that a process has used. Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def raise_open_file_limit(files: int) -> None:
    """Allow this process so many open files, or raise RuntimeError with the reason why that is impossible."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < files:
        if hard != resource.RLIM_INFINITY and hard < files:
            raise RuntimeError(f"ulimit -n allows {hard:,} open files, {files:,} are needed: raise it and try again")
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))


def require_local_ports(connections: int) -> None:
    """Raise RuntimeError if the system has too few local ports for so many connections."""
    if _PORT_RANGE.exists():
        first, last = map(int, _PORT_RANGE.read_text().split())
        if last - first < connections * 1.5:
            raise SystemExit(
                f"only {last - first:,} local ports, {int(connections * 1.5):,} needed: widen {_PORT_RANGE}"
            )
