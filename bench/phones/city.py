"""All classes at once: leaders say where to be, walls and desks look on, phones follow."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter

from bench.phones.phone import Phone
from bench.phones.plan import Hall, Plan, Told
from bench.phones.wire import Line, Lost, Reply, Stream, Weather, request

_LAG_STEP = 0.01  # seconds between two looks at the clock
_SETTLING = 6.0  # seconds after the last step, in which those who come back find it
_CATCHING_UP = 4.0  # between two steps


class Room:
    """One class as its leader knows it. ``said_at``: when she sent each command, by where it leads."""

    def __init__(self, city: City, hall: Hall) -> None:
        self.city, self.class_id, self.code, self.screens = city, hall.class_id, hall.code, hall.screens
        self.phones = [Phone(city, self, number) for number in range(hall.phones)]
        self.said_at: dict[tuple, float] = {}
        self.last: tuple = ()

    @staticmethod
    def where(state: dict) -> tuple:
        """The place of a class that a phone can tell: its step and how far the question is."""
        asked = str(state.get("step", "")).startswith("hoi-")
        return state.get("step"), state.get("phase") if asked else "", state.get("round") if asked else 0

    async def lead(self) -> None:
        plan = self.city.plan
        await asyncio.sleep(random.uniform(0, plan.spread_seconds))
        for question in plan.questions:
            step = f"hoi-{question.id}"
            await self.say({"to": step}, (step, "read", 1))
            await asyncio.sleep(_CATCHING_UP)
            await self.say({"phase": "open", "step": step}, (step, "open", 1))
            await asyncio.sleep(plan.answer_seconds + plan.waiting_seconds)
            await self.say({"phase": "locked", "step": step}, (step, "locked", 1))
            await asyncio.sleep(_CATCHING_UP)
            await self.say({"phase": "shown", "step": step}, (step, "shown", 1))
            await asyncio.sleep(_CATCHING_UP)
        await self.say({"to": "tap"}, ("tap", "", 0))
        await asyncio.sleep(plan.practice_seconds)
        await self.say({"to": "ket"}, ("ket", "", 0))

    async def say(self, command: dict, where: tuple) -> None:
        """Send it until it is done; doing it twice is doing it once."""
        plan = self.city.plan
        body = json.dumps(command).encode()
        order = request(
            "POST", f"/dung-lop/{self.class_id}/lenh", body, Cookie=plan.desk_cookie, X_CSRFToken=plan.desk_token,
            Content_Type="application/json", Accept="application/json",
        )  # fmt: skip
        self.said_at[where], self.last = time.monotonic(), where
        for phone in self.phones:
            if phone.state and not phone.is_asleep:
                self.city.told.missed += len(phone.expected)
                phone.expected = {where}
        for turn in range(100):
            try:
                reply = await self.city.lines[turn % len(self.city.lines)].ask(order)
            except Lost:
                await asyncio.sleep(1)
                continue
            if reply.status == 200:
                return
            self.city.refuse("command", reply)
            if reply.status < 500:
                raise RuntimeError(f"{command}: {reply.status} {reply.body[:200]!r}")
            await asyncio.sleep(1)


class City:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.told = Told()
        self.weather = Weather(plan.failing, plan.delay)
        self.lines = [Line(port, plan.connections) for port in plan.ports]
        self.options = {question.id: question.options for question in plan.questions}
        self.rooms = [Room(self, hall) for hall in plan.halls]
        self.phones = sum(hall.phones for hall in plan.halls)
        self.refused: Counter[str] = Counter()
        self.trouble: list[str] = []
        self.screens: list[Stream] = []
        self.over = False

    async def play(self) -> Told:
        lag = asyncio.get_running_loop().create_task(self._watch_own_lag())
        await asyncio.sleep(max(0.0, self.plan.began - time.monotonic()))
        await self._open_screens()
        phones = [phone for room in self.rooms for phone in room.phones]
        random.shuffle(phones)
        joins = []
        for place, phone in enumerate(phones):
            due = self.plan.began + self.plan.join_seconds * place / len(phones)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            joins.append(asyncio.get_running_loop().create_task(phone.come_in()))
        await asyncio.gather(*joins)
        print(json.dumps({"joined": self.told.joined, "at": time.monotonic()}), flush=True)
        sleepers = random.sample(phones, int(len(phones) * self.plan.asleep))
        for phone in sleepers:
            phone.begin(self._sleep(phone))
        begun = time.monotonic()
        await asyncio.gather(*(room.lead() for room in self.rooms))
        await asyncio.sleep(_SETTLING)
        self._count(phones, begun)
        self.over = True
        lag.cancel()
        return self.told

    async def _sleep(self, phone: Phone) -> None:
        length = 6 * self.plan.answer_seconds
        await asyncio.sleep(random.uniform(0, length))
        await phone.sleep(random.uniform(5, length))

    async def _open_screens(self) -> None:
        """Walls and desks: they only look on, but they cost what they cost."""
        loop = asyncio.get_running_loop()
        for room in self.rooms:
            for place, address in enumerate(room.screens):
                self._open_screen(loop, address, place % len(self.lines))
        await asyncio.sleep(1)

    def _open_screen(self, loop: asyncio.AbstractEventLoop, address: str, line: int) -> None:
        def lose(pause: float) -> None:
            if not self.over:
                loop.call_later(pause, self._open_screen, loop, address, (line + 1) % len(self.lines))

        async def connect() -> None:
            stream = Stream(request("GET", address, Accept="text/event-stream"), lambda _state: None, lose)
            try:
                await loop.create_connection(lambda: stream, "127.0.0.1", self.lines[line].port)
            except OSError:
                lose(2.0)
            self.screens.append(stream)

        task = loop.create_task(connect())
        task.add_done_callback(lambda done: done.exception())

    def _count(self, phones: list[Phone], begun: float) -> None:
        told = self.told
        told.missed += sum(len(phone.expected) for phone in phones if not phone.is_asleep)
        told.astray = sum(phone.room.where(phone.state) != phone.room.last for phone in phones if phone.state)
        told.refused = dict(self.refused) | {f"error: {what}": 1 for what in set(self.trouble[:5])}
        told.events_seconds = time.monotonic() - begun

    def refuse(self, what: str, reply: Reply) -> None:
        self.refused[f"{what} {reply.status} {reply.body[:60].decode(errors='replace')}"] += 1

    async def _watch_own_lag(self) -> None:
        while True:
            due = time.monotonic() + _LAG_STEP
            await asyncio.sleep(_LAG_STEP)
            self.told.lag.append(time.monotonic() - due)
