"""Streams in a bare ASGI application beside Flask, and in Flask on gevent: what each costs (see docs/adr/0014).

Both hold the same streams of the same class states and send each a state now and then. The server is a process of its
own; this one holds the other ends, tells its own lag, and reads the server's memory and processor time from /proc.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.figures import Figure, at_most
from bench.phones.wire import Stream, request
from bench.servers import memory_of, processor_seconds_of
from bench.sites import ROOT, _environment, _free_port, _stop
from lms.learning.classroom.session.stream_tokens import Ticket, issue

PHONES = 10_080
CLASS = 60
SECONDS = 20.0
EVERY = 1.0  # seconds between two states of a class: ten thousand deliveries a second
SECRET = "of this comparison, 32 characters and more"
_KINDS = {"ASGI beside Flask": "asgi", "Flask on gevent": "gevent"}


@dataclass(frozen=True, slots=True)
class Held:
    streams: int
    memory: float  # bytes a stream
    processor: float  # of one core
    delays: list[float]  # seconds from the drawing of a state to its arrival
    deliveries: float  # a second
    lag: list[float]


def measure() -> Iterator[Figure]:
    for name, kind in _KINDS.items():
        held = _hold(kind)
        note = f"{held.streams:,} streams; {held.deliveries:,.0f} deliveries a second; "
        note += f"the load's own lag p99 {_percentile(held.lag, 0.99):.1f} ms"
        yield at_most(f"{name}: memory for each stream", held.memory / 1024, 25, "KB", note)
        yield at_most(f"{name}: of one core", held.processor, 1.0, "cores")
        yield at_most(f"{name}: a delivery, p50", _percentile(held.delays, 0.5), 500, "ms")
        yield at_most(f"{name}: a delivery, p99", _percentile(held.delays, 0.99), 1500, "ms")


def _hold(kind: str) -> Held:
    _allow(PHONES + 200)
    port = _free_port()
    command = [sys.executable, "-m", f"bench.streams.{kind}_server", str(port), str(PHONES // CLASS), str(EVERY)]
    server = subprocess.Popen(command, cwd=ROOT, env=_environment(BENCH_SECRET=SECRET))
    try:
        return asyncio.run(_listen(port, server.pid))
    finally:
        _stop(server)


async def _listen(port: int, pid: int) -> Held:
    loop = asyncio.get_running_loop()
    await _wait_for(port)
    delays: list[float] = []
    lags: list[float] = []
    lost = 0

    def hear(state: dict) -> None:
        if "drawn" in state:
            delays.append(time.monotonic() - state["drawn"])

    def lose(_pause: float) -> None:
        nonlocal lost
        lost += 1

    before = memory_of(pid)
    streams = []
    for number in range(PHONES):
        ticket = Ticket("phone", f"{number // CLASS:032x}", str(number % CLASS + 1))
        headers = {"Accept": "text/event-stream", "Cookie": "learner=" + "0123456789abcdef" * 4}
        opening = request("GET", f"/lop/dong?ve={issue(SECRET, ticket)}", **headers)
        stream = Stream(opening, hear, lose)
        await loop.create_connection(lambda stream=stream: stream, "127.0.0.1", port)
        streams.append(stream)
        if number % 100 == 0:
            await asyncio.sleep(0.02)
    await asyncio.sleep(5)
    memory = (memory_of(pid) - before) / PHONES
    delays.clear()
    used, begun = processor_seconds_of(pid), time.monotonic()
    while time.monotonic() - begun < SECONDS:
        due = time.monotonic() + 0.005
        await asyncio.sleep(0.005)
        lags.append(time.monotonic() - due)
    seconds = time.monotonic() - begun
    processor = (processor_seconds_of(pid) - used) / seconds
    held = Held(PHONES - lost, memory, processor, list(delays), len(delays) / seconds, lags)
    for stream in streams:
        stream.close()
    return held


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


def _allow(files: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < files:
        if hard != resource.RLIM_INFINITY and hard < files:
            raise RuntimeError(f"ulimit -n allows {hard:,} open files, {files:,} are needed")
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))


def _percentile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("inf")
