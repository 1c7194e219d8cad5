"""``lms check --fix``: what it mends, and that it never makes a lesson worse."""

from __future__ import annotations

import random
import stat
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from lms.cli import main
from lms.cli.fixing import write_fixes
from lms.content.autofix import FIXABLE_RULES, FixedText, fix_text
from lms.content.autofix.files import FixedFile, fix_file, text_check
from lms.content.library import check_path
from lms.content.rule_guide import RuleText, rule_texts
from lms.content.rule_guide.examples import TODAY, example_file
from tests.content.rule_trees import FRONT, PRACTICE

ROOT = Path(__file__).parents[2]
# Their bad example leaves the author a choice: another word, or an arrow that may be the right way or a side way.
OF_THE_AUTHOR = {
    "unknown-quote", "unknown-direction", "unknown-look", "unknown-speaker", "unknown-device", "near-arrow",
    "value-not-in-items", "switch-value",
}  # fmt: skip
# Its remedy is for a file that stands beside its original: see test_translations.
MENDED = [text for rule, text in rule_texts().items() if rule in FIXABLE_RULES - OF_THE_AUTHOR - {"translation-old"}]
# What hands, Word, Zalo and input methods make of a file.
MISTAKES = [
    ("=> ", "→ "),
    ("=> ", "=>> "),
    ("=> ", "= > "),
    ("-> ", "--> "),
    ("-> ", "\uf0e0 "),
    ("[nút]", "[nútt]"),
    ("[nút] ", "[nút]"),
    ("[nút]", "ơnútư"),
    ("[ô số]", "[o số]"),
    ("- [", "-["),
    ("- [", "* ["),
    ("  - sai:", "\t- sai:"),
    ("  - sai:", "- sai:"),
    ("  - sai:", "  - saii:"),
    ("> Việc:", "> Viec"),
    ("> Gợi ý:", "> Gợi í:"),
    ("## ", "##"),
    ("::: ", ":::: "),
    ("::: hỏi", "::: hỏii"),
    ("[ ]", "[]"),
    ("[x]", "[x ]"),
    ("  > ", "  "),
    (" ", "\u00a0"),
    ("a", "a\u200b"),
    ("{dài=", "{dàii="),
    ("{dài=", "{dài = "),
    ("phút: ", "phút "),
    ("mục tiêu:", "muc tieeu:"),
    ("{{", "Ơ Ơ"),
    ("---", "—"),
    ("| --- | --- |\n", ""),
    (": ", "： "),
    (" | ", "|"),
    ('"', "“"),
]


def counted(problems) -> Counter:
    return Counter((problem.level, problem.rule) for problem in problems)


def lesson_with(folder: Path, **files: str) -> Path:
    lesson = folder / "vneid" / "01-mot"
    lesson.mkdir(parents=True)
    (folder / "vneid" / "course.md").write_text(FRONT["course.md"], "utf-8")
    texts = {"hieu": FRONT["hieu.md"], "lam": PRACTICE, "dung": FRONT["dung.md"]} | files
    for stem, text in texts.items():
        (lesson / f"{stem}.md").write_bytes(text.encode())
    (lesson / "images").mkdir()
    Image.new("RGB", (40, 40)).save(lesson / "images" / "nut-nguon.png")
    return lesson


def run(*arguments, typed: str = ""):
    return CliRunner().invoke(main, ["check", "--fix", *map(str, arguments)], input=typed, catch_exceptions=False)


@pytest.mark.parametrize("text", MENDED, ids=lambda text: text.rule)
def test_the_bad_example_of_a_fixable_rule_is_mended_and_a_second_run_changes_nothing(text: RuleText, tmp_path):
    path = lesson_with(tmp_path) / text.file_name if text.file_name != "course.md" else tmp_path / "vneid" / "course.md"
    check = text_check(path, today=TODAY)
    fixed = fix_text(example_file(text, text.bad)[0], check)
    assert text.rule in [problem.rule for problem in fixed.removed]
    assert text.rule not in [problem.rule for problem in check(fixed.text)]
    assert fix_text(fixed.text, check).text == fixed.text


def test_an_option_without_a_box_gets_that_which_the_finding_names(tmp_path):
    lines = ("- Đọc mã cho họ", "  > Chưa đúng.", "+ Gác máy", "  > Đúng.", "- [x] Gọi lại", "  > Đúng.")
    question = "\n".join(("", "## Hỏi", "", "::: hỏi", "Bác làm gì?", *lines, ":::", ""))
    check = text_check(lesson_with(tmp_path) / "hieu.md", today=TODAY)
    fixed = fix_text(FRONT["hieu.md"] + question, check)
    assert "\n- [ ] Đọc mã cho họ\n" in fixed.text and "\n- [x] Gác máy\n" in fixed.text
    assert [problem.rule for problem in fixed.removed] == ["bad-box", "bad-box"]


def test_a_box_with_other_brackets_keeps_its_tick(tmp_path):
    options = ("- ( ) Đọc mã cho họ", "- (x) Gác máy", "- [x Gọi lại", "- [ ] Chờ máy")
    lines = "\n".join(f"{option}\n  > Vì sao." for option in options)
    fixed = fix_text(
        FRONT["hieu.md"] + f"\n## Hỏi\n\n::: hỏi\nBác làm gì?\n{lines}\n:::\n",
        text_check(lesson_with(tmp_path) / "hieu.md", today=TODAY),
    )
    assert "\n- [ ] Đọc mã cho họ\n" in fixed.text
    assert "\n- [x] Gác máy\n" in fixed.text and "\n- [x] Gọi lại\n" in fixed.text


@pytest.mark.parametrize("rule", sorted(OF_THE_AUTHOR))
def test_what_the_author_has_to_decide_is_left_to_the_author(rule, tmp_path):
    text = rule_texts()[rule]
    broken = example_file(text, text.bad)[0]
    assert fix_text(broken, text_check(lesson_with(tmp_path) / text.file_name, today=TODAY)).text == broken


def test_an_arrow_that_can_only_mean_one_thing_is_mended(tmp_path):
    check = text_check(lesson_with(tmp_path) / "lam.md", today=TODAY)
    broken = PRACTICE.replace("=> Xong", "\uf0e8 Xong").replace("- [nút] Xem -> Một", "- [quay lại] Về \uf0e0 Một")
    assert fix_text(broken, check).text == PRACTICE.replace("- [nút] Xem -> Một", "- [quay lại] Về -> Một")


def real_files() -> list[Path]:
    return sorted(path for path in (ROOT / "courses").glob("*/*/*.md") if path.stem in ("hieu", "lam", "dung"))


def test_numbered_tasks_are_mended_together(tmp_path):
    path = lesson_with(tmp_path) / "dung.md"
    text = "---\ntên: Bài\n---\nLàm ở nhà.\n\n1. Mở máy\n2. Mở VNeID\n3. Đổi mật khẩu\n"
    fixed = fix_text(text, text_check(path, today=TODAY))
    assert fixed.text.endswith("\n- [ ] Mở máy\n- [ ] Mở VNeID\n- [ ] Đổi mật khẩu\n")


@pytest.mark.parametrize("seed", range(40))
def test_a_real_file_with_mistakes_never_gets_worse_and_a_second_run_changes_nothing(seed):
    drawn = random.Random(seed)
    path = drawn.choice(real_files())
    text = path.read_text("utf-8")
    for good, bad in drawn.sample(MISTAKES, 6):
        places = [at for at in range(len(text)) if text.startswith(good, at)]
        for at in sorted(drawn.sample(places, min(len(places), 2)), reverse=True):
            text = text[:at] + bad + text[at + len(good) :]
    text = drawn.choice(("", "\ufeff")) + (text.replace("\n", "\r\n") if drawn.random() < 0.3 else text)
    check = text_check(path, today=TODAY)
    fixed = fix_text(text, check)
    assert not counted(check(fixed.text)) - counted(check(text))
    assert fix_text(fixed.text, check).text == fixed.text
    assert fixed.text.startswith("\ufeff") == text.startswith("\ufeff")
    assert ("\r\n" in fixed.text, fixed.text.count("\n") == fixed.text.count("\r\n")) == (
        "\r\n" in text,
        text.count("\n") == text.count("\r\n"),
    )


def test_a_file_is_shown_as_a_diff_and_written_after_a_yes(tmp_path):
    lam = lesson_with(tmp_path, lam=PRACTICE.replace("[nút]", "[nútt]")) / "lam.md"
    lam.chmod(0o640)
    result = run(lam, typed="y\n")
    assert result.exit_code == 0
    assert "\n-- [nútt] Tiếp tục => Xong\n" in result.stdout and "\n+- [nút] Tiếp tục => Xong\n" in result.stdout
    assert "Đã sửa 2 chỗ trong 1 tệp." in result.stderr
    assert lam.read_text("utf-8") == PRACTICE
    assert stat.S_IMODE(lam.stat().st_mode) == 0o640
    assert sorted(path.name for path in lam.parent.iterdir()) == ["dung.md", "hieu.md", "images", "lam.md"]
    again = run("--yes", lam)
    assert (again.exit_code, "Không có chỗ nào máy tự sửa được." in again.stderr) == (0, True)


@pytest.mark.parametrize(("options", "typed"), [(["--dry-run"], ""), ([], "n\n"), ([], "")])
def test_nothing_is_written_without_a_yes(tmp_path, options, typed):
    broken = PRACTICE.replace("[nút]", "[nútt]")
    lam = lesson_with(tmp_path, lam=broken) / "lam.md"
    result = run(*options, lam, typed=typed)
    assert (result.exit_code, lam.read_text("utf-8")) == (1, broken)
    assert "+- [nút] Tiếp tục => Xong" in result.stdout


def test_a_whole_folder_is_fixed_with_yes_and_what_is_left_is_reported(tmp_path):
    lesson = lesson_with(
        tmp_path, lam=PRACTICE.replace("[nút]", "[nútt]"), hieu=FRONT["hieu.md"] + "\n:::: mẹo\nA.\n:::\n<b>\n"
    )
    result = run("--yes", tmp_path)
    assert "Đã sửa 3 chỗ trong 2 tệp." in result.stderr
    assert "cảnh báo raw-html" in result.stdout and "lỗi" not in result.stdout
    assert (lesson / "hieu.md").read_text("utf-8").endswith("\n::: mẹo\nA.\n:::\n<b>\n")


def test_a_file_that_was_saved_meanwhile_is_left_alone(tmp_path, capsys):
    lam = lesson_with(tmp_path, lam=PRACTICE.replace("[nút]", "[nútt]")) / "lam.md"
    fixed = fix_file(lam, today=TODAY)
    assert fixed is not None
    lam.write_text("của người khác", "utf-8")
    assert not write_fixes([fixed], [lam], TODAY)
    assert lam.read_text("utf-8") == "của người khác"
    assert "vừa được ai lưu lại" in capsys.readouterr().err


def test_all_is_put_back_if_another_file_would_have_a_new_problem(tmp_path, capsys):
    shown = FRONT["hieu.md"] + "\n::: chạm thử\nBác chạm thử.\n=> Một\n:::\n"
    lesson = lesson_with(tmp_path, hieu=shown)
    assert check_path(lesson, today=TODAY) == []
    renamed = FixedText(PRACTICE.replace("Một", "Hai"), (), ())
    assert not write_fixes([FixedFile(lesson / "lam.md", PRACTICE.encode(), renamed)], [lesson / "lam.md"], TODAY)
    assert (lesson / "lam.md").read_text("utf-8") == PRACTICE
    assert "trả mọi tệp về như cũ" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_stays_and_is_told(tmp_path, monkeypatch):
    broken = PRACTICE.replace("[nút]", "[nútt]")
    lam = lesson_with(tmp_path, lam=broken) / "lam.md"

    def refuse(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lms.cli.fixing.replace_unchanged", refuse)
    result = run("--yes", lam)
    assert (result.exit_code, lam.read_text("utf-8")) == (2, broken)
    assert "Không ghi được" in result.stderr


def test_a_file_in_another_encoding_is_not_touched(tmp_path):
    lam = lesson_with(tmp_path) / "lam.md"
    damaged = PRACTICE.replace("[nút]", "[nútt]").encode() + b"\xe9\n"
    lam.write_bytes(damaged)
    run("--yes", lam)
    assert lam.read_bytes() == damaged


@pytest.mark.parametrize("options", [["--json"], []])
def test_options_that_do_not_go_together_are_refused(tmp_path, options):
    lam = lesson_with(tmp_path) / "lam.md"
    arguments = ["check", "--fix", "--json", str(lam)] if options else ["check", "--yes", str(lam)]
    assert CliRunner().invoke(main, arguments).exit_code == 2
