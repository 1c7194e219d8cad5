"""Keep the machine and its screen awake while it serves a class. Without it a laptop sleeps by its own settings."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

log = logging.getLogger(__name__)


@contextmanager
def inhibit_sleep() -> Iterator[bool]:
    """Keep this machine awake within the block, which learns whether that worked. A closed lid is not prevented."""
    with ExitStack() as stack:
        try:
            from wakepy import keep

            active = stack.enter_context(keep.presenting(on_fail="pass")).active
        except Exception:  # a class is never held up by it: a desktop may answer anything
            log.debug("cannot keep the machine awake", exc_info=True)
            active = False
        yield active
