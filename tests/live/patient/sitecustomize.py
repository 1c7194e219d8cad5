"""A server that starts with this folder on its PYTHONPATH has no timeouts for requests.

Python runs a module of this name by itself as it starts, so the command under test is the real one. Whoever waits for
a client here waits longer than a test does; where nobody may wait, a test needs no clock to tell.
"""

from __future__ import annotations

import functools

from lms.live import dispatcher, http_protocol, request_bodies

EVER = 3600.0  # seconds

dispatcher.read_body = functools.partial(request_bodies.read_body, seconds=EVER)
dispatcher.SEND_SECONDS = EVER
request_bodies._DRAIN_SECONDS = EVER
http_protocol.HEAD_SECONDS = EVER
