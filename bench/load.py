"""The load generator, a process of its own: as many connections as asked, each sending when its last answer came.

Reads a JSON object from standard input: ``host``, ``port``, ``connections`` (for each a list of whole HTTP requests
as Latin-1 text, sent in turn and again from the first) and ``seconds``. Writes one to standard output, see ``Load``.
Loopback only, and never longer than a minute.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

MOST_SECONDS = 60.0
MOST_CONNECTIONS = 1000
_LAG_STEP = 0.005  # seconds between two looks at the clock


@dataclass(frozen=True, slots=True)
class Load:
    """What came back. Times in milliseconds; ``lag_p99`` is how late the generator itself was."""

    rate: float  # answers a second
    answers: int
    statuses: dict[str, int]
    p50: float
    p99: float
    p999: float
    worst: float
    lag_p99: float


def generate(host: str, port: int, connections: list[list[bytes]], seconds: float) -> Load:
    """Run the generator in a process of its own and wait for its report."""
    order = {
        "host": host,
        "port": port,
        "seconds": seconds,
        "connections": [[request.decode("latin-1") for request in requests] for requests in connections],
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parent.parent,
        timeout=MOST_SECONDS * 2,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the load generator failed:\n{done.stderr}")
    return Load(**json.loads(done.stdout))


class _Phone(asyncio.Protocol):
    """One keep-alive connection. Only answers with a Content-Length are understood: the site sends no others."""

    def __init__(self, requests: list[bytes], run: _Run) -> None:
        self.requests = cycle(requests)
        self.run = run
        self.received = b""
        self.sent_at = 0.0
        self.finished = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send_next()

    def send_next(self) -> None:
        self.sent_at = time.perf_counter()
        if self.sent_at >= self.run.ends_at:
            self.transport.close()
            return
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(body) >= length:
            self.run.latencies.append(time.perf_counter() - self.sent_at)
            self.run.statuses[head[9:12].decode()] += 1
            self.received = b""
            self.send_next()

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None or time.perf_counter() < self.run.ends_at:
            self.run.statuses["lost"] += 1
        if not self.finished.done():
            self.finished.set_result(None)


class _Run:
    def __init__(self, seconds: float) -> None:
        self.latencies: list[float] = []
        self.lags: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.started_at = time.perf_counter()
        self.ends_at = self.started_at + seconds

    async def watch_own_lag(self) -> None:
        while time.perf_counter() < self.ends_at:
            due = time.perf_counter() + _LAG_STEP
            await asyncio.sleep(_LAG_STEP)
            self.lags.append(time.perf_counter() - due)

    def report(self) -> Load:
        seconds = time.perf_counter() - self.started_at
        return Load(
            rate=len(self.latencies) / seconds,
            answers=len(self.latencies),
            statuses={status: count for status, count in self.statuses.items() if count},
            p50=_percentile(self.latencies, 0.5),
            p99=_percentile(self.latencies, 0.99),
            p999=_percentile(self.latencies, 0.999),
            worst=_percentile(self.latencies, 1),
            lag_p99=_percentile(self.lags, 0.99),
        )


def _percentile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("inf")


async def _main(order: dict) -> Load:
    if order["host"] != "127.0.0.1" or len(order["connections"]) > MOST_CONNECTIONS:
        raise SystemExit("loopback only, and not too much of it")
    run = _Run(min(order["seconds"], MOST_SECONDS))
    lag = asyncio.create_task(run.watch_own_lag())
    loop = asyncio.get_running_loop()
    phones = []
    for texts in order["connections"]:
        requests = [text.encode("latin-1") for text in texts]
        _, phone = await loop.create_connection(
            lambda requests=requests: _Phone(requests, run), order["host"], order["port"]
        )
        phones.append(phone)
    # A server that answers no more must not keep us: what is open ten seconds after the end is counted as lost.
    await asyncio.wait([phone.finished for phone in phones], timeout=order["seconds"] + 10)
    run.statuses["lost"] += sum(not phone.finished.done() for phone in phones)
    await lag
    return run.report()


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_main(json.load(sys.stdin))))))
