"""One phone: it comes in by the front door, follows the class, answers, and practises."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench.phones.wire import Lost, Reply, Stream, request

if TYPE_CHECKING:
    from bench.phones.city import City, Room

_FORM = "application/x-www-form-urlencoded"
_STREAM = re.compile(rb"/lop/dong\?ve=[0-9A-Za-z_.~-]+")
_TRY_AGAIN = (408, 429, 500, 502, 503, 504)


class Phone:
    def __init__(self, city: City, room: Room, number: int) -> None:
        self.city, self.room = city, room
        self.line = number % len(city.lines)  # which server it is at; another one when that is gone
        self.state: dict = {}
        self.cookie = self.address = ""
        self.stream: Stream | None = None
        self.lost_at: float | None = None
        self.tapped_at = 0.0
        self.is_asleep = False
        self.practising = False
        self.answering: set[tuple[str, int]] = set()
        self.expected: set[tuple] = set()
        self.tasks: set[asyncio.Task] = set()

    async def come_in(self) -> None:
        self.tapped_at = time.monotonic()
        page = await self.get(f"/lop/{self.room.code}")
        assert page.status == 200, page
        form = urlencode({"nguoi": 1, "ten": ""}).encode()
        reply = await self.ask("POST", f"/lop/{self.room.code}", form, Content_Type=_FORM)
        if reply.status != 303:
            self.city.refuse("join", reply)
            return
        self._keep_cookie(reply)
        page = await self.get(f"/lop/{self.room.code}")
        found = _STREAM.search(page.unpacked())
        if found is None:
            self.city.refuse("place", page)
            return
        self.address = found[0].decode()
        await self.listen()

    async def listen(self) -> None:
        while True:
            opened = Stream(
                request("GET", self.address, Accept="text/event-stream", Cookie=self.cookie), self._hear, self._lose
            )
            port = self.city.lines[self.line].port
            try:
                await asyncio.get_running_loop().create_connection(lambda: opened, "127.0.0.1", port)  # noqa: B023
            except OSError:
                self.line = (self.line + 1) % len(self.city.lines)
                await asyncio.sleep(random.uniform(1.5, 4))
                continue
            self.stream = opened
            return

    async def sleep(self, seconds: float) -> None:
        """As a phone in a pocket: the line goes, and comes back when somebody looks."""
        self.is_asleep = True
        if self.stream is not None:
            self.stream.close()
        self.expected.clear()
        await asyncio.sleep(seconds)
        self.is_asleep = False
        self.lost_at = time.monotonic()
        await self.listen()

    def _hear(self, state: dict) -> None:
        if self.city.weather.delay:
            asyncio.get_running_loop().call_later(self.city.weather.delay / 2, self._see, state)
        else:
            self._see(state)

    def _see(self, state: dict) -> None:
        now = time.monotonic()
        if not self.state:
            self.city.told.joined += 1
            self.city.told.joining.append(now - self.tapped_at)
        if self.lost_at is not None:
            self.city.told.back.append(now - self.lost_at)
            self.lost_at = None
        self.state |= state
        where = self.room.where(self.state)
        if where in self.expected:
            self.expected.discard(where)
            self.city.told.seen.append(now - self.room.said_at[where])
        self._act()

    def _act(self) -> None:
        state = self.state
        question = str(state.get("step", "")).removeprefix("hoi-")
        if state.get("phase") == "open" and question in self.city.options and not self.city.over:
            wanted = (question, state["round"])
            if wanted not in self.answering:
                self.answering.add(wanted)
                self.begin(self._answer(*wanted))
        if state.get("step") == "tap" and not self.practising:
            self.practising = True
            self.begin(self._practise())

    def begin(self, work) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.city.trouble.append(repr(task.exception()))

    def _lose(self, pause: float) -> None:
        if self.city.over or self.is_asleep:
            return
        self.lost_at = self.lost_at or time.monotonic()
        self.line = (self.line + 1) % len(self.city.lines)
        self.begin(self._return(pause))

    async def _return(self, pause: float) -> None:
        await asyncio.sleep(pause)
        await self.listen()

    async def _answer(self, question: str, round_: int) -> None:
        await asyncio.sleep(random.uniform(0.3, self.city.plan.answer_seconds))
        given = random.choice(self.city.options[question])
        form = urlencode({"question": question, "round": round_, "answer": given}).encode()
        path = f"/lop/{self.room.code}/tra-loi"
        reply = await self.post(path, form, self.city.told.answered, Content_Type=_FORM)
        if reply.status == 200:
            kept = reply.json()
            self.city.told.acknowledged.append((self.room.class_id, kept["seat"], question, round_, given))
        else:
            self.city.refuse("answer", reply)

    async def _practise(self) -> None:
        plan = self.city.plan
        await asyncio.sleep(random.uniform(0, plan.practice_seconds / 3))
        reply = await self.ask("POST", f"/lop/{self.room.code}/tap", Accept="application/json", Content_Type=_FORM)
        if reply.status != 200:
            self.city.refuse("practice", reply)
            return
        address = reply.json()["address"]
        await self.get(address)
        q, pause = 1, self.city.phones / plan.posts_a_second
        await asyncio.sleep(random.uniform(0, pause))
        while not self.city.over and self.state.get("step") == "tap":
            due = time.monotonic() + pause
            events = [[q + one, 100 * (q + one), plan.start_screen, -1, "miss"] for one in range(3)]
            reply = await self.post(
                f"{address}/su-kien",
                json.dumps({"events": events}).encode(),
                self.city.told.events,
                Content_Type="application/json",
            )
            if reply.status != 200:
                self.city.refuse("events", reply)
                return
            q = reply.json()["kept"] + 1
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def get(self, path: str) -> Reply:
        return await self.ask("GET", path, Accept="text/html", Accept_Encoding="gzip, deflate")

    async def post(self, path: str, body: bytes, times: list[float], **headers: str) -> Reply:
        return await self.ask("POST", path, body, times, Accept="application/json", **headers)

    async def ask(
        self, method: str, path: str, body: bytes = b"", times: list[float] | None = None, **headers: str
    ) -> Reply:
        """Until there is an answer that will not be better next time. ``times`` gets how long the last one took."""
        pause = 1.0
        while True:
            whole = request(method, path, body, **headers, **({"Cookie": self.cookie} if self.cookie else {}))
            begun = time.monotonic()
            try:
                reply = await self.city.weather.send(self.city.lines[self.line], whole)
            except Lost:
                self.city.told.lost += 1
                self.line = (self.line + 1) % len(self.city.lines)
            else:
                if times is not None:
                    times.append(time.monotonic() - begun)
                if reply.status not in _TRY_AGAIN:
                    return reply
                self.city.refuse(f"{method} again", reply)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(8.0, pause * 1.6)

    def _keep_cookie(self, reply: Reply) -> None:
        self.cookie = reply.header(b"set-cookie").partition(";")[0]
