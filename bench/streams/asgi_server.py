"""The site's streams alone under uvicorn: ``python -m bench.streams.asgi_server PORT CLASSES UPDATE_SECONDS``."""

from __future__ import annotations

import os
import sys
import tempfile

import uvicorn

from bench.streams.fake_classes import FakeClasses
from lms.config import load_settings
from lms.live.http_protocol import Connection
from lms.live.stream_endpoint import StreamEndpoint


def main(port: str, classes: str, update_seconds: str) -> None:
    settings = load_settings({"LMS_SECRET_KEY": os.environ["BENCH_SECRET"], "LMS_DATA_DIR": tempfile.mkdtemp()})
    streams = StreamEndpoint(settings, FakeClasses(int(classes), float(update_seconds)))

    async def site(scope, receive, send) -> None:
        if scope["type"] == "http":
            await streams(scope, receive, send)
            return
        await receive()
        streams.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await streams.stop()
        await send({"type": "lifespan.shutdown.complete"})

    uvicorn.run(
        site, port=int(port), http=Connection, lifespan="on", ws="none", log_config=None, access_log=False,
        backlog=4096, timeout_graceful_shutdown=3,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
