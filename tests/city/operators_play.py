"""The operator's play: ``make city``.

A city is set up on an empty Debian by the commands of docs/operating.md, copied out of the page, and has an evening: an
upgrade under load, a killed worker, PostgreSQL away, a full disk, a backup, another machine, other keys. Not part of
``make test``: it takes ten minutes, needs root and a package mirror, and says what is missing.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lms.learning.store.migrate import latest_revision
from tests.city.debian_machine import CannotBuildMachine, Machine, empty_debian
from tests.city.operating_page import block, block_containing
from tests.city.people import (
    PHONES,
    Facilitator,
    Learner,
    SimulatedClass,
    Visitor,
    learner_with_badge,
    learning_code,
    simulated_class,
    verdict,
    watching,
)  # fmt: skip
from tests.city.releases import OLD_RELEASE, build_old_release, build_release
from tests.live.lessons import questions, sample_lesson

RELEASE, RELEASE_BEFORE = "/root/release", "/root/release-before"
VALID = "Huy hiệu này có thật"
DISK = "/var/lib/postgresql"
LESSON = sample_lesson()
QUESTION = questions(LESSON)[0]


@pytest.fixture(autouse=True)
def print_duration(request) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f" {time.monotonic() - began:6.0f} s  {request.node.name.removeprefix('test_').replace('_', ' ')}")


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Iterator[Callable[[str], Machine]]:
    """Makes an empty Debian of a name, with both releases copied to it."""
    folder, machines = tmp_path_factory.mktemp("city"), []
    with exit_if_unsupported():
        base = empty_debian()
    build_release(folder / "release")
    build_old_release(folder / "release-before", folder / "clone")

    def make(name: str) -> Machine:
        with exit_if_unsupported():
            made = Machine(folder / name, base)
            machines.append(made)
            made.start()
        for release in (RELEASE, RELEASE_BEFORE):
            made.copy(folder / Path(release).name, release)
        return made

    yield make
    for made in machines:
        made.stop()


@contextmanager
def exit_if_unsupported() -> Iterator[None]:
    try:
        yield
    except CannotBuildMachine as error:
        pytest.exit(f"make city cannot run on this machine: {error}", returncode=3)


@dataclass
class City:
    """The machine, who was there, and what nobody may find in a log."""

    machine: Machine
    facilitator: Facilitator | None = None
    lan: Learner | None = None
    secrets: set[str] = field(default_factory=set)

    def require_facilitator(self) -> Facilitator:
        assert self.facilitator, "there is no facilitator yet: the play has an order"
        return self.facilitator

    def saved_answers(self, code: str) -> set[tuple[int, str, int, str]]:
        """What the database has of a class, as ``SimulatedClass.acknowledged`` says it."""
        rows = self.query(
            "SELECT seat, question_id, round, given->>0 FROM class_answers "
            f"JOIN classes ON classes.id = class_id WHERE code = '{code}'"
        )
        return {(int(seat), question, int(round_), option) for seat, question, round_, option in rows}

    def query(self, statement: str) -> list[list[str]]:
        printed = self.machine.run(f'runuser -u postgres -- psql --tuples-only --no-align -c "{statement}" lms')
        return [line.split("|") for line in printed.splitlines() if line]

    @contextmanager
    def access_log(self) -> Iterator[Counter[int]]:
        """Counts the statuses that nginx gave in the block, filled when it ends."""
        before, statuses = len(self._access_lines()), Counter()
        yield statuses
        statuses.update(int(line.split()[4]) for line in self._access_lines()[before:])

    def _access_lines(self) -> list[str]:
        printed = self.machine.run("nginx -s reopen && sleep 1 && cat /var/log/nginx/access.log")
        return printed.splitlines()


@pytest.fixture(scope="module")
def city(machine) -> City:
    return City(machine("city"))


def check_class(city: City, played: SimulatedClass) -> None:
    """Everybody answered, nothing that was acknowledged is missing or different, and all saw the end."""
    acknowledged, saved = played.acknowledged(), city.saved_answers(played.plan.code)
    assert acknowledged, played.report.unexpected
    assert acknowledged <= saved, f"{len(acknowledged - saved)} acknowledged answers are lost"
    assert played.report.out_of_step == 0, played.report.unexpected
    assert len(acknowledged) == PHONES * len({question for _, question, _, _ in acknowledged}), played.report.unexpected
    city.secrets |= {played.plan.class_id, played.plan.code}


def test_the_release_before_is_installed_by_the_page(city: City):
    of_city = city.machine
    of_city.run(block("Packages"), online=True)
    of_city.run(block("Program"), online=True, folder=RELEASE)
    of_city.run(block("Program", 1), folder=RELEASE)
    of_city.run(block("User, settings, database"))  # today's program makes both keys: that of before has no command
    of_city.run(block("Program"), online=True, folder=RELEASE_BEFORE)
    of_city.run(block("Program", 1), folder=RELEASE_BEFORE)
    of_city.run(block("User, settings, database", 1))
    of_city.run(block("Certificate"))
    of_city.run(block("Workers and nginx"), folder=RELEASE_BEFORE)
    assert Visitor(of_city).get("/").status == 200
    printed = of_city.run(block("First account"))
    city.secrets |= {"Trần Bình"}
    city.facilitator = Facilitator(of_city, printed)
    city.secrets |= {city.facilitator.slip.rpartition("/")[2]}


def test_one_worker_after_the_other_is_upgraded_while_a_class_plays(city: City):
    [[before]] = city.query("SELECT version_num FROM alembic_version")
    with (
        city.access_log() as statuses,
        simulated_class(city.machine, city.require_facilitator(), questions=3) as played,
    ):
        city.machine.run(block("Program"), online=True, folder=RELEASE)
        said = city.machine.run(block("A new release"), folder=RELEASE)
        assert played.process.poll() is None, "the class had ended before the second worker was new"
    check_class(city, played)
    assert f"từ {before} lên {latest_revision()}" in said
    assert latest_revision() != before, f"{OLD_RELEASE} has the tables of today: OLD_RELEASE=<commit> takes another"
    failed = {status: count for status, count in statuses.items() if status >= 500}
    assert failed == {}, f"{failed} {played.report.unexpected}"
    assert city.machine.run("ls -l /var/backups/lms").count("before-") == 1


def test_a_learner_earns_a_badge(city: City):
    city.lan = learner_with_badge(city.machine, "Bùi Thị Ngọc Lan")
    city.secrets |= city.lan.secrets()
    assert verdict(Visitor(city.machine), city.lan.document) == VALID


def test_a_killed_worker_and_a_restarted_postgresql_lose_nothing(city: City):
    visitor = Visitor(city.machine)
    fields = {"answer": QUESTION.right[0]}
    with (
        city.access_log() as statuses,
        simulated_class(city.machine, city.require_facilitator(), questions=3) as played,
    ):
        time.sleep(6)  # the answers to the first question arrive
        city.machine.run('kill -9 "$(systemctl show --property MainPID --value lms@8001)"')
        time.sleep(15)
        assert city.machine.run("systemctl show --property NRestarts --value lms@8001").strip() == "1"
        city.machine.run("curl --fail --silent http://127.0.0.1:8001/readyz")
        with watching(lambda: visitor.get("/toi"), lambda: visitor.post(QUESTION.path, fields)) as watch:
            city.machine.run("systemctl stop postgresql && sleep 6 && systemctl start postgresql")
            time.sleep(6)
    check_class(city, played)
    away = [one for one in watch.responses if one[1] >= 500]
    assert away, "nobody noticed that PostgreSQL was away"
    assert [one for one in away if one[1] != 503 or not one[2]] == []
    assert watch.responses[-1][1] < 400, "the site is back without a restart"
    assert 500 not in statuses
    assert 504 not in statuses
    assert statuses[502] <= PHONES, statuses  # of requests that the killed worker had begun


def test_a_full_disk_refuses_with_503_and_goes_on_when_there_is_space(city: City):
    run = city.machine.run
    # Only what PostgreSQL has at hand is left: the next page of a table does not fit any more.
    run(f"sync; fallocate --length $(($(stat --file-system --format '%a * %S' {DISK}))) {DISK}/full")
    told: Counter[int] = Counter()
    kept, refused = [], []
    for _ in range(400):
        visitor = Visitor(city.machine)
        answered = visitor.post(QUESTION.path, {"answer": QUESTION.right[0]}, "application/json")
        told[answered.status] += 1
        (kept if answered.status == 200 else refused).append((visitor, answered))
        if len(refused) == 10:
            break
    assert len(refused) == 10, told
    assert [one.text[:300] for _, one in refused if one.status != 503 or "retry-after" not in one.headers] == []
    page = Visitor(city.machine).get(f"/{LESSON.course}/{LESSON.slug}/hieu")
    assert page.status == 200
    run(f"rm {DISK}/full")
    wait_until_ready(city.machine)
    again = Visitor(city.machine).post(QUESTION.path, {"answer": QUESTION.right[0]}, "application/json")
    assert again.status == 200
    for visitor, _ in kept[-20:]:
        assert learning_code(visitor)
    for visitor, _ in refused:
        assert visitor.post(QUESTION.path, {"answer": QUESTION.right[0]}, "application/json").status == 200


def wait_until_ready(machine: Machine) -> None:
    machine.run(
        "for port in 8001 8002; do timeout 90 sh -c "
        '"until curl --fail --silent --output /dev/null http://127.0.0.1:$port/readyz; do sleep 1; done"; done'
    )


def test_another_machine_is_set_up_and_takes_the_backup(city: City, machine):
    assert city.lan
    city.machine.run(block_containing("Backup", "city-$(date"))
    backup = city.machine.run("echo /var/backups/lms/city-*.bak").strip()
    other = machine("other")
    other.run(block("Packages"), online=True)
    other.run(block("Program"), online=True, folder=RELEASE)
    other.run(block("Program", 1), folder=RELEASE)
    for number in (0, 1):
        other.run(block("User, settings, database", number))
    other.run(block("Certificate"))
    other.run(block("Workers and nginx"), folder=RELEASE)
    other.write("/root/city.bak", city.machine.read(backup))
    other.run(block("On another machine"))
    wait_until_ready(other)
    stranger = Visitor(other)
    assert verdict(stranger, city.lan.document) == VALID
    assert city.lan.name in stranger.get(city.lan.badge).text
    moved = stranger.post("/toi/vao", {"ma": city.lan.code})
    assert moved.status == 303
    assert learning_code(stranger) == city.lan.code
    counted = [City(one).query("SELECT count(*) FROM responses") for one in (city.machine, other)]
    assert counted[0] == counted[1]
    print(other.run("lms doctor"))
    check_logs(other, city.secrets)


def test_keys_are_replaced_one_worker_after_the_other(city: City):
    assert city.lan
    before = city.machine.run("cat /etc/lms/environment")
    with city.access_log() as statuses:
        city.machine.run(block_containing("Keys", "LMS_SIGNING_KEY=.*"))
        wait_until_ready(city.machine)
        city.machine.run(block_containing("Keys", "LMS_SECRET_KEY=.*"))
        wait_until_ready(city.machine)
    after = city.machine.run("cat /etc/lms/environment")
    keys = [set(re.findall(r"LMS_S\w+_KEY=(\S+)", text)) for text in (before, after)]
    assert keys[0].isdisjoint(keys[1])
    assert {status for status in statuses if status >= 500} == set()
    assert verdict(Visitor(city.machine), city.lan.document) == VALID
    assert learning_code(city.lan.visitor) == city.lan.code  # her cookie goes on
    answered = city.lan.visitor.post(QUESTION.path, {"answer": QUESTION.right[0]}, "application/json")
    assert "set-cookie" in answered.headers  # signed with the new key
    rotation = block_containing("Keys", "LMS_SECRET_KEY=.*")
    assert "lms key secret)" in rotation
    city.machine.run(rotation.replace("lms key secret)", "lms key secret --drop-old)"))
    wait_until_ready(city.machine)
    assert city.machine.run("grep --count , /etc/lms/environment || true").strip() == "0"
    assert learning_code(city.lan.visitor) == city.lan.code  # with that cookie
    hoa = learner_with_badge(city.machine, "Trần Ngọc Hoa")
    city.secrets |= hoa.secrets() | city.lan.secrets()
    assert verdict(Visitor(city.machine), hoa.document) == VALID


def test_the_doctor_finds_the_city_well(city: City):
    print(city.machine.run(block("First account", 1)))  # exit code 0: not even a warning


def test_nobody_is_in_any_log(city: City):
    check_logs(city.machine, city.secrets)


def check_logs(machine: Machine, secrets: set[str]) -> None:
    logged = machine.run(
        "nginx -s reopen; sleep 1; journalctl --output cat --no-pager; cat /var/log/{nginx,postgresql}/*.log"
    )
    assert len(secrets) >= 8
    assert [secret for secret in secrets if secret in logged] == []
    assert "Traceback" not in logged
