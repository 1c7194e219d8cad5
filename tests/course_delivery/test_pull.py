"""``lms courses pull``: what it brings, what it refuses, and that then nothing has changed."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lms.course_delivery.file_lock import try_lock
from lms.course_delivery.sources import git_reason
from tests.content.course_folders import make_courses
from tests.course_delivery.conftest import Host, Repository, nothing_changes, zip_of
from tests.course_delivery.https_server import https_server


def test_a_commit_arrives_with_the_next_pull(host: Host, repository: Repository):
    first = host.pull(repository.folder)
    assert (first.exit_code, host.title()) == (0, "Bài")
    commit = repository.retitle("vssid", "Bài mới")
    second = host.pull(repository.folder)
    assert second.exit_code == 0
    assert commit[:12] in second.stdout
    assert second.stdout.endswith("Đổi: vssid\n")
    assert (host.title("vneid"), host.title("vssid")) == ("Bài", "Bài mới")


def test_a_pull_without_news_changes_nothing(host: Host, repository: Repository):
    host.pull(repository.folder)
    with nothing_changes(host):
        again = host.pull(repository.folder)
    assert again.exit_code == 0
    assert again.stdout.startswith("Đã là bản mới nhất: ")


def test_commits_to_other_parts_of_the_repository_are_no_versions(host: Host, repository: Repository):
    host.pull(repository.folder)
    repository.retitle("vneid", "Bài mới")
    host.pull(repository.folder)
    (repository.folder / "README.md").write_text("x", "utf-8")
    commit = repository.commit()
    with nothing_changes(host):
        again = host.pull(repository.folder)
    assert (again.exit_code, again.stdout.startswith("Đã là bản mới nhất: ")) == (0, True)
    assert commit[:12] in host.run("courses", "status").stdout
    assert host.run("courses", "rollback").exit_code == 0
    assert host.title() == "Bài"


def test_what_a_file_manager_leaves_is_no_edit(host: Host, repository: Repository):
    host.pull(repository.folder)
    (host.courses / "vneid" / "Thumbs.db").write_bytes(b"x")
    repository.retitle("vneid", "Bài mới")
    assert host.pull(repository.folder).exit_code == 0


def test_a_branch_is_pulled_by_name(host: Host, repository: Repository):
    repository.git("checkout", "--quiet", "-b", "thu-nghiem")
    repository.retitle("vneid", "Bài thử")
    repository.git("checkout", "--quiet", "main")
    assert host.pull(repository.folder, "--branch", "thu-nghiem").exit_code == 0
    assert host.title() == "Bài thử"
    with nothing_changes(host):
        missing = host.pull(repository.folder, "--branch", "khong-co")
    assert missing.exit_code == 2
    assert "không có nhánh ấy" in missing.stderr


def test_the_settings_name_the_source_for_a_timer(host: Host, repository: Repository):
    assert "LMS_COURSES_SOURCE" in host.pull().stderr
    done = host.pull(LMS_COURSES_SOURCE=str(repository.folder), LMS_COURSES_BRANCH="main")
    assert (done.exit_code, host.title()) == (0, "Bài")


def test_the_command_line_of_the_shipped_unit_pulls(host: Host, repository: Repository):
    unit = (Path(__file__).parents[2] / "deploy" / "lms-courses.service").read_text("utf-8")
    program, *words = re.findall(r"(?m)^ExecStart=(.*)$", unit)[0].split()
    assert program == "/opt/lms/bin/lms"
    assert host.run(*words, LMS_COURSES_SOURCE=str(repository.folder)).exit_code == 0
    assert host.title() == "Bài"


@pytest.mark.parametrize("top", ["", "courses/", "khoa-hoc-main/courses/", "khoa-hoc-main/"])
def test_a_zip_may_hold_the_courses_in_an_outer_folder(host: Host, tmp_path: Path, top: str):
    archive = zip_of(make_courses(tmp_path / "made"), tmp_path / "courses.zip", top)
    assert host.pull(archive).exit_code == 0
    assert sorted(path.name for path in host.courses.iterdir()) == ["vneid", "vssid"]
    with nothing_changes(host):
        assert host.pull(archive).stdout.startswith("Đã là bản mới nhất: ")


def test_a_zip_comes_over_https(host: Host, tmp_path: Path):
    archive = zip_of(make_courses(tmp_path / "made"), tmp_path / "courses.zip")
    with https_server(tmp_path, {"/courses.zip": archive.read_bytes()}) as (url, authority):
        missing = host.pull(f"{url}/khac.zip", SSL_CERT_FILE=str(authority))
        assert (missing.exit_code, "máy chủ trả lời 404" in missing.stderr) == (2, True)
        untrusted = host.pull(f"{url}/courses.zip")
        assert (untrusted.exit_code, "chứng chỉ của máy chủ không dùng được" in untrusted.stderr) == (2, True)
        done = host.pull(f"{url}/courses.zip", SSL_CERT_FILE=str(authority))
    assert (done.exit_code, host.title()) == (0, "Bài")


def test_a_zip_over_plain_http_is_refused(host: Host):
    done = host.pull("http://127.0.0.1:9/courses.zip")
    assert (done.exit_code, "chỉ được tải qua https://" in done.stderr) == (2, True)


def test_an_https_server_may_not_lead_to_plain_http(host: Host, tmp_path: Path):
    with https_server(tmp_path, {}, redirect="http://127.0.0.1:9/courses.zip") as (url, authority):
        done = host.pull(f"{url}/courses.zip", SSL_CERT_FILE=str(authority))
    assert (done.exit_code, "không phải https" in done.stderr) == (2, True)


def test_faulty_courses_are_refused_with_the_sentences_of_the_checker(host: Host, repository: Repository):
    host.pull(repository.folder)
    hieu = repository.courses / "vneid" / "01-mot" / "hieu.md"
    hieu.write_text(hieu.read_text("utf-8") + "\n::: hỏii\n- [y] ?\n:::\n", "utf-8")
    repository.commit()
    checked = host.run("check", repository.courses)
    with nothing_changes(host):
        refused = host.pull(repository.folder)
    assert refused.exit_code == checked.exit_code == 1
    errors = [line for line in checked.stdout.splitlines() if " lỗi " in line]
    assert errors
    assert refused.stdout.splitlines() == [line.replace(f"{repository.courses}/", "") for line in errors]
    assert f"{len(errors)} lỗi." in refused.stderr


def test_errors_in_a_draft_hold_no_version_back(host: Host, repository: Repository):
    host.pull(repository.folder)
    hieu = repository.courses / "vneid" / "01-mot" / "hieu.md"
    draft = hieu.read_text("utf-8").replace("phút:", "nháp: có\nphút:", 1)
    hieu.write_text(draft + "\n::: hỏii\n- [y] ?\n:::\n", "utf-8")
    repository.commit()
    pulled = host.pull(repository.folder)
    assert pulled.exit_code == 0
    assert re.search(r"Đã thay khóa học: .*\. Bản nháp còn \d+ lỗi\.", pulled.stdout)


def test_a_source_without_courses_is_refused(host: Host, tmp_path: Path):
    made = make_courses(tmp_path / "made")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.txt").write_text("a")
    assert "Không thấy khóa học nào" in host.pull(zip_of(tmp_path / "empty", tmp_path / "a.zip")).stderr
    assert "là một khóa học" in host.pull(zip_of(made / "vneid", tmp_path / "b.zip")).stderr
    assert not host.courses.exists()


def test_a_link_in_a_git_repository_is_refused(host: Host, repository: Repository):
    (repository.courses / "vneid" / "01-mot" / "images" / "b.png").symlink_to("/etc/passwd")
    repository.commit()
    refused = host.pull(repository.folder)
    assert (refused.exit_code, "là một liên kết" in refused.stderr) == (1, True)


def test_edits_are_named_and_not_lost(host: Host, repository: Repository):
    host.pull(repository.folder)
    edited = host.courses.resolve()
    lesson = host.courses / "vneid" / "01-mot"
    (lesson / "hieu.md").write_text((lesson / "hieu.md").read_text("utf-8") + "\nThêm.\n", "utf-8")
    (lesson / "images" / "b.png").write_bytes(b"b")
    (host.courses / "vssid" / "01-mot" / "dung.md").unlink()
    repository.retitle("vneid", "Bài mới")
    with nothing_changes(host):
        refused = host.pull(repository.folder)
    assert refused.exit_code == 1
    for told in ("01-mot/hieu.md (sửa)", "images/b.png (thêm)", "vssid/01-mot/dung.md (mất)", "--force"):
        assert told in refused.stderr
    assert host.run("courses", "status").stdout.count("(") == 3
    for number in range(5):  # many versions later, too
        repository.retitle("vssid", f"Bài {number}")
        assert host.pull(repository.folder, "--force").exit_code == 0
    assert host.title() == "Bài mới"
    assert (edited / "vneid" / "01-mot" / "hieu.md").read_text("utf-8").endswith("\nThêm.\n")
    assert len([path for path in host.versions.iterdir() if path.is_dir()]) == 4  # three, and the edited one


def test_a_folder_of_the_operators_is_replaced_only_by_force_and_kept(host: Host, repository: Repository):
    make_courses(host.courses, "cua-phuong")
    with nothing_changes(host):
        refused = host.pull(repository.folder)
    assert refused.exit_code == 1
    assert "  cua-phuong\n" in refused.stderr
    assert host.pull(repository.folder, "--force").exit_code == 0
    assert host.title() == "Bài"
    assert (host.versions / "before-pull" / "cua-phuong" / "course.md").is_file()


def test_an_empty_folder_needs_no_force(host: Host, repository: Repository):
    host.courses.mkdir()
    assert host.pull(repository.folder).exit_code == 0
    assert host.title() == "Bài"


@pytest.mark.parametrize("address", ["http://{}/courses.git", "https://{}/courses.zip"])
def test_a_server_that_does_not_answer_is_not_waited_for(host: Host, repository: Repository, address: str):
    host.pull(repository.folder)
    with socket.socket() as silent, nothing_changes(host):
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        refused = host.pull(address.format(f"127.0.0.1:{silent.getsockname()[1]}"), "--timeout", "1")
    assert refused.exit_code == 2
    assert "quá lâu không trả lời" in refused.stderr


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/a.git", "https://127.0.0.1:9/a.zip", "/khong/co", "khong-co.zip"]
)
def test_a_source_that_is_not_there_is_told_in_a_sentence(host: Host, address: str):
    refused = host.pull(address)
    assert refused.exit_code == 2
    assert refused.stderr.endswith("Chưa thay gì.\n")
    assert not host.courses.exists()


def test_without_git_a_zip_is_advised(host: Host, repository: Repository):
    refused = host.pull(repository.folder, PATH="/nowhere")
    assert (refused.exit_code, "Cài git, hay lấy về bằng tệp ZIP" in refused.stderr) == (2, True)


def test_a_password_in_the_address_is_neither_shown_nor_kept(host: Host):
    refused = host.pull("http://thu:bi-mat@127.0.0.1:9/a.git")
    assert "http://127.0.0.1:9/a.git" in refused.stderr
    assert "bi-mat" not in refused.output
    words = git_reason("fatal: unable to access 'https://thu:bi-mat@git.example/a?token=bi-mat/': strange")
    assert words == "git báo “fatal: unable to access 'https://git.example/a': strange”"


def test_a_full_disk_changes_nothing(tmp_path: Path):
    small = zip_of(make_courses(tmp_path / "made"), tmp_path / "small.zip")
    (tmp_path / "made" / "vneid" / "01-mot" / "images" / "b.png").write_bytes(bytes(range(256)) * 4096)
    large = zip_of(tmp_path / "made", tmp_path / "large.zip")
    disk, lms = tmp_path / "disk", Path(sys.executable).with_name("lms")
    disk.mkdir()
    script = f"""
        mount -t tmpfs -o size=600k,mode=755 none {disk} && cd {disk} || exit 9
        {lms} courses pull {small} && {lms} check --digest || exit 8
        {lms} courses pull {large}; echo "rc $?"
        {lms} check --digest; ls courses.versions
    """
    done = subprocess.run(
        [shutil.which("unshare") or "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        capture_output=True, text=True, timeout=120, env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}, check=False,
    )  # fmt: skip
    assert "rc 2" in done.stdout, done.stdout + done.stderr
    assert "đĩa đã đầy" in done.stderr
    before, after = re.findall(r"^[0-9a-f]{32}$", done.stdout, re.MULTILINE)
    assert before == after
    assert len(done.stdout.rpartition(after)[2].split()) == 3  # the version, its record, the lock


def test_two_pulls_at_once_do_not_mix(host: Host, repository: Repository):
    host.pull(repository.folder)
    repository.retitle("vneid", "Bài mới")
    with try_lock(host.versions / "lock") as is_held, nothing_changes(host):
        assert is_held
        refused = host.pull(repository.folder)
    assert (refused.exit_code, "Đang có một lệnh khác" in refused.stderr) == (1, True)
    assert host.pull(repository.folder).exit_code == 0


def test_the_version_before_can_be_had_again(host: Host, repository: Repository):
    host.pull(repository.folder)
    assert host.run("courses", "rollback").exit_code == 2
    repository.retitle("vneid", "Bài mới")
    host.pull(repository.folder)
    assert host.run("courses", "rollback").exit_code == 0
    assert host.title() == "Bài"


def test_a_version_that_was_rolled_back_comes_back_only_on_purpose(host: Host, repository: Repository):
    timer = {"LMS_COURSES_SOURCE": str(repository.folder)}
    host.pull(**timer)
    repository.retitle("vneid", "Bài hỏng")
    host.pull(**timer)
    again = f"Muốn lấy lại bản ấy: lms courses pull {repository.folder}\n"
    assert again in host.run("courses", "rollback").stdout
    (repository.folder / "README.md").write_text("x", "utf-8")
    for commit in (False, True):  # also where another part of the repository has changed
        if commit:
            repository.commit()
        with nothing_changes(host):
            waiting = host.pull(**timer)
        assert (waiting.exit_code, waiting.stdout.startswith("Vẫn là bản "), again in waiting.stdout) == (0, True, True)
    status = host.run("courses", "status").stdout
    assert "Lần lấy theo giờ đợi nơi lấy có bản khác.\n" + again in status
    assert host.pull(again.split()[-1]).exit_code == 0
    assert host.title() == "Bài hỏng"
    assert "Muốn lấy lại" not in host.run("courses", "status").stdout


def test_a_version_after_the_one_that_was_rolled_back_comes_by_itself(host: Host, repository: Repository):
    timer = {"LMS_COURSES_SOURCE": str(repository.folder)}
    host.pull(**timer)
    repository.retitle("vneid", "Bài hỏng")
    host.pull(**timer)
    host.run("courses", "rollback")
    repository.retitle("vssid", "Bài lành")
    assert host.pull(**timer).exit_code == 0
    assert host.title("vssid") == "Bài lành"
    assert "Muốn lấy lại" not in host.run("courses", "status").stdout
    assert host.run("courses", "rollback").exit_code == 0
    assert host.title() == "Bài"  # not the one that somebody did not want


def test_courses_that_no_pull_has_put_there_are_told_calmly(host: Host):
    make_courses(host.courses)
    told = host.run("courses", "status")
    assert (told.exit_code, str(host.courses) in told.stdout) == (0, True)
    with nothing_changes(host):
        assert host.run("courses", "rollback").exit_code == 2
    assert not host.versions.exists()


def test_courses_are_readable_for_workers_of_another_user(host: Host, repository: Repository):
    host.pull(repository.folder)
    for path in host.courses.resolve().rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)
