"""``lms doctor``: what is wrong, a remedy, and an exit code, whatever else is wrong."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lms.cli import doctor, main
from lms.cli.doctor_checks import CHECKS, network
from lms.cli.doctor_checks.finding import ExaminedEnvironment, Finding
from lms.config import KNOWN_SETTINGS
from lms.learning.learners.learner_store import new_learner_id, upsert_and_lock_learner
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.learning_code_key import wrap_code_key
from tests.databases import migrated_sqlite_file, new_database
from tests.web.sample_course import write_courses

ROOT = Path(__file__).parents[1]
TYPO = "LMS_" + "DATABSE_URL"
KEY = "".join(map(chr, range(97, 123))) + "0123456789"


@pytest.fixture
def doctors(tmp_path: Path) -> Callable[..., tuple[int, dict[str, list[dict[str, Any]]]]]:
    """Run ``lms doctor --json``; its exit code and its findings by check."""
    write_courses(tmp_path / "courses")

    def examine(*words: str, **settings: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        env = dict.fromkeys(KNOWN_SETTINGS, "") | {
            "LMS_DATA_DIR": str(tmp_path / "data"),
            "LMS_COURSES": str(tmp_path / "courses"),
            "LMS_PORT": str(port),
        }
        done = CliRunner().invoke(main, ["doctor", "--json", "--workers", "2", *words], env=env | settings)
        told = json.loads(done.stdout)
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in CHECKS}
        for finding in told["checks"]:
            found[finding["check"]].append(finding)
            assert finding["status"] == "ok" or finding["remedy"], finding
        statuses = {finding["status"] for finding in told["checks"]}
        worst = next(status for status in ("fault", "warning", "ok") if status in statuses)
        assert (told["status"], done.exit_code) == (worst, {"ok": 0, "warning": 1, "fault": 2}[worst])
        assert all(found.values()), "each check says something"
        return done.exit_code, found

    return examine


def statuses(found: list[dict[str, Any]]) -> set[str]:
    return {finding["status"] for finding in found}


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A data folder whose store has a learner and knows KEY."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(migrated_sqlite_file(), folder)
    engine = make_engine(f"sqlite:///{folder / 'lms.sqlite3'}")
    with write_sessions(engine).begin() as session:
        upsert_and_lock_learner(session.connection(), new_learner_id(), now=datetime.now(UTC))
    wrap_code_key(engine, (KEY,), now=datetime.now(UTC))
    engine.dispose()
    (folder / "secret-key").write_text(KEY)
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


def test_a_new_laptop_is_well_and_nothing_is_made(doctors, tmp_path):
    code, found = doctors("--workers", "1")
    assert (code, {finding["status"] for each in found.values() for finding in each}) == (0, {"ok"}), found
    assert not (tmp_path / "data").exists()


def test_a_laptop_with_people_is_well(doctors, people):
    assert doctors()[0] == 0
    assert sorted(path.name for path in people.iterdir()) == ["lms.sqlite3", "secret-key"]


def test_people_read_lines_with_remedies(tmp_path):
    done = CliRunner().invoke(main, ["doctor"], env={"LMS_DATA_DIR": str(tmp_path / "data"), TYPO: "x"})
    assert "nhắc Cài đặt" in done.output and "có phải LMS_DATABASE_URL?" in done.output
    assert f"→ export LMS_DATABASE_URL=…; unset {TYPO}" in done.output


def test_every_wrong_value_of_a_setting_is_told_at_once(doctors):
    code, found = doctors(LMS_PORT="acht", LMS_PUBLIC_URL="hoc.example", LMS_CLASS_DAYS="0", LMS_SECRET_KEY="kurz")
    told = " ".join(finding["text"] for finding in found["settings"] if finding["status"] == "fault")
    assert code == 2
    for name in ("LMS_PORT", "LMS_PUBLIC_URL", "LMS_CLASS_DAYS", "LMS_SECRET_KEY"):
        assert name in told


def test_every_setting_that_the_program_reads_is_known():
    """Otherwise the doctor would call it a typing error."""
    sources = [*(ROOT / "lms").rglob("*.py"), ROOT / "docs" / "operating.md", *(ROOT / "deploy").iterdir()]
    read = {
        name
        for path in sources
        if path.is_file()
        for name in re.findall(r"\bLMS_[A-Z_]*[A-Z]", path.read_text("utf-8"))
    }
    assert read - set(KNOWN_SETTINGS) == set()


def test_people_without_their_key_are_a_fault(doctors, people):
    (people / "secret-key").unlink()
    assert "lms restore" in doctors()[1]["keys"][0]["remedy"]
    found = doctors(LMS_SECRET_KEY=KEY[::-1])[1]["keys"]
    assert "fault" in statuses(found) and "LMS_SECRET_KEY=mới,cũ" in found[0]["text"]
    assert statuses(doctors(LMS_SECRET_KEY=f"{KEY[::-1]},{KEY}")[1]["keys"]) == {"ok"}


def test_a_damaged_signing_key_and_a_readable_secret_are_told(doctors, people):
    (people / "signing-keys.json").write_text("{}")
    (people / "secret-key").chmod(0o644)
    _, found = doctors()
    assert "fault" in statuses(found["keys"])
    assert [finding["remedy"] for finding in found["data_dir"] if finding["status"] == "warning"] == [
        f"chmod 600 {people / name}" for name in ("secret-key", "signing-keys.json")
    ]


def test_a_data_folder_that_cannot_be_written_hides_nothing_else(doctors, people, monkeypatch):
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    code, found = doctors()
    assert code == 2 and "đĩa đã đầy" in found["data_dir"][0]["text"]
    assert statuses(found["database"]) == statuses(found["courses"]) == {"ok"}


def test_a_full_disk_is_a_fault(doctors, monkeypatch):
    usage = type("Usage", (), {"free": 10_000_000, "total": 10**10})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert statuses(doctors()[1]["disk"]) == {"fault"}


def test_a_file_that_is_no_database_is_a_sentence(doctors, people):
    (people / "lms.sqlite3").write_text("không phải kho" * 999)
    code, found = doctors()
    assert (code, "không phải cơ sở dữ liệu" in found["database"][0]["text"]) == (2, True)
    assert "ok" in statuses(found["keys"])


def test_a_database_of_a_newer_release_is_a_fault(doctors, people):
    with closing(sqlite3.connect(people / "lms.sqlite3")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "9999" in doctors()[1]["database"][0]["text"]


def test_a_course_with_an_error_is_a_fault_with_its_command(doctors, tmp_path):
    (tmp_path / "courses" / "vneid" / "course.md").write_text("không có gì")
    found = doctors()[1]["courses"]
    assert (statuses(found), f"lms check {tmp_path / 'courses'}" == found[0]["remedy"]) == ({"fault"}, True)
    assert statuses(doctors(LMS_COURSES=str(tmp_path / "none"))[1]["courses"]) == {"fault"}


def test_a_port_that_another_program_holds_is_a_fault_and_our_own_is_not(doctors, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        monkeypatch.setattr(network, "_is_ours", lambda _connection: False)
        assert statuses(doctors(LMS_PORT=port)[1]["port"]) == {"fault"}
        monkeypatch.setattr(network, "_is_ours", lambda _connection: True)
        assert statuses(doctors(LMS_PORT=port)[1]["port"]) == {"ok"}


def test_without_a_network_the_public_address_is_a_warning(doctors):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        address = f"https://127.0.0.1:{unused.getsockname()[1]}"
        code, found = doctors("--workers", "1", LMS_PUBLIC_URL=address)
    assert (code, statuses(found["public_url"])) == (1, {"warning"})
    assert f"curl -v {address}/healthz" == found["public_url"][0]["remedy"]


@pytest.mark.parametrize(("days", "status"), [(90, "ok"), (20, "warning"), (2, "fault")])
def test_the_end_of_the_certificate_is_told(days, status):
    class Connection:
        def getpeercert(self) -> dict[str, str]:
            end = datetime.now(UTC) + timedelta(days=days, hours=1)
            return {"notAfter": end.strftime("%b %d %H:%M:%S %Y GMT")}

    finding = network._judge_certificate(Connection(), "hoc.example")
    assert (finding.status, f"còn {days} ngày" in finding.text) == (status, True)


def test_a_certificate_that_is_not_trusted_is_a_fault(doctors, tmp_path):
    """A real TLS server with a certificate of its own making."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    write_certificate(key, certificate)
    program = (
        "import ssl, sys; from http.server import BaseHTTPRequestHandler, HTTPServer;"
        "server = HTTPServer(('127.0.0.1', 0), BaseHTTPRequestHandler);"
        "context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain(sys.argv[1], sys.argv[2]);"
        "server.socket = context.wrap_socket(server.socket, server_side=True); print(server.server_port, flush=True);"
        "server.serve_forever()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, certificate, key], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            port = process.stdout.readline().strip()
            found = doctors(LMS_PUBLIC_URL=f"https://127.0.0.1:{port}")[1]["public_url"]
        finally:
            process.kill()
    assert (statuses(found), "Chứng chỉ" in found[0]["text"]) == ({"fault"}, True), found


def write_certificate(key_path: Path, path: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hoc.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=9)).sign(
        key, hashes.SHA256()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encryption = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key_path.write_bytes(key.private_bytes(pem, pkcs8, encryption))


def test_the_database_of_the_city_is_examined(doctors, postgres, migrated_url, tmp_path):
    settings = {"LMS_DATABASE_URL": migrated_url, "LMS_SECRET_KEY": KEY}
    _, found = doctors(**settings)
    assert statuses(found["database"]) == statuses(found["clock"]) == {"ok"}, found
    assert "2 tiến trình × 46 kết nối + 5 = 97" in found["connections"][0]["text"]
    assert "LMS_SIGNING_KEY" in found["keys"][-1]["text"]
    _, many = doctors("--workers", "50", **settings)
    assert "ALTER SYSTEM SET max_connections = 23" in many["connections"][0]["remedy"]


def test_tables_of_an_older_release_are_a_fault_in_the_city(doctors, postgres):
    with new_database(postgres) as url:
        found = doctors(LMS_DATABASE_URL=url)[1]["database"]
    assert (statuses(found), found[0]["remedy"]) == ({"fault"}, "lms db upgrade")


def test_a_database_that_is_away_hides_nothing_else(doctors):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"postgresql+psycopg://lms:geheim@127.0.0.1:{unused.getsockname()[1]}/lms"
        code, found = doctors(LMS_DATABASE_URL=url)
    assert code == 2
    assert statuses(found["database"]) == {"fault"}
    assert statuses(found["connections"]) == statuses(found["clock"]) == {"warning"}  # told once
    assert any("chưa so được" in finding["text"] for finding in found["keys"])
    assert statuses(found["courses"]) == {"ok"}
    assert "geheim" not in json.dumps(found)


def test_a_check_that_crashes_or_hangs_hides_no_other(monkeypatch):
    def crashes(_: ExaminedEnvironment) -> Iterator[Finding]:
        yield Finding("ok", "Trước đó.")
        raise RuntimeError("hỏng\nhai dòng")

    def hangs(_: ExaminedEnvironment) -> Iterator[Finding]:
        never.wait()
        yield Finding("ok", "Không bao giờ.")

    from threading import Event

    never = Event()
    checks = {"a": ("A", crashes), "b": ("B", hangs), "c": ("C", lambda _: iter([Finding("ok", "Sau đó.")]))}
    monkeypatch.setattr(doctor, "CHECKS", checks)
    monkeypatch.setattr(doctor, "CHECK_SECONDS", 5)  # the check that crashes imports the database layer
    found = doctor.run_all_checks(ExaminedEnvironment({}, 1))
    never.set()
    assert [(name, finding.status) for name, finding in found] == [
        ("a", "ok"), ("a", "fault"), ("b", "warning"), ("c", "ok"),
    ]  # fmt: skip
    assert "RuntimeError: hỏng" in found[1][1].text
