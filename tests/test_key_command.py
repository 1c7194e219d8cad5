"""``lms key``, and starts with keys that are not the store's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli import main
from lms.learning.badges.keys import load_key_ring
from lms.learning.learners.learner_store import new_learner_id, upsert_and_lock_learner
from lms.learning.store.database import make_engine, write_sessions
from tests.site_folder import SiteFolder
from tests.web.sample_course import write_courses

KEY = "k" * 32


class Site(SiteFolder):
    def lms(self, *words: object, **settings: str) -> Result:
        env = {
            "LMS_DATA_DIR": str(self.folder),
            "LMS_COURSES": str(self.courses),
            "LMS_DATABASE_URL": "",
            "LMS_SECRET_KEY": "",
            "LMS_SIGNING_KEY": "",
        }
        return CliRunner().invoke(main, [*map(str, words)], env=env | settings)

    @property
    def secret_keys(self) -> list[str]:
        return (self.folder / "secret-key").read_text().split()


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return write_courses(tmp_path / "courses")


@pytest.fixture
def city(tmp_path: Path, courses: Path):
    with closing(SiteFolder(tmp_path / "city", courses)) as installed:
        yield installed


@pytest.fixture
def site(tmp_path: Path, courses: Path):
    with closing(Site(tmp_path / "site", courses)) as installed:
        yield installed


def test_a_new_signing_key_says_what_it_did_and_the_old_one_stays_published(site):
    assert site.lms("key", "list").exit_code == 0
    before = load_key_ring(site.folder).name
    done = site.lms("key", "new")
    after = load_key_ring(site.folder).name
    assert done.exit_code == 0, done.output
    assert after != before and after in done.output and "1 khóa cũ vẫn được công bố" in done.output
    listed = site.lms("key", "list").stdout.splitlines()
    assert {line.split("\t")[0]: line.endswith("đang ký") for line in listed} == {before: False, after: True}


def test_where_the_key_is_a_setting_a_new_one_is_only_printed(site):
    first = site.lms("key", "new", "--print")
    assert first.exit_code == 0 and re.fullmatch(r"LMS_SIGNING_KEY=z\w+\n", first.stdout)
    key = first.stdout.strip().removeprefix("LMS_SIGNING_KEY=")
    assert site.lms("key", "list", LMS_SIGNING_KEY=key).exit_code == 0
    second = site.lms("key", "new", LMS_SIGNING_KEY=key)
    assert second.exit_code == 0 and second.stdout != first.stdout
    assert not (site.folder / "data").exists() and load_key_ring(site.folder, key).signing


def test_a_laptop_is_known_after_it_has_another_signing_key(site, city, tmp_path):
    code = site.hold_class()
    assert site.lms("class", "export", tmp_path / "before.lop").exit_code == 0
    assert "được nhận ra" in site.lms("key", "new").output
    assert site.lms("class", "export", code, tmp_path / "after.lop").exit_code == 0
    assert "1 lớp mới" in city.run("import", tmp_path / "before.lop", "--account", "minh").output
    again = city.run("import", tmp_path / "after.lop", "--account", "minh")
    assert (again.exit_code, "số liệu mới hơn" in again.output) == (0, True), again.output


def test_a_laptop_whose_signing_key_is_lost_is_told_that_the_city_takes_it_for_another(site):
    assert site.lms("key", "list").exit_code == 0
    (site.folder / "signing-keys.json").unlink()
    assert site.lms("key", "list").exit_code == 2
    done = site.lms("key", "new")
    assert (done.exit_code, "coi đây là máy khác" in done.output) == (0, True), done.output
    assert site.lms("key", "list").exit_code == 0


def test_a_new_secret_key_stands_beside_the_old_one_until_that_is_dropped(site):
    assert site.lms("key", "secret").exit_code == 0
    new, old = site.secret_keys
    assert old == KEY and len(new) >= 32
    assert site.lms("key", "secret", "--drop-old").exit_code == 0
    assert site.secret_keys == [new]
    assert "Không có khóa cũ" in site.lms("key", "secret", "--drop-old").output
    assert site.lms("user", "list").exit_code == 0
    refused = site.lms("user", "list", LMS_SECRET_KEY=KEY)
    assert (refused.exit_code, "LMS_SECRET_KEY=mới,cũ" in refused.output) == (2, True)
    assert site.lms("user", "list", LMS_SECRET_KEY=f"{'q' * 32},{new}").exit_code == 0


def test_where_the_secret_key_is_a_setting_its_next_value_is_only_printed(site):
    printed = site.lms("key", "secret", LMS_SECRET_KEY=KEY)
    assert re.fullmatch(rf"LMS_SECRET_KEY=[\w-]{{64}},{KEY}\n", printed.stdout)
    value = printed.stdout.strip().partition("=")[2]
    dropped = site.lms("key", "secret", "--drop-old", LMS_SECRET_KEY=value)
    assert dropped.stdout == f"LMS_SECRET_KEY={value.partition(',')[0]}\n"
    assert site.secret_keys == [KEY]


def test_a_secret_key_that_is_lost_for_good_is_accepted_only_on_demand(site):
    assert site.lms("key", "list").exit_code == 0
    assert site.lms("key", "lost", "--yes").exit_code == 1  # the key is there
    (site.folder / "secret-key").unlink()
    assert site.lms("key", "lost").exit_code == 1
    assert site.lms("user", "list").exit_code == 2
    accepted = site.lms("key", "lost", "--yes")
    assert accepted.exit_code == 0, accepted.output
    assert site.lms("user", "list").exit_code == 0


@pytest.mark.parametrize("lost", ["secret-key", "signing-keys.json", "another secret key"])
def test_a_store_with_people_is_not_opened_without_its_keys(site, lost):
    """By ``lms serve``, by another server's factory, and by commands."""
    assert site.lms("key", "list").exit_code == 0
    with write_sessions(site.engine).begin() as session:
        upsert_and_lock_learner(session.connection(), new_learner_id(), now=datetime.now(UTC))
    if lost != "another secret key":
        (site.folder / lost).unlink()
    given = {"LMS_SECRET_KEY": "q" * 32} if lost == "another secret key" else {}
    env = {"LMS_DATA_DIR": str(site.folder), "LMS_COURSES": str(site.courses)} | given
    factory = "import lms.server; lms.server.create_asgi()"
    started = subprocess.run(
        [sys.executable, "-c", factory], env=os.environ | env, capture_output=True, text=True, check=False
    )
    served = site.lms("serve", "--port", "0", **given)
    export = site.lms("class", "export", site.folder / "a.lop", **given)
    for code, said in (
        (started.returncode, started.stderr),
        (served.exit_code, served.output),
        (export.exit_code, export.output),
    ):
        assert code == 2, said
        assert "Traceback" not in said
        assert ("lms key" if lost != "secret-key" else "lms restore") in said
    if lost != "another secret key":
        assert not (site.folder / lost).exists()


def test_a_restored_laptop_keeps_its_codes_under_the_keys_of_the_city(site, tmp_path):
    from lms.learning.store.learning_code_key import wrap_code_key

    assert site.lms("key", "list").exit_code == 0
    assert site.lms("key", "secret").exit_code == 0
    assert site.lms("backup", tmp_path / "all.bak").exit_code == 0
    target = {"LMS_DATA_DIR": str(tmp_path / "other"), "LMS_SECRET_KEY": "q" * 32}
    restored = site.lms("restore", tmp_path / "all.bak", **target)
    assert (restored.exit_code, "Mã học vẫn dùng được" in restored.output) == (0, True), restored.output
    engine = make_engine(f"sqlite:///{tmp_path / 'other' / 'lms.sqlite3'}")
    assert wrap_code_key(engine, ("q" * 32,), now=datetime.now(UTC)) == KEY
    engine.dispose()
