"""One phone: it joins a class as a learner does, follows it on a stream, answers, and practises."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bench.phones.http_client import EventStream, RequestLost, Response

if TYPE_CHECKING:
    from bench.phones.simulation import ClassSimulation, ClassStep, Simulation

EVENTS_PER_POST = 3
END_SPREAD_SECONDS = 6.0  # as in class-seat.js
BACK_SECONDS = 5.0  # in which learners tap on the way back from the practice
REOPENING_POLL_SECONDS = (21.0, 39.0)  # as in seat-summary.js
SUMMARY_EVERY = 3  # of so many phones in a practice one goes to its summary when the class is closed
FLOOD_CONNECTIONS = 20
_FORM = "application/x-www-form-urlencoded"
_STREAM_PATH = re.compile(rb"/lop/dong\?ve=[0-9A-Za-z_.~-]+")
_RETRYABLE_STATUSES = (408, 429, 500, 502, 503, 504)


class Phone:
    def __init__(self, simulation: Simulation, class_simulation: ClassSimulation, number: int) -> None:
        self.simulation, self.class_simulation = simulation, class_simulation
        self.report, self.number = simulation.report, number
        self.server = number % len(simulation.pools)  # its index; the next one when a request is lost
        self.state: dict[str, Any] = {}
        self.cookie = self.stream_path = ""
        self.stream: EventStream | None = None
        self.disconnected_at: float | None = None
        self.tapped_at = 0.0
        self.is_asleep = False
        # ``is_at_end``: goes to the summary, or is there; ``has_left``: its class is closed, and it has no stream.
        # ``leaves_soon``: the class is closed, and the summary opens within seconds.
        self.is_practising = self.is_at_end = self.has_left = self.leaves_soon = False
        self.attempt_path = ""
        self.next_event = 1
        self.answered: set[tuple[str, int]] = set()  # (question, round)
        self.expected_steps: set[ClassStep] = set()
        self.tasks: set[asyncio.Task[None]] = set()

    async def join(self) -> None:
        """Join by the code, as page, form and page again, and open the stream; only that with a seat from before."""
        self.tapped_at = time.monotonic()
        if self.class_simulation.seats:
            self.cookie, self.stream_path = self.class_simulation.seats[self.number]
            await self.open_stream()
            return
        path = f"/lop/{self.class_simulation.code}"
        page = await self.get(path)
        if page.status != 200:
            self.simulation.count_unexpected("join page", page)
            return
        form = urlencode({"nguoi": 1, "ten": ""}).encode()
        response = await self.send("POST", path, form, Content_Type=_FORM)
        if response.status != 303:
            self.simulation.count_unexpected("join", response)
            return
        self.cookie = response.header(b"set-cookie").partition(";")[0]
        page = await self.get(path)
        match = _STREAM_PATH.search(page.decoded_body())
        if match is None:
            self.simulation.count_unexpected("seat page", page)
            return
        self.stream_path = match[0].decode()
        await self.open_stream()

    async def open_stream(self) -> None:
        """Connect to the stream, at the next server if this one refuses, until it works."""
        request = self.simulation.build_request("GET", self.stream_path, Accept="text/event-stream", Cookie=self.cookie)
        while True:
            stream = EventStream(request, self._on_state, self._on_stream_lost)
            try:
                await self.simulation.pools[self.server].connect(lambda: stream)  # noqa: B023
            except OSError:
                self._use_next_server()
                await asyncio.sleep(random.uniform(1.5, 4))
                continue
            self.stream = stream
            return

    async def sleep(self, seconds: float) -> None:
        """Disconnect, as a phone in a pocket does, and reconnect after so long."""
        self.is_asleep = True
        if self.stream is not None:
            self.stream.close()
        self.expected_steps.clear()
        await asyncio.sleep(seconds)
        self.is_asleep = False
        self.disconnected_at = time.monotonic()
        await self.open_stream()

    def _on_state(self, state: dict[str, Any]) -> None:
        delay = self.simulation.network.delay
        if delay:
            asyncio.get_running_loop().call_later(delay / 2, self._show, state)
        else:
            self._show(state)

    def _show(self, state: dict[str, Any]) -> None:
        now = time.monotonic()
        if not self.state:
            self.report.joined += 1
            self.report.join_times.append(now - self.tapped_at)
        if self.disconnected_at is not None:
            self.report.reconnect_times.append(now - self.disconnected_at)
            self.disconnected_at = None
        self.state |= state
        step = self.class_simulation.step_of(self.state)
        if step in self.expected_steps:
            self.expected_steps.discard(step)
            times = self.report.step_times.setdefault(self.class_simulation.kinds[step], [])
            times.append(now - self.class_simulation.commanded_at[step])
        self._react()

    def _react(self) -> None:
        """Answer an open question, once in each round; practise when the class does.

        A right answer is in the state, so that a phone with the script requests nothing for it.
        """
        state = self.state
        question = str(state.get("step", "")).removeprefix("hoi-")
        if state.get("phase") == "open" and question in self.simulation.options and not self.simulation.is_over:
            key = (question, state["round"])
            if key not in self.answered:
                self.answered.add(key)
                self.start_task(self._answer(*key))
        if state.get("step") == "tap" and not self.is_practising:
            self.is_practising = True
            self.start_task(self._practise())
        if state.get("closed") and self.is_at_end and not self.has_left and not self.leaves_soon:
            self.has_left = True
            self.start_task(self._await_reopening())
        if state.get("closed") and not self.is_at_end and not self._stays_in_practice():
            self.is_at_end = self.leaves_soon = True
            self.start_task(self._open_summary_of_closed_class())

    @property
    def path(self) -> str:
        return f"/lop/{self.class_simulation.code}"

    @property
    def is_in_practice(self) -> bool:
        return bool(self.attempt_path) and self.state.get("step") == "tap"

    def _stays_in_practice(self) -> bool:
        """A practice is not left when the class is closed; some learners take the way to the summary."""
        return self.is_in_practice and self.number % SUMMARY_EVERY != 0

    async def _open_summary_of_closed_class(self) -> None:
        """Go to the summary unless the class is reopened before."""
        await asyncio.sleep(random.uniform(0, END_SPREAD_SECONDS))
        self.leaves_soon = False
        if not self.state.get("closed"):
            self.is_at_end = False
            return
        self._leave()
        await self.open_page("end", f"{self.path}/ket")
        await self._await_reopening()

    async def _open_summary_of_open_class(self) -> None:
        """Go back from the practice at the end of the class, which leads to the summary; that follows the class."""
        self.is_at_end = True
        await self.open_page("end", f"{self.path}/ket")

    def _leave(self) -> None:
        self.has_left = True
        self.expected_steps.clear()
        if self.stream is not None:
            self.stream.close()

    async def _await_reopening(self) -> None:
        """Look from time to time whether the class is open again, as a summary does without a stream."""
        self._leave()
        while not self.simulation.is_over:
            await asyncio.sleep(random.uniform(*REOPENING_POLL_SECONDS))
            response = await self.send("GET", self.stream_path, Accept="application/json")
            if response.status == 200 and not response.json()["closed"]:
                await self._return_to_reopened_class()
                return

    async def _return_to_reopened_class(self) -> None:
        await self.open_page("back in class", self.path)
        self.report.return_times.append(time.monotonic() - self.class_simulation.reopened_at)
        self.is_at_end = self.has_left = self.is_practising = False
        await self.open_stream()

    async def open_page(self, name: str, path: str, after: float = 0.0) -> None:
        """Load a page ``after`` so many seconds, and note how long it took with all retries."""
        await asyncio.sleep(after)
        began = time.monotonic()
        response = await self.get(path)
        if response.status == 303 and response.header(b"location").endswith("/ket"):  # closed just before
            response = await self.get(f"{self.path}/ket")
        if response.status != 200:
            self.simulation.count_unexpected(name, response)
        self.report.page_times.setdefault(name, []).append(time.monotonic() - began)

    async def flood(self, posts: int, events: int) -> None:
        """Send ``posts`` of every kind that a phone in class has, and posts of ``events``, whatever comes back."""
        question = next(iter(self.simulation.options), "")
        answer = urlencode({"question": question, "round": 1, "answer": "x"}).encode()
        kinds = {
            "tra-loi": (f"{self.path}/tra-loi", answer, "application/json", _FORM),
            "tra-loi form": (f"{self.path}/tra-loi", answer, "text/html", _FORM),
            "tap": (f"{self.path}/tap", b"", "application/json", _FORM),
            "tap form": (f"{self.path}/tap", b"", "text/html", _FORM),
            "tay": (f"{self.path}/tay", b"tay=len", "application/json", _FORM),
            "tay form": (f"{self.path}/tay", b"tay=len", "text/html", _FORM),
            "theo-kip form": (f"{self.path}/theo-kip", b"kip=chua", "text/html", _FORM),
            "su-kien": (f"{self.attempt_path}/su-kien", b'{"events": []}', "application/json", "application/json"),
        }
        counts = dict.fromkeys(kinds, posts) | {"su-kien": events}
        pool, slots = self.simulation.post_pools[self.server], asyncio.Semaphore(FLOOD_CONNECTIONS)

        async def post(kind: str) -> None:
            path, body, accept, content_type = kinds[kind]
            headers = {
                "Accept": accept,
                "Content_Type": content_type,
                "Cookie": self.cookie,
                "Origin": self.simulation.origin,
            }
            async with slots:
                try:
                    response = await pool.send(self.simulation.build_request("POST", path, body, **headers))
                except RequestLost:
                    return
            key = f"{kind} {response.status}"
            self.report.flood_statuses[key] = self.report.flood_statuses.get(key, 0) + 1

        self.simulation.floods = True
        # Mixed: the kinds of a class share a limit, and the first would take what it lets in.
        order = [kind for kind, count in counts.items() for _ in range(count)]
        random.shuffle(order)
        await asyncio.gather(*(post(kind) for kind in order))
        self.simulation.floods = False

    def start_task(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._on_task_done)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.simulation.exceptions.append(repr(task.exception()))

    def _on_stream_lost(self, retry_seconds: float) -> None:
        if self.simulation.is_over or self.is_asleep:
            return
        self.disconnected_at = self.disconnected_at or time.monotonic()
        self._use_next_server()
        self.start_task(self._reconnect(retry_seconds))

    async def _reconnect(self, retry_seconds: float) -> None:
        await asyncio.sleep(retry_seconds)
        await self.open_stream()

    def _use_next_server(self) -> None:
        self.server = (self.server + 1) % len(self.simulation.pools)

    async def _answer(self, question: str, round_: int) -> None:
        await asyncio.sleep(random.uniform(0.3, self.simulation.plan.answer_seconds))
        option = random.choice(self.simulation.options[question])
        form = urlencode({"question": question, "round": round_, "answer": option}).encode()
        path = f"/lop/{self.class_simulation.code}/tra-loi"
        response = await self.post(path, form, self.report.answer_times, Content_Type=_FORM)
        if response.status == 200:
            seat = response.json()["seat"]
            self.report.acknowledged.append((self.class_simulation.class_id, seat, question, round_, option))
        else:
            self.simulation.count_unexpected("answer", response)

    async def _practise(self) -> None:
        """Start an attempt, and post events at an even rate until the class leaves the practice."""
        plan = self.simulation.plan
        await asyncio.sleep(random.uniform(0, plan.practice_seconds / 3))
        path = f"/lop/{self.class_simulation.code}/tap"
        response = await self.send("POST", path, Accept="application/json", Content_Type=_FORM)
        if response.status != 200:
            self.simulation.count_unexpected("practice", response)
            return
        attempt_path = self.attempt_path = response.json()["address"]
        await self.get(attempt_path)
        interval = self.simulation.phone_count / plan.event_posts_per_second
        await asyncio.sleep(random.uniform(0, interval))
        while not self.simulation.is_over and self.state.get("step") == "tap" and not self.is_at_end:
            due, is_in_flood = time.monotonic() + interval, self.simulation.floods
            numbers = range(self.next_event, self.next_event + EVENTS_PER_POST)
            events = [[number, 100 * number, plan.start_screen, -1, "miss"] for number in numbers]
            body = json.dumps({"events": events}).encode()
            response = await self.post(
                f"{attempt_path}/su-kien", body, self.report.event_times, Content_Type="application/json"
            )
            if response.status != 200:
                self.simulation.count_unexpected("events", response)
                return
            if is_in_flood:
                self.report.event_times_in_flood.append(self.report.event_times[-1])
            self.next_event = response.json()["kept"] + 1
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        await asyncio.sleep(random.uniform(0, BACK_SECONDS))
        if self.simulation.is_over or self.is_at_end:
            return
        if self.state.get("step") == "ket" and not self.state.get("closed"):  # as in class-bar.js
            await self._open_summary_of_open_class()
        else:
            await self.open_page("back in class", self.path)

    async def get(self, path: str) -> Response:
        return await self.send("GET", path, Accept="text/html", Accept_Encoding="gzip, deflate")

    async def post(self, path: str, body: bytes, times: list[float], **headers: str) -> Response:
        return await self.send("POST", path, body, times, Accept="application/json", **headers)

    async def send(
        self, method: str, path: str, body: bytes = b"", times: list[float] | None = None, **headers: str
    ) -> Response:
        """Send a request, again and again until its response is not retryable.

        Each response's time is appended to ``times``. After a lost request the next server is used.
        """
        if method == "POST":
            headers["Origin"] = self.simulation.origin
        if self.cookie:
            headers["Cookie"] = self.cookie
        request = self.simulation.build_request(method, path, body, **headers)
        pools = self.simulation.post_pools if method == "POST" else self.simulation.pools
        pause = 1.0
        while True:
            sent_at = time.monotonic()
            try:
                response = await self.simulation.network.send(pools[self.server], request)
            except RequestLost:
                self.report.retries += 1
                self._use_next_server()
            else:
                if times is not None:
                    times.append(time.monotonic() - sent_at)
                if response.status not in _RETRYABLE_STATUSES:
                    return response
                self.simulation.count_unexpected(f"{method}, retried", response)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(8.0, pause * 1.6)
