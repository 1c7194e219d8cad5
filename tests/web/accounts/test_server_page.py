"""/quan-ly/may-chu: what runs, how it is doing, and for each thing that is not right what to do."""

from __future__ import annotations

from collections import namedtuple
from datetime import datetime, timedelta

import pytest
from flask import Flask

from lms.learning.accounts.permissions import CITY
from lms.learning.backup.last_backup import record_backup
from lms.monitoring import disk, readiness
from lms.release import VERSION, this_release
from lms.vietnam_time import moment_in_words
from lms.web import clock
from lms.web.accounts.server_page import REMEDIES, size_in_words
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import main_text_at
from tests.web.signed_in_clients import signed_in_client


@pytest.fixture
def admin(app: Flask, settings, monkeypatch) -> CheckingClient:
    """An administrator, of a site whose backup is an hour old and that has served no error."""
    monkeypatch.setattr(readiness, "FRESH_SECONDS", 0.0)
    record_backup(settings.data_dir, clock.now() - timedelta(hours=1))
    return signed_in_client(app, "Bình", {"administrator"}, CITY)


def words(client: CheckingClient) -> str:
    return main_text_at(client, "/quan-ly/may-chu")


def test_a_site_that_is_well_says_so_with_its_release(admin, catalog):
    told = words(admin)
    release = this_release()
    assert "Mọi thứ đang chạy tốt, không có gì phải làm." in told
    assert f"Bản chương trình: {VERSION}" in told
    assert f"Mã commit: {release.commit[:12]}" in told
    assert f"Ngày của bản: {moment_in_words(datetime.fromisoformat(release.date))}" in told
    assert f"Khóa học trên trang: {len(catalog.library.courses)}" in told
    assert "Lớp đang mở: 0" in told
    assert "việc cần xem" not in told


def test_every_check_has_a_sentence_and_a_remedy(app):
    assert [one.name for one in app.extensions["readiness"].check()] == list(REMEDIES)
    for what, remedy in REMEDIES.values():
        assert what.endswith(".")
        assert remedy.endswith(".")


def test_each_check_that_fails_stands_there_with_what_to_do(admin, app, settings):
    (settings.data_dir / "signing-keys.json").unlink()
    app.extensions["readiness"]._render_page = lambda: 500
    told = words(admin)
    assert "2 việc cần xem" in told
    for name in ("keys", "page"):
        assert " ".join(REMEDIES[name]) in told
    assert "chạy tốt" not in told


def test_what_will_be_a_problem_is_told_before_it_is_one(admin, settings, courses, catalog, monkeypatch):
    path = next(courses.glob("*/course.md"))
    path.write_text(path.read_text("utf-8") + "\n::: hỏii\n", "utf-8")
    catalog.reload()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _folder: usage(2**40, 2**40, disk.LOW_FREE_BYTES - 1))
    record_backup(settings.data_dir, clock.now() - timedelta(hours=27))
    told = words(admin)
    assert "3 việc cần xem" in told
    assert f"Khóa {path.parent.name} có lỗi." in told
    assert "Đĩa chỉ còn 1,1 GB." in told
    assert "Đã hơn một ngày chưa sao lưu." in told


def test_a_machine_without_any_backup_is_told_how(admin, settings):
    (settings.data_dir / "last-backup").unlink()
    assert "Máy này chưa sao lưu lần nào. Gõ lms backup" in words(admin)


def test_only_who_has_the_duty_finds_the_link(app, admin):
    link = "//a[@href='/quan-ly/may-chu']"
    assert admin.page("/quan-ly").xpath(link)
    assert not signed_in_client(app, "Thu", {"organiser"}, CITY).page("/quan-ly").xpath(link)


@pytest.mark.parametrize(
    ("size", "words"), [(12_345_678_901, "12,3 GB"), (800_000_000, "800,0 MB"), (999_999, "dưới 1 MB")]
)
def test_sizes_are_told_in_words(size, words):
    assert size_in_words(size) == words
