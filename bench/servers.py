"""``lms serve`` as the classes' bench runs it: one or several on a store; each may be killed and started again."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.sites import COURSES, ROOT, _environment, _stop

SECRET = "the same for all servers of this bench"


class Server:
    """One process on a port that it keeps."""

    def __init__(self, folder: Path, database_url: str, port: int = 0) -> None:
        self._folder, self._database_url, self.port = folder, database_url, port
        folder.mkdir(exist_ok=True)
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "lms", "serve", "--port", str(self.port), "--courses", str(COURSES)]
        settings = {"LMS_DATA_DIR": str(self._folder), "LMS_SECRET_KEY": SECRET}
        environment = _environment(LMS_DATABASE_URL=self._database_url, **settings)
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout or ():
            if found := re.search(r"http://\S+:(\d+)", line):
                self.port = int(found[1])
                return
        raise RuntimeError("lms serve did not start")

    def kill(self) -> None:
        """As a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        _stop(self.process)

    @property
    def memory(self) -> int:
        return memory_of(self.process.pid)

    @property
    def processor_seconds(self) -> float:
        return processor_seconds_of(self.process.pid)


def memory_of(pid: int) -> int:
    """Resident bytes; Linux only, like the next one."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) * 1024


def processor_seconds_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


@contextmanager
def servers(folder: Path, database_url: str, count: int) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        started = []
        for number in range(count):
            server = Server(folder / f"server-{number}", database_url)
            stack.callback(server.stop)
            started.append(server)
        yield started


def kill_later(server: Server, seconds: float, away: float | None) -> None:
    """Kill it after so long; start it again ``away`` seconds later, or never."""
    time.sleep(seconds)
    server.kill()
    if away is not None:
        time.sleep(away)
        server.start()
