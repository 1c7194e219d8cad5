"""``lms walk`` and ``lms replay``."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from lms.cli import main
from lms.content.model import TAP_ACTIONS


@pytest.fixture
def run():
    def run(*arguments, given=None):
        return CliRunner().invoke(main, [str(one) for one in arguments], input=given, catch_exceptions=False)

    return run


@pytest.fixture
def file(request):
    return request.path.parent / "cases" / "every-role.md"


def test_a_walk_can_be_replayed_and_passes(run, file):
    walked = json.loads(run("walk", file, "--json", "--seed", "9").stdout)
    assert all(set(step) == {"screen", "widget", "label", "action", "value"} for step in walked)
    assert {step["action"] for step in walked} == {"type", "choose", "switch", "wait"} | TAP_ACTIONS
    events = [[q, 0, one["screen"], one["widget"], one["action"], *([one["value"]] if one["value"] is not None else [])]
              for q, one in enumerate(walked, 1)]  # fmt: skip
    log = {"data": {"otp": "482915", "mã dài": "111111111111"}, "events": events}
    answer = json.loads(run("replay", file, given=json.dumps(log)).stdout)
    assert answer["passed"] and answer["score"] == 100 and answer["kept"] == len(events)


@pytest.mark.slow
def test_random_walks_are_lists_of_steps_and_follow_from_the_seed(run, file):
    first = run("walk", file, "--json", "--random", "60", "--seed", "5").stdout
    assert first == run("walk", file, "--json", "--random", "60", "--seed", "5").stdout
    assert first != run("walk", file, "--json", "--random", "60", "--seed", "6").stdout
    walks = json.loads(first)
    assert len(walks) == 60
    actions = {step["action"] for walk in walks for step in walk}
    assert actions >= {"type", "choose", "switch", "tap", "hold", "wait", "hint", "point", "do", "miss", "read"}
    assert any(step["value"] and step["value"].startswith("?") for walk in walks for step in walk)


def test_text_output_has_a_line_for_each_step(run, file):
    said = run("walk", file).stdout
    steps = json.loads(run("walk", file, "--json").stdout)
    assert len(said.splitlines()) == len(steps)
    assert said.startswith("  1 Màn hình chính: chạm Ứng dụng thật\n")
    assert not any(step["screen"] in said for step in steps if "-" in step["screen"])
    wandered = run("walk", file, "--random", "60", "--seed", "5").stdout
    assert wandered.startswith("Lượt 1\n")
    for words in ("gõ", "chọn", "gạt", "chạm", "giữ", "chờ", "mở tin", "xem gợi ý", "nhờ chỉ chỗ", "chạm ra chỗ trống"):
        assert f": {words}" in wandered
    for raw in ("~ok", "= ?", ": tap", ": type", ": miss"):
        assert raw not in said + wandered


DRAWN = '"data": {"otp": "482915", "mã dài": "111111111111"}'
BAD = [
    "nope",
    "[]",
    "3",
    '{"events": 3}',
    '{"data": [], "events": []}',
    '{"data": {}, "events": []}',
    '{"data": {"otp": "1"}}',
    "{" + DRAWN + ', "events": [[1, NaN, "a", 0, "tap"]]}',
    '{"data": ' + "[" * 5000,
    '{"data": {"otp": ' + "1" * 5000 + "}}",
    '"\ud800"',
]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_line_is_an_error_and_others_are_processed(run, file, bad):
    good = json.dumps({"data": {"otp": "482915", "mã dài": "111111111111"}, "events": []})
    result = run("replay", file, given=f"{good}\n{bad}\n\n{good}\n".encode("utf-8", "surrogatepass"))
    first, second, third = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 1
    assert first == third and set(second) == {"error"}


def test_a_huge_number_ends_the_log_but_not_the_command(run, file):
    tap = '0, "man-hinh-chinh", 2, "tap"]'
    log = "{" + DRAWN + ', "events": [[1, ' + tap + ", [" + "2" * 5000 + ", " + tap + "]}"
    result = run("replay", file, given=log)
    assert result.exit_code == 0 and json.loads(result.stdout)["kept"] == 1


def test_errors_in_the_file_are_listed_and_a_missing_file_is_reported(run, file, tmp_path):
    broken = tmp_path / "lam.md"
    broken.write_text(file.read_text("utf-8").replace("=> Nhập", "= > Nhập"), "utf-8")
    for command in ("walk", "replay"):
        result = run(command, broken, given="")
        assert result.exit_code == 1 and "near-arrow" in result.stderr
    (tmp_path / "latin.md").write_bytes(b"\xff\xfe")
    for path, reason in (
        (tmp_path / "nowhere.md", "không thấy."),
        (tmp_path, f"đây là thư mục, không phải tệp. Có phải bác muốn gõ '{broken}'?"),
        (tmp_path / "latin.md", "tệp không lưu theo mã UTF-8."),
    ):
        for command in ("walk", "replay"):
            result = run(command, path, given="")
            assert (result.exit_code, result.stderr) == (2, f"Không đọc được {path}: {reason}\n")


@pytest.mark.parametrize("name", ["hieu.md", "dung.md", "course.md", "dung.en.md"])
def test_another_kind_of_lesson_file_is_refused(run, tmp_path, name):
    other = tmp_path / name
    other.write_text("---\ntên: Ba loại mã\nphút: 5\n---\n", "utf-8")
    for command in ("walk", "replay"):
        result = run(command, other, given="")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"{other} không phải bài tập. Bài tập nằm ở lam.md hay lam-<tên>.md.\n"
