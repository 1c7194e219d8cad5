"""The same streams in Flask on gevent, monkey-patched: ``python -m bench.streams.gevent_server PORT CLASSES EVERY``.

As Flask's pattern for streams has it: a generator for each, which waits for its class's next state; one greenlet
looks for changes and draws each state once. Tickets are read by the site's own function.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402
import random  # noqa: E402
import sys  # noqa: E402
from collections.abc import Iterator  # noqa: E402

import gevent  # noqa: E402
from flask import Flask, Response, abort, request  # noqa: E402
from gevent.event import Event  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402

from bench.streams.made_up import Classes, Seat  # noqa: E402
from lms.learning.classroom.session.stream_tokens import read  # noqa: E402
from lms.live.snapshot import snapshot_of  # noqa: E402

LOOK_SECONDS = 0.5
BEAT_SECONDS = 20


def main(port: str, count: str, every: str) -> None:
    app, classes = Flask(__name__), Classes(int(count), float(every))
    told: dict[str, bytes] = {}
    changed: dict[str, Event] = {}
    sent: dict[str, int] = {}

    def draw(class_id: str, version: int) -> None:
        told[class_id], sent[class_id] = snapshot_of(classes.draw("phone", version, ())).event, version

    def watch() -> None:
        while True:
            gevent.sleep(LOOK_SECONDS)
            for class_id, version in classes.versions().items():
                if class_id in changed and sent.get(class_id) != version:
                    draw(class_id, version)
                    changed[class_id].set()
                    changed[class_id] = Event()

    @app.get("/lop/dong")
    def stream() -> Response:
        ticket = read(os.environ["BENCH_SECRET"], request.args.get("ve", ""))
        if ticket is None:
            abort(403)
        if ticket.class_id not in changed:
            changed[ticket.class_id] = Event()
            draw(ticket.class_id, classes.versions()[ticket.class_id])
        own = snapshot_of(classes.draw_seat(Seat(ticket.class_id, ticket.seat))).event
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(states(ticket.class_id, own), mimetype="text/event-stream", headers=headers)

    def states(class_id: str, own: bytes) -> Iterator[bytes]:
        yield b"retry: %d\n\n" % random.randint(1500, 7000) + told[class_id] + own
        while True:
            yield told[class_id] if changed[class_id].wait(BEAT_SECONDS) else b"event: beat\ndata: 1\n\n"

    gevent.spawn(watch)
    WSGIServer(("127.0.0.1", int(port)), app, log=None, backlog=4096).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
