"""The load generator, a separate process: each connection sends its next request when it has the last response.

Reads a JSON object from standard input: ``host``, ``port``, ``connections`` (for each a list of whole HTTP requests
as Latin-1 text, sent in turn and again from the first) and ``seconds``. Writes a ``LoadResult`` to standard output.
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
from typing import Any

from bench.figures import percentile_ms

MAX_SECONDS = 60.0
MAX_CONNECTIONS = 1000
_LAG_INTERVAL = 0.005  # seconds between two measurements of the lag


@dataclass(frozen=True, slots=True)
class LoadResult:
    """The responses. Times in milliseconds; ``lag_p99`` is the event loop lag of the generator itself."""

    rate: float  # responses a second
    response_count: int
    statuses: dict[str, int]
    p50: float
    p99: float
    p999: float
    worst: float
    lag_p99: float


def generate(host: str, port: int, connections: list[list[bytes]], seconds: float) -> LoadResult:
    """Run the generator in a separate process and wait for its report."""
    order = {
        "host": host,
        "port": port,
        "seconds": seconds,
        "connections": [[request.decode("latin-1") for request in requests] for requests in connections],
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.load_generator"],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parent.parent,
        timeout=MAX_SECONDS * 2,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the load generator failed:\n{done.stderr}")
    return LoadResult(**json.loads(done.stdout))


class _Connection(asyncio.Protocol):
    """One keep-alive connection. Parses only responses with a Content-Length: the site sends no others."""

    def __init__(self, requests: list[bytes], run: _Run) -> None:
        self.requests = cycle(requests)
        self.run = run
        self.received = b""
        self.sent_at = 0.0
        self.finished = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
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

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None or time.perf_counter() < self.run.ends_at:
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

    async def measure_lag(self) -> None:
        while time.perf_counter() < self.ends_at:
            due = time.perf_counter() + _LAG_INTERVAL
            await asyncio.sleep(_LAG_INTERVAL)
            self.lags.append(time.perf_counter() - due)

    def report(self) -> LoadResult:
        seconds = time.perf_counter() - self.started_at
        return LoadResult(
            rate=len(self.latencies) / seconds,
            response_count=len(self.latencies),
            statuses={status: count for status, count in self.statuses.items() if count},
            p50=percentile_ms(self.latencies, 0.5),
            p99=percentile_ms(self.latencies, 0.99),
            p999=percentile_ms(self.latencies, 0.999),
            worst=percentile_ms(self.latencies, 1),
            lag_p99=percentile_ms(self.lags, 0.99),
        )


async def _main(order: dict) -> LoadResult:
    if order["host"] != "127.0.0.1" or len(order["connections"]) > MAX_CONNECTIONS:
        raise SystemExit("loopback only, and at most a thousand connections")
    run = _Run(min(order["seconds"], MAX_SECONDS))
    lag = asyncio.create_task(run.measure_lag())
    loop = asyncio.get_running_loop()
    open_connections = []
    for texts in order["connections"]:
        requests = [text.encode("latin-1") for text in texts]
        _, connection = await loop.create_connection(
            lambda requests=requests: _Connection(requests, run), order["host"], order["port"]
        )
        open_connections.append(connection)
    # A server that stops responding must not block us: connections that are open ten seconds after the end are lost.
    await asyncio.wait([connection.finished for connection in open_connections], timeout=order["seconds"] + 10)
    run.statuses["lost"] += sum(not connection.finished.done() for connection in open_connections)
    await lag
    return run.report()


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_main(json.load(sys.stdin))))))
