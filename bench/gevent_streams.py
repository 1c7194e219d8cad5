"""The cost of streams in an ASGI application beside Flask, and in Flask on gevent (see docs/adr/0014).

Both serve the same streams and send each a new state once a second. The server is a separate process; this one has the
clients, measures its own lag, and reads the server's memory and CPU time from /proc.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.figures import Figure, at_most, percentile_ms
from bench.phones.http_client import EventStream
from bench.servers import memory_of, processor_seconds_of, raise_open_file_limit
from bench.sites import ROOT, build_request, clean_environment, free_port, stop_process
from lms.learning.classroom.session.stream_tokens import StreamToken, sign_stream_token

PHONES = 10_080
PHONES_PER_CLASS = 60
SECONDS = 20.0
UPDATE_SECONDS = 1.0  # seconds between two states of a class: ten thousand deliveries a second
SECRET = "of this comparison, 32 characters and more"
_KINDS = {"ASGI beside Flask": "asgi", "Flask on gevent": "gevent"}


@dataclass(frozen=True, slots=True)
class StreamCosts:
    streams: int
    memory: float  # bytes a stream
    processor: float  # of one core
    delays: list[float]  # seconds from rendering a state to its arrival
    deliveries: float  # a second
    lag: list[float]


def measure() -> Iterator[Figure]:
    for name, kind in _KINDS.items():
        costs = _measure_server(kind)
        note = f"{costs.streams:,} streams; {costs.deliveries:,.0f} deliveries a second; "
        note += f"the load's own lag p99 {percentile_ms(costs.lag, 0.99):.1f} ms"
        yield at_most(f"{name}: memory for each stream", costs.memory / 1024, 25, "KB", note)
        yield at_most(f"{name}: processor", costs.processor, 1.0, "cores")
        yield at_most(f"{name}: delivery, p50", percentile_ms(costs.delays, 0.5), 500, "ms")
        yield at_most(f"{name}: delivery, p99", percentile_ms(costs.delays, 0.99), 1500, "ms")


def _measure_server(kind: str) -> StreamCosts:
    raise_open_file_limit(PHONES + 200)
    port = free_port()
    command = [
        sys.executable,
        "-m",
        f"bench.streams.{kind}_server",
        str(port),
        str(PHONES // PHONES_PER_CLASS),
        str(UPDATE_SECONDS),
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=clean_environment(BENCH_SECRET=SECRET))
    try:
        return asyncio.run(_listen(port, server.pid))
    finally:
        stop_process(server)


async def _listen(port: int, pid: int) -> StreamCosts:
    loop = asyncio.get_running_loop()
    await _wait_for(port)
    delays: list[float] = []
    lags: list[float] = []
    lost = 0

    def record_delay(state: dict) -> None:
        if "drawn" in state:
            delays.append(time.monotonic() - state["drawn"])

    def count_lost(_retry_seconds: float) -> None:
        nonlocal lost
        lost += 1

    before = memory_of(pid)
    streams = []
    for number in range(PHONES):
        token = StreamToken("phone", f"{number // PHONES_PER_CLASS:032x}", str(number % PHONES_PER_CLASS + 1))
        path, cookie = f"/lop/dong?ve={sign_stream_token(SECRET, token)}", "learner=" + "0123456789abcdef" * 4
        request = build_request("GET", path, Accept="text/event-stream", Cookie=cookie)
        stream = EventStream(request, record_delay, count_lost)
        await loop.create_connection(lambda stream=stream: stream, "127.0.0.1", port)
        streams.append(stream)
        if number % 100 == 0:
            await asyncio.sleep(0.02)
    await asyncio.sleep(5)
    memory = (memory_of(pid) - before) / PHONES
    delays.clear()
    used, started_at = processor_seconds_of(pid), time.monotonic()
    while time.monotonic() - started_at < SECONDS:
        due = time.monotonic() + 0.005
        await asyncio.sleep(0.005)
        lags.append(time.monotonic() - due)
    seconds = time.monotonic() - started_at
    processor = (processor_seconds_of(pid) - used) / seconds
    costs = StreamCosts(PHONES - lost, memory, processor, list(delays), len(delays) / seconds, lags)
    for stream in streams:
        stream.close()
    return costs


async def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError("the server did not start")
