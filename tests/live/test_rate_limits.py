"""Rate limits: which posts are counted for a learner."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.config import load_settings
from lms.http.learner_cookie import LearnerCookie, set_cookie_header
from lms.learning.errors import RateLimited
from lms.live.rate_limits import CLASS_LIMIT, GENERAL_LIMIT, PostLimits


@pytest.mark.parametrize(
    "path", ["/giup-nguoi-than/bai", "/soan-tin/bai", "/vao-mang/bai", "/vneid/bai", "/toi/ten", "/"]
)
def test_a_learners_posts_are_counted_also_in_courses_named_like_pages_of_accounts(tmp_path, path):
    assert count_allowed(tmp_path, path) == GENERAL_LIMIT.burst


@pytest.mark.parametrize("path", ["/lop/123456/tay", "/LOP/123456/tay"])
def test_posts_to_a_class_have_a_limit_of_their_own(tmp_path, path):
    assert count_allowed(tmp_path, path) == CLASS_LIMIT.burst


@pytest.mark.parametrize("path", ["/vao", "/vao/slip", "/dung-lop", "/dung-lop/0/lenh", "/chieu", "/quan-ly/toi"])
def test_posts_of_accounts_are_not_counted(tmp_path, path):
    assert count_allowed(tmp_path, path) is None


def count_allowed(tmp_path: Path, path: str) -> int | None:
    """How many posts at once are let in; None if all are."""
    settings = load_settings({}, data_dir=tmp_path)
    cookie = set_cookie_header(settings, LearnerCookie(("a" * 32,))).partition(";")[0]
    limits = PostLimits(settings)
    for number in range(GENERAL_LIMIT.burst + 10):
        try:
            limits.check({"path": path, "headers": [(b"cookie", cookie.encode())]})
        except RateLimited:
            return number
    return None
