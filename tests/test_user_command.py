"""``lms user``, and the slip that ``lms serve --lan`` prints."""

from __future__ import annotations

import re
import shutil
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.cli import main
from lms.cli.running_site import find_other_sites, record_running_site, store_name
from lms.config import load_settings
from lms.learning.accounts import account_admin, account_store, sign_ins
from lms.learning.accounts.account_store import LAPTOP_ACCOUNT_ID
from lms.learning.store.database import make_engine, write_sessions
from tests.databases import migrated_sqlite_file
from tests.live.processes import TIMEOUT_SECONDS, Server, serving

NOBODY = "Chưa có tài khoản nào. Thêm người đầu tiên: lms user add"
SECRET = "a secret that only this test knows"


@pytest.fixture
def run(tmp_path: Path):
    """Run ``lms user`` with a store that has its tables."""
    shutil.copy(migrated_sqlite_file(), tmp_path)

    def run(*words: str, url: str = "", typed: str = ""):
        env = {"LMS_DATA_DIR": str(tmp_path), "LMS_SECRET_KEY": SECRET, "LMS_PUBLIC_URL": "https://hoc.example"}
        env |= {"LMS_DATABASE_URL": url} if url else {}
        return CliRunner().invoke(main, ["user", *words], env=env, input=typed)

    return run


@pytest.fixture
def engine(tmp_path: Path):
    engine = make_engine(f"sqlite:///{tmp_path / 'lms.sqlite3'}")
    yield engine
    engine.dispose()


def startup_output(server: Server) -> str:
    """Return what the server printed at its start; the last line says how to stop it."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while "Dừng:" not in server.read_log():
        assert time.monotonic() < deadline, server.read_log()
        time.sleep(0.05)
    return server.read_log()


def is_drawn(line: str) -> bool:
    """Whether the line is a row of a QR code."""
    return any(char in "█▀▄" for char in line)


def token_in(printed: str) -> str:
    return re.search(r"/vao/(\w+)$", printed, re.MULTILINE)[1]


def test_add_creates_the_first_account_and_prints_a_valid_slip(run, engine):
    done = run("add", "--name", "Lê Thu", "--role", "organiser", "--role", "facilitator", "--ward", "an đông")
    assert done.exit_code == 0, done.output
    assert "Đã thêm Lê Thu: người đứng lớp, người tổ chức, Phường An Đông." in done.output
    assert "https://hoc.example/vao" in done.output
    assert "█" in done.output
    code = re.search(r"gõ mã: (.+)$", done.output, re.MULTILINE)[1]
    assert sign_ins.sign_in_with_code(engine, code, secret=SECRET, now=datetime.now(UTC))


def test_an_administrator_is_of_the_city(run):
    assert "quản trị, Toàn thành phố" in run("add", "--name", "Root", "--role", "administrator").output
    assert run("add", "--name", "Root", "--role", "administrator", "--ward", "tp").exit_code == 0
    refused = run("add", "--name", "Root", "--role", "administrator", "--ward", "An Đông")
    assert (refused.exit_code, "toàn thành phố" in refused.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--name", " ", "--role", "helper", "--ward", "tp"), "Ghi họ tên sau --name"),
        (("--name", "x" * 61, "--role", "helper", "--ward", "tp"), "nhiều nhất 60"),
        (("--name", "Thu"), "Ghi việc sau --role"),
        (("--name", "Thu", "--role", "king"), "Ghi việc sau --role"),
        (("--name", "Thu", "--role", "helper"), "Ghi phường, xã sau --ward"),
        (("--name", "Thu", "--role", "helper", "--ward", "an dongg"), 'Có phải "Phường An Đông"'),
        (("--name", "Thu", "--role", "helper", "--ward", "xyzxyz"), "Không có phường, xã nào tên"),
    ],
)
def test_an_invalid_option_is_one_vietnamese_sentence_and_changes_nothing(run, words, said):
    done = run("add", *words)
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output
    listed = run("list")
    assert (listed.stdout, listed.stderr.splitlines()[1:]) == ("", [NOBODY])


def test_without_a_terminal_all_missing_options_are_reported_at_once(run):
    done = run("add")
    assert done.exit_code == 1
    assert [line.split(",")[0].split(":")[0] for line in done.output.splitlines()] == [
        "Ghi họ tên sau --name",
        "Ghi việc sau --role",
        "Ghi phường",
    ]


def test_a_ward_may_be_typed_without_tone_marks(run):
    done = run("add", "--name", "Thu", "--role", "helper", "--ward", "an dong")
    assert (done.exit_code, "Phường An Đông" in done.output) == (0, True)


def test_at_a_terminal_missing_values_are_asked_for_until_they_are_valid(run, monkeypatch):
    monkeypatch.setattr("lms.cli.account_prompts.is_interactive", lambda: True)
    done = run("add", typed=" \nLê Thu\n9\n1, 4\nan dongg\n1\n")
    assert done.exit_code == 0, done.output
    assert "1. Người đứng lớp" in done.output
    assert "Gõ số từ 1 đến 5" in done.output
    assert "  1. Phường An Đông" in done.output
    assert "Đã thêm Lê Thu: người đứng lớp, người tổ chức, Phường An Đông." in done.output


def test_at_a_terminal_only_what_is_missing_is_asked_for(run, monkeypatch):
    monkeypatch.setattr("lms.cli.account_prompts.is_interactive", lambda: True)
    done = run("add", "--name", "Lê Thu", "--ward", "tp", typed="\n")
    assert done.exit_code == 0, done.output
    assert "Họ tên" not in done.output
    assert "Đã thêm Lê Thu: người đứng lớp, Toàn thành phố." in done.output


def test_at_a_terminal_invalid_options_are_reported_before_asking_again(run, monkeypatch):
    monkeypatch.setattr("lms.cli.account_prompts.is_interactive", lambda: True)
    done = run("add", "--name", "Thu", "--role", "facilitaor", "--ward", "An Dongg", typed="1\nan dong\n")
    assert done.exit_code == 0, done.output
    assert done.output.index("Ghi việc sau --role") < done.output.index("1. Người đứng lớp")
    assert 'Không có phường, xã nào tên "An Dongg"' in done.output


@pytest.mark.parametrize("ward", ["An Đông", "An Dongg"])
@pytest.mark.parametrize("given", [("--role", "administrator"), ()])
def test_at_a_terminal_an_administrator_with_a_ward_is_refused(run, monkeypatch, given, ward):
    monkeypatch.setattr("lms.cli.account_prompts.is_interactive", lambda: True)
    done = run("add", "--name", "Root", *given, "--ward", ward, typed="5\n")
    assert (done.exit_code, "Quản trị là của toàn thành phố" in done.output) == (1, True)
    assert "Root" not in run("list").output


def test_aborting_the_prompts_adds_no_account(run, monkeypatch):
    monkeypatch.setattr("lms.cli.account_prompts.is_interactive", lambda: True)
    done = run("add", typed="Lê Thu\n")
    assert (done.exit_code, "Chưa thêm gì." in done.output) == (1, True)
    assert "Lê Thu" not in run("list").output


def test_the_url_on_the_slip_has_the_configured_port(tmp_path):
    """In a new data folder, where the first command makes the tables."""
    env = {"LMS_DATA_DIR": str(tmp_path), "LMS_SECRET_KEY": SECRET, "LMS_PUBLIC_URL": "", "LMS_PORT": "8123"}
    words = ["user", "add", "--name", "Thu", "--role", "helper", "--ward", "tp"]
    assert "http://127.0.0.1:8123/vao" in CliRunner().invoke(main, words, env=env).output
    for again in ([*words, "--port", "8124"], ["user", "slip", "thu", "--port", "8124"]):
        assert "http://127.0.0.1:8124/vao" in CliRunner().invoke(main, again, env=env).output


def test_slip_prints_a_new_slip_and_invalidates_the_previous_one(run, engine):
    run("add", "--name", "Lê Thu", "--role", "organiser", "--ward", "tp")
    first = token_in(run("slip", "Lê Thu").output)
    second = token_in(run("slip", "lethu").output)
    with pytest.raises(Exception, match="unknown"):
        sign_ins.sign_in_with_slip(engine, first, now=datetime.now(UTC))
    assert sign_ins.sign_in_with_slip(engine, second, now=datetime.now(UTC))
    nobody = run("slip", "ai đó")
    assert (nobody.exit_code, "lms user list" in nobody.output) == (1, True)


def test_a_disabled_account_gets_no_slip(run, engine):
    run("add", "--name", "Thu", "--role", "organiser", "--ward", "tp")
    with write_sessions(engine).begin() as session:
        account = account_store.find_by_login(session, "thu")
        account_admin.disable_account(session, account.id, by=None, now=datetime.now(UTC))
    assert run("slip", "thu").exit_code == 1
    assert "đang ngừng" in run("list").output


@pytest.mark.parametrize(
    "words", [("list",), ("slip", "thu"), ("add", "--name", "X", "--role", "helper", "--ward", "tp")]
)
def test_an_unreachable_database_is_one_sentence_and_exit_code_2(run, words):
    done = run(*words, url="postgresql+psycopg://lms:geheim@127.0.0.1:9/lms")
    assert done.exit_code == 2
    assert "Cơ sở dữ liệu không trả lời" in done.output
    assert "geheim" not in done.output
    assert "Traceback" not in done.output


def test_a_mistyped_login_is_answered_with_a_suggestion(run):
    said = run("slip", "le-thu").stderr
    assert said.endswith("\nKhông có ai tên le-thu. Xem danh sách: lms user list\n")
    made = run("add", "--name", "Lê Thu", "--role", "helper", "--ward", "tp").stdout
    login = re.search(r"đã đặt mật khẩu: (\S+)", made)[1]
    done = run("slip", f"{login}u")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines()[1:] == [
        f"Không có ai tên {login}u. Có phải bác muốn gõ '{login}'? Xem danh sách: lms user list"
    ]
    assert "Có phải" not in run("slip", "hoang").stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://lms@127.0.0.1:9/lms", "không có máy chủ nào nhận ở địa chỉ và cổng ấy"),
        ("sqlite:////nowhere/at/all.sqlite3", "không mở được tệp ấy, bác xem lại thư mục và quyền ghi"),
        ("sqlite:///{}/a-letter", "tệp ấy không phải cơ sở dữ liệu"),
    ],
)
def test_an_unusable_database_is_explained_in_vietnamese(run, tmp_path, url, said):
    (tmp_path / "a-letter").write_text("Thưa bác, đây là một lá thư.\n" * 100, "utf-8")
    done = run("list", url=url.format(tmp_path))
    assert (done.exit_code, done.stdout) == (2, "")
    assert f": {said}\n" in done.stderr


def test_serve_lan_prints_a_new_slip_of_the_same_account_at_every_start(tmp_path):
    printed = []
    for _ in range(2):
        with serving(tmp_path, "--lan") as server:
            printed.append(startup_output(server))
    assert all("Phiếu vào của Người đứng lớp" in said for said in printed)
    for said in printed:
        captions = [line for line, below in pairwise(said.splitlines()) if is_drawn(below) and not is_drawn(line)]
        assert ["bà con quét" in caption for caption in captions] == [True, False], captions
        assert "chỉ người ấy quét" in captions[1]
    assert token_in(printed[0]) != token_in(printed[1])
    engine = make_engine(f"sqlite:///{tmp_path / 'data' / 'lms.sqlite3'}")
    assert sign_ins.sign_in_with_slip(engine, token_in(printed[1]), now=datetime.now(UTC))
    with write_sessions(engine).begin() as session:
        [only] = account_store.all_accounts(session)
        assert (only.id, only.roles) == (LAPTOP_ACCOUNT_ID, {"facilitator"})
    engine.dispose()


def test_serve_lan_prints_no_slip_if_other_accounts_exist(tmp_path):
    env = {"LMS_DATA_DIR": str(tmp_path / "data")}
    CliRunner().invoke(main, ["user", "add", "--name", "Thu", "--role", "organiser", "--ward", "tp"], env=env)
    with serving(tmp_path, "--lan") as server:
        said = startup_output(server)
    assert "Phiếu vào" not in said
    assert "lms user slip" in said


def test_serve_says_how_to_add_the_first_account(tmp_path):
    with serving(tmp_path) as server:
        said = startup_output(server)
        port = server.url.rpartition(":")[2]
    assert re.search(rf"^Chưa có tài khoản người đứng lớp\. Tạo: .*lms user add --port {port}$", said, re.MULTILINE)
    CliRunner().invoke(
        main,
        ["user", "add", "--name", "Thu", "--role", "facilitator", "--ward", "tp"],
        env={"LMS_DATA_DIR": str(tmp_path / "data")},
    )
    with serving(tmp_path) as server:
        assert "Chưa có tài khoản" not in startup_output(server)


def slip_for(data_dir: Path, *options: str) -> str:
    """Return what ``lms user add`` prints in another process than the running site."""
    env = {"LMS_DATA_DIR": str(data_dir), "LMS_PUBLIC_URL": None, "LMS_PORT": None}
    words = ["user", "add", "--name", "Thu", "--role", "facilitator", "--ward", "tp", *options]
    done = CliRunner().invoke(main, words, env=env)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_command_says_which_store_it_uses_and_that_the_site_uses_another(tmp_path):
    with serving(tmp_path) as server:
        startup_output(server)
        env = {"LMS_DATA_DIR": str(tmp_path / "other"), "XDG_STATE_HOME": str(tmp_path / "state")}
        words = ["user", "add", "--name", "Lê Thu", "--role", "helper", "--ward", "tp"]
        elsewhere = CliRunner().invoke(main, words, env=env)
        said = elsewhere.stderr.splitlines()
        assert (elsewhere.exit_code, said[0]) == (0, f"Kho dữ liệu: {tmp_path / 'other'}")
        assert f"Trang đang mở ở {server.url} dùng kho khác: {tmp_path / 'data'}." in said[1]
        same = CliRunner().invoke(main, words, env=env | {"LMS_DATA_DIR": str(tmp_path / "data")})
        assert same.stderr.splitlines() == [f"Kho dữ liệu: {tmp_path / 'data'}"]
    after = CliRunner().invoke(main, ["user", "list"], env=env)
    assert "dùng kho khác" not in after.stderr


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql+psycopg://lms:bí?mật@db.local:5432/lms?password=x@y", "db.local:5432/lms"),
        ("postgresql+psycopg://db.local/lms?user=lms&password=x@y", "db.local/lms"),
        ("postgresql+psycopg:///lms", "/lms"),
    ],
)
def test_the_name_of_a_store_has_no_password(tmp_path, url, name):
    assert store_name(tmp_path, url) == name


def test_a_user_without_a_home_folder_can_serve_and_add(tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr("pathlib.Path.expanduser", raise_no_home)
    settings = load_settings(data_dir=tmp_path)
    with record_running_site(settings, watch=False):
        assert (tmp_path / "open-at.json").exists()
        assert find_other_sites("elsewhere") == ()


def raise_no_home(path: Path) -> Path:
    raise RuntimeError("Could not determine home directory.")


def test_a_slip_printed_while_serve_lan_runs_has_its_lan_url(tmp_path):
    with serving(tmp_path, "--lan") as server:
        hall = re.search(r"Máy khác trong mạng: (\S+)$", startup_output(server), re.MULTILINE)[1]
        assert f"Hoặc mở {hall}/vao/" in slip_for(tmp_path / "data")
        assert hall.rpartition(":")[0] not in slip_for(tmp_path / "data", "--port", "9")
    assert "Hoặc mở http://127.0.0.1:8000/vao/" in slip_for(tmp_path / "data")


def test_a_slip_printed_while_a_local_site_runs_has_its_port_and_a_warning(tmp_path):
    with serving(tmp_path) as server:
        startup_output(server)
        said = slip_for(tmp_path / "data")
        assert f"Hoặc mở {server.url}/vao/" in said
        assert "chỉ mở được trên chính máy này" in said
    (tmp_path / "data" / "open-at.json").write_text("[broken", "utf-8")
    assert "Hoặc mở http://127.0.0.1:8000/vao/" in slip_for(tmp_path / "data")
