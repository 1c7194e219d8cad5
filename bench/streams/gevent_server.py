"""Class streams in Flask on gevent, which patches the standard library.

This is Flask's pattern for streams: each is a generator that waits for the next state of its class. One greenlet polls
for changes and renders each state once. Stream tokens are read by the site's own function.

``python -m bench.streams.gevent_server PORT CLASSES UPDATE_SECONDS`` runs it.
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

from bench.streams.fake_classes import FakeClasses, Seat  # noqa: E402
from lms.learning.classroom.session.stream_tokens import load_stream_token  # noqa: E402
from lms.live.poll_result import make_snapshot  # noqa: E402

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 20


def main(port: str, count: str, update_seconds: str) -> None:
    app, classes = Flask(__name__), FakeClasses(int(count), float(update_seconds))
    events: dict[str, bytes] = {}
    changed: dict[str, Event] = {}
    rendered_versions: dict[str, int] = {}

    def render(class_id: str, version: int) -> None:
        events[class_id], rendered_versions[class_id] = (
            make_snapshot(classes.draw("phone", version, (), None)).event,
            version,
        )

    def watch() -> None:
        while True:
            gevent.sleep(POLL_SECONDS)
            for class_id, version in classes.versions().items():
                if class_id in changed and rendered_versions.get(class_id) != version:
                    render(class_id, version)
                    changed[class_id].set()
                    changed[class_id] = Event()

    @app.get("/lop/dong")
    def stream() -> Response:
        token = load_stream_token(os.environ["BENCH_SECRET"], request.args.get("ve", ""))
        if token is None:
            abort(403)
        if token.class_id not in changed:
            changed[token.class_id] = Event()
            render(token.class_id, classes.versions()[token.class_id])
        own = make_snapshot(classes.draw_seat(0, Seat(token.class_id, token.seat))).event
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(states(token.class_id, own), mimetype="text/event-stream", headers=headers)

    def states(class_id: str, own: bytes) -> Iterator[bytes]:
        yield b"retry: %d\n\n" % random.randint(1500, 7000) + events[class_id] + own
        while True:
            yield events[class_id] if changed[class_id].wait(HEARTBEAT_SECONDS) else b"event: beat\ndata: 1\n\n"

    gevent.spawn(watch)
    WSGIServer(("127.0.0.1", int(port)), app, log=None, backlog=4096).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
