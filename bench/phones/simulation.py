"""All classes at once: facilitators lead, projectors and desks watch, phones follow."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from functools import partial
from typing import Any
from urllib.parse import urlencode

from bench.phones.http_client import ConnectionPool, EventStream, NetworkConditions, RequestLost, Response
from bench.phones.phone import BACK_SECONDS, END_SPREAD_SECONDS, REOPENING_POLL_SECONDS, Phone
from bench.phones.plan import ClassPlan, LoadPlan, LoadReport
from bench.sites import build_request

ClassStep = tuple[Any, ...]  # (step, phase, round): what a phone can see of where its class is

CLOSED: ClassStep = ("closed", "", 0)
_LAG_INTERVAL = 0.01  # seconds between two measurements of the lag
_SETTLE_SECONDS = 6.0  # after the last step, so that reconnecting phones see it
_LATE_SECONDS = 30.0  # that phones whose server stopped at the end of a class have to reconnect on a slow machine
_STEP_PAUSE_SECONDS = 4.0
_COMMAND_TRIES = 100
POOLS = 3  # of connections to each server
_RETURN_SECONDS = REOPENING_POLL_SECONDS[1] + 4.0  # in which all phones are back in a class that was reopened
_FORM = "application/x-www-form-urlencoded"


class ClassSimulation:
    """One class and its facilitator.

    ``commanded_at``: when the command to each step was sent; ``kinds``: what that step is called in the report.
    """

    def __init__(self, simulation: Simulation, plan: ClassPlan) -> None:
        self.simulation = simulation
        self.class_id, self.code, self.watcher_paths, self.seats = (
            plan.class_id,
            plan.code,
            plan.watcher_paths,
            plan.seats,
        )
        self.phones = [Phone(simulation, self, number) for number in range(plan.phones)]
        self.commanded_at: dict[ClassStep, float] = {}
        self.kinds: dict[ClassStep, str] = {}
        self.command_server = 0  # the index of the server that takes the facilitator's commands
        self.reopened_at = 0.0
        self.waiting_watchers: set[str] = set()  # paths whose streams have not told the reopening yet
        self.last_step: ClassStep = ()

    @staticmethod
    def step_of(state: dict[str, Any]) -> ClassStep:
        """Return the step of a state; phase and round only for a question. A closed class has a step of its own.

        A question is shown once its right answer is there.
        """
        if state.get("closed"):
            return CLOSED
        key = str(state.get("step", ""))
        if not key.startswith("hoi-"):
            return state.get("step"), "", 0
        phase, solution = state.get("phase"), state.get("solution") or {}
        if phase == "shown" and f"hoi-{solution.get('question')}" != key:
            phase = "shown without the right answer"
        return key, phase, state.get("round")

    @staticmethod
    def kind_of(step: ClassStep) -> str:
        """Name a kind of step: the phase of a question, "closed", else the step's key."""
        return "closed" if step == CLOSED else step[1] or step[0]

    async def lead(self) -> None:
        """Lead the class through its questions and the practice to the end."""
        plan = self.simulation.plan
        await asyncio.sleep(random.uniform(0, plan.spread_seconds))
        for question in plan.questions:
            step = f"hoi-{question.id}"
            await self.command({"to": step}, (step, "read", 1))
            await asyncio.sleep(_STEP_PAUSE_SECONDS)
            await self.command({"phase": "open", "step": step}, (step, "open", 1))
            await asyncio.sleep(plan.answer_seconds + plan.grace_seconds)
            await self.command({"phase": "locked", "step": step}, (step, "locked", 1))
            await asyncio.sleep(_STEP_PAUSE_SECONDS)
            await self.command({"phase": "shown", "step": step}, (step, "shown", 1))
            await asyncio.sleep(_STEP_PAUSE_SECONDS)
        await self.command({"to": "tap"}, ("tap", "", 0))
        await asyncio.sleep(plan.practice_seconds / 2)
        if plan.flood_posts and self is self.simulation.classes[0]:
            self.phones[0].start_task(self.phones[0].flood(plan.flood_posts, plan.flood_events))
        await asyncio.sleep(plan.practice_seconds / 2)
        if plan.reopen_seconds is not None:
            await self._close_by_mistake(plan.reopen_seconds)
        await self.command({"to": "ket"}, ("ket", "", 0))
        await asyncio.sleep(_STEP_PAUSE_SECONDS + BACK_SECONDS)
        await self.command({"close": "true"}, CLOSED)

    async def _close_by_mistake(self, reopen_seconds: float) -> None:
        """Close the class in the middle of its practice, reopen it, and wait until its phones are back."""
        await self.command({"close": "true"}, CLOSED, kind="closed by mistake")
        await asyncio.sleep(reopen_seconds)
        form = urlencode({"csrf_token": self.simulation.plan.csrf_token}).encode()
        self.reopened_at = time.monotonic()
        self.waiting_watchers = set(self.watcher_paths)
        self.simulation.report.left_by_mistake += sum(phone.has_left for phone in self.phones)
        await self._send_command("mo-lai", form, _FORM, "text/html", ("tap", "", 0), "reopened")
        await asyncio.sleep(_RETURN_SECONDS)

    def on_watcher_state(self, path: str, state: dict[str, Any]) -> None:
        if path in self.waiting_watchers and state.get("closed") is False:
            self.waiting_watchers.discard(path)
            self.simulation.report.watcher_return_times.append(time.monotonic() - self.reopened_at)

    async def command(self, command: dict[str, str], step: ClassStep, kind: str = "") -> None:
        """Send a command until it succeeds; ``kind``: the name of ``step`` in the report."""
        body = json.dumps(command).encode()
        await self._send_command("lenh", body, "application/json", "application/json", step, kind or self.kind_of(step))

    async def _send_command(
        self, action: str, body: bytes, content_type: str, accept: str, step: ClassStep, kind: str
    ) -> None:
        """Send an idempotent command until it succeeds; connected phones are now expected to show ``step``."""
        plan = self.simulation.plan
        request = self.simulation.build_request(
            "POST", f"/dung-lop/{self.class_id}/{action}", body, Cookie=plan.facilitator_cookie,
            X_CSRFToken=plan.csrf_token, Content_Type=content_type, Accept=accept, Origin=self.simulation.origin,
        )  # fmt: skip
        self.commanded_at[step], self.last_step, self.kinds[step] = time.monotonic(), step, kind
        for phone in self.phones:
            if phone.state and not phone.is_asleep and not phone.has_left:
                self.simulation.report.missed_steps += len(phone.expected_steps)
                phone.expected_steps = {step}
        pools = self.simulation.command_pools
        for number in range(1, _COMMAND_TRIES + 1):
            try:
                response = await pools[self.command_server % len(pools)].send(request)
            except RequestLost:
                # As a proxy does: the next server at once, and nothing more to the one that is gone.
                self.command_server += 1
                self.simulation.report.retries += 1
                await asyncio.sleep(1 if number % len(pools) == 0 else 0)
                continue
            if response.status in (200, 303):
                self.simulation.report.command_times.append(time.monotonic() - self.commanded_at[step])
                return
            self.simulation.count_unexpected("command", response)
            if response.status < 500:
                raise RuntimeError(f"{body!r}: {response.status} {response.body[:200]!r}")
            await asyncio.sleep(1)


class Simulation:
    """``run`` plays the whole plan and returns its report."""

    def __init__(self, plan: LoadPlan) -> None:
        self.plan = plan
        self.report = LoadReport()
        self.network = NetworkConditions(plan.loss_rate, plan.delay)
        self.host = plan.host or "127.0.0.1"
        self.origin = f"https://{plan.host}" if plan.host else "http://127.0.0.1"
        # For pages, for posts of phones and for commands: a post does not queue behind all the pages of a city, since a
        # proxy opens another connection when all of its are busy.
        self.pools, self.post_pools, self.command_pools = (
            [ConnectionPool(port, plan.connections, plan.host) for port in plan.ports] for _ in range(POOLS)
        )
        self.options = {question.id: question.options for question in plan.questions}
        self.phone_count = sum(class_plan.phones for class_plan in plan.classes)
        self.classes = [ClassSimulation(self, class_plan) for class_plan in plan.classes]
        self.unexpected: Counter[str] = Counter()
        self.exceptions: list[str] = []
        self.watchers: list[EventStream] = []
        self.floods = False  # one of the phones
        self.is_over = False

    def build_request(self, method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
        return build_request(method, path, body, host=self.host, **headers)

    async def run(self) -> LoadReport:
        """Prints one line of JSON when all phones have joined."""
        lag = asyncio.get_running_loop().create_task(self._measure_lag())
        await asyncio.sleep(max(0.0, self.plan.starts_at - time.monotonic()))
        await self._open_watchers()
        phones = [phone for class_simulation in self.classes for phone in class_simulation.phones]
        random.shuffle(phones)
        await self._join_all(phones)
        print(json.dumps({"joined": self.report.joined}), flush=True)
        for phone in random.sample(phones, int(len(phones) * self.plan.sleep_rate)):
            phone.start_task(self._put_to_sleep(phone))
        await asyncio.gather(*(class_simulation.lead() for class_simulation in self.classes))
        await asyncio.sleep(_SETTLE_SECONDS + END_SPREAD_SECONDS)
        late_until = time.monotonic() + _LATE_SECONDS
        while self._count_out_of_step(phones) and time.monotonic() < late_until:
            await asyncio.sleep(1)
        self._finish_report(phones)
        self.is_over = True
        lag.cancel()
        return self.report

    async def _join_all(self, phones: list[Phone]) -> None:
        joins = []
        for index, phone in enumerate(phones):
            due = self.plan.starts_at + self.plan.join_seconds * index / len(phones)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            joins.append(asyncio.get_running_loop().create_task(phone.join()))
        await asyncio.gather(*joins)

    async def _put_to_sleep(self, phone: Phone) -> None:
        longest = 6 * self.plan.answer_seconds
        await asyncio.sleep(random.uniform(0, longest))
        await phone.sleep(random.uniform(5, longest))

    async def _open_watchers(self) -> None:
        """Open the streams of projectors, desks and helpers. They load the servers, and are to hear a reopening."""
        for class_simulation in self.classes:
            for index, path in enumerate(class_simulation.watcher_paths):
                self._open_watcher(class_simulation, path, index % len(self.pools))
        await asyncio.sleep(1)

    def _open_watcher(self, class_simulation: ClassSimulation, path: str, server: int) -> None:
        loop = asyncio.get_running_loop()

        def reconnect(retry_seconds: float) -> None:
            if not self.is_over:
                following = (server + 1) % len(self.pools)
                loop.call_later(retry_seconds, self._open_watcher, class_simulation, path, following)

        async def connect() -> None:
            request = self.build_request("GET", path, Accept="text/event-stream")
            stream = EventStream(request, partial(class_simulation.on_watcher_state, path), reconnect)
            try:
                await self.pools[server].connect(lambda: stream)
            except OSError:
                reconnect(2.0)
            self.watchers.append(stream)

        task = loop.create_task(connect())
        task.add_done_callback(lambda done: done.exception())

    def _finish_report(self, phones: list[Phone]) -> None:
        report = self.report
        report.missed_steps += sum(len(phone.expected_steps) for phone in phones if not phone.is_asleep)
        report.out_of_step = self._count_out_of_step(phones)
        report.unexpected = dict(self.unexpected) | {f"exception: {text}": 1 for text in set(self.exceptions[:5])}

    def _count_out_of_step(self, phones: list[Phone]) -> int:
        return sum(
            phone.class_simulation.step_of(phone.state) != phone.class_simulation.last_step
            for phone in phones
            if phone.state
        )

    def count_unexpected(self, what: str, response: Response) -> None:
        self.unexpected[f"{what} {response.status} {response.body[:60].decode(errors='replace')}"] += 1

    async def _measure_lag(self) -> None:
        while True:
            due = time.monotonic() + _LAG_INTERVAL
            await asyncio.sleep(_LAG_INTERVAL)
            self.report.lags.append(time.monotonic() - due)
