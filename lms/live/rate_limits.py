"""Rate limits for learners' posts, the same for forms and for scripts.

A limit belongs to a learner, by the signed cookie, and never to an IP address: a whole hall shares one. A post without
a cookie is not limited here; what it may do is limited by the class's door and by the queue of the writer.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from lms.config import Settings
from lms.learning.errors import RateLimited
from lms.live.responses import Scope, read_learner_cookie

_CLASS_POST = re.compile("/(?:lop|LOP)/[0-9]{6}(?:/.*)?")
# Accounts have limits of their own, and a desk may run in the browser of somebody who also learns.
# By the first part of the path; a course may be called /vao-mang.
_ACCOUNT_PATHS = frozenset({"dung-lop", "giup", "chieu", "vao", "soan", "quan-ly"})


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A token bucket of ``burst`` posts that refills evenly."""

    burst: int
    refill_per_second: float


# In class: people change their minds, and a page retries on a bad line; a broken script sends thousands.
CLASS_LIMIT = RateLimit(burst=12, refill_per_second=1.0)
# Everywhere else: without a script each tap of a practice is a form, and a phone that was away sends what has gathered.
GENERAL_LIMIT = RateLimit(burst=120, refill_per_second=5.0)


class PostLimits:
    """The limits of one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._class_posts = RateLimiter(CLASS_LIMIT)
        self._others = RateLimiter(GENERAL_LIMIT)

    def check(self, scope: Scope) -> None:
        """Count a POST. To be called once for each.

        Raises:
            RateLimited: too many by this learner.
        """
        path = scope["path"]
        if path.removeprefix("/").partition("/")[0] in _ACCOUNT_PATHS:
            return
        learner_id = read_learner_cookie(self._settings, scope).current
        if learner_id is not None:
            limiter = self._class_posts if _CLASS_POST.fullmatch(path) else self._others
            limiter.consume(learner_id, time.monotonic())


class RateLimiter:
    """A token bucket for each learner."""

    def __init__(self, limit: RateLimit) -> None:
        self._burst, self._refill_per_second = limit.burst, limit.refill_per_second
        # By learner: (tokens left, time of the last post), in the order of the last post.
        self._buckets: dict[str, tuple[float, float]] = {}

    def consume(self, learner_id: str, now: float) -> None:
        """Take one token. ``now`` in seconds on the monotonic clock.

        Raises:
            RateLimited: the bucket is empty.
        """
        tokens, last_post = self._buckets.pop(learner_id, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - last_post) * self._refill_per_second)
        self._buckets[learner_id] = (max(tokens - 1, 0.0), now)
        self._evict_full(now)
        if tokens < 1:
            raise RateLimited(learner_id)

    def _evict_full(self, now: float) -> None:
        """Drop up to two buckets that are full again."""
        for _ in range(2):
            oldest = next(iter(self._buckets))
            if (now - self._buckets[oldest][1]) * self._refill_per_second < self._burst:
                return
            del self._buckets[oldest]
