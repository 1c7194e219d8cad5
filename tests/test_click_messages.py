"""The messages of Click are Vietnamese in every command."""

from __future__ import annotations

import ast
import gettext
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from lms.cli import click_i18n, main

LOCALE = Path(click_i18n.__file__).with_name("locale") / "vi" / "LC_MESSAGES"
CLICK = Path(click.__file__).parent
TRANSLATED_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
DEVELOPER_MESSAGES = re.compile(
    r"DeprecationWarning|Could not determine name|No options defined|Arguments take exactly|Name '.*' defined twice|"
    r"Boolean option|Value must be an iterable|Invalid start character|Unknown color|Choice\("
)
ENGLISH_IN_CODE = {"command", "args", "text", "integer", "float", "range", "boolean", "filename"}


def messages_of_click() -> Iterator[tuple[str, ...]]:
    """Yield each message that Click passes to gettext, with its plural if it has one."""
    for name in TRANSLATED_MODULES:
        for node in ast.walk(ast.parse((CLICK / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                forms = tuple(argument.value for argument in node.args if isinstance(argument, ast.Constant))
                if forms and not DEVELOPER_MESSAGES.search(forms[0]):
                    yield forms


def english_words() -> set[str]:
    texts = " ".join(re.sub(r"\{.*?\}|%\(.*?\)s", " ", text) for forms in messages_of_click() for text in forms)
    return {word.lower() for word in re.findall(r"[A-Za-z]{4,}", texts)} | ENGLISH_IN_CODE


def english_in(output: str) -> set[str]:
    """Return the English words of Click in ``output``, ignoring quotations, options and JSON keys."""
    own = re.sub(r"'[^']*'|“[^”]*”|\"[^\"]*\"|\[\[[^]]*\]|--[a-z]+|LMS_\w+|\S+\.md", " ", output)
    return english_words() & {word.lower() for word in re.findall(r"\w+", own)}


def run(*words: str):
    return CliRunner().invoke(main, list(words), prog_name="lms")


def commands(group: click.Group = main, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield above
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield (*above, name)


def test_every_message_of_click_is_translated():
    with (LOCALE / "messages.mo").open("rb") as file:
        translations = gettext.GNUTranslations(file)
    for singular, *plural in messages_of_click():
        text = translations.ngettext(singular, plural[0], 2) if plural else translations.gettext(singular)
        assert text not in (singular, *plural), f"messages.po lacks {singular!r}"


def test_the_compiled_catalogue_matches_its_source():
    written = {}
    for line in (LOCALE / "messages.po").read_text("utf-8").splitlines():
        if found := re.match(r'(msgid|msgstr)\S* (".*")\Z', line):
            kind, text = found[1], ast.literal_eval(found[2])
            if line.startswith("msgid "):
                key = text
            elif kind == "msgstr":
                written[key] = text
    with (LOCALE / "messages.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {key: compiled.gettext(key) if key else written[key] for key in written} == written


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_help_is_vietnamese(words):
    done = run(*words, "--help")
    assert done.exit_code == 0
    assert done.output.startswith(f"Cách gõ: {' '.join(('lms', *words))} [TÙY-CHỌN]")
    assert english_in(done.output) == set()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Các lệnh:"),
        ("chek", "Không có lệnh 'chek'. Có phải bác muốn gõ 'check'?"),
        ("kiemtra", "Không có lệnh 'kiemtra'.\n"),
        ("new leson so", "Có phải bác muốn gõ 'lesson'?"),
        ("new", "Các lệnh:"),
        ("serve --wach", "Không có tùy chọn '--wach'. Có phải bác muốn gõ '--watch'?"),
        ("user add --nam Thu", "Có phải bác muốn gõ '--name'?"),
        ("check -q", "Không có tùy chọn '-q'."),
        ("serve --port", "Bác ghi thêm phần đứng sau '--port'."),
        ("serve --lan=1", "Sau '--lan' không ghi gì thêm"),
        ("serve --port trang", "Bác xem lại '--port': cần một số từ 0 đến 65535, không phải “trang”."),
        ("user slip lan --port 0", "cần một số từ 1 đến 65535"),
        ("walk lam.md --random 0", "cần một số từ 1 trở lên"),
        ("walk lam.md --mode thi", "Bác xem lại '--mode': không có 'thi'; chọn một trong 'tu-lam', 'kiem-tra'"),
        ("check --today mai", "Bác xem lại '--today': “mai” không phải ngày dạng 2026-01-31."),
        ("walk", "Còn thiếu 'TỆP'."),
        ("new course", "Còn thiếu 'THƯ-MỤC'."),
        ("badge revoke", "Còn thiếu 'MÃ'."),
        ("user add Thu --role author", 'Họ tên ghi sau --name, như: --name "Thu"'),
        ("user add --name Lê Thu", 'Họ tên ghi sau --name, như: --name "Lê Thu"'),
        ("new lesson so-suc-khoe Đổi máy", "Thừa phần này: máy. Tên có dấu cách thì đặt trong dấu ngoặc kép"),
    ],
)
def test_a_usage_error_is_vietnamese_with_exit_code_2(words, said):
    done = run(*words.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert english_in(done.stderr) == set()


def test_an_interrupted_command_says_so_in_vietnamese(monkeypatch):
    def interrupted(*_words: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lms.content.library.check_path", interrupted)
    done = run("check", "vneid")
    assert (done.exit_code, done.stderr.strip()) == (1, "Đã dừng.")


@pytest.mark.parametrize(
    "machine",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LANG": "en_US.UTF-8", "LANGUAGE": "en"},
        {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"},  # as pipes are on Windows
    ],
    ids=["no locale", "ASCII", "English", "code page"],
)
@pytest.mark.parametrize("words", [["--help"], ["chek"]], ids=["help", "misuse"])
def test_the_locale_does_not_matter(machine, words):
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("LANG", "LC_", "PYTHON"))}
    done = subprocess.run([sys.executable, "-m", "lms", *words], env=bare | machine, capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode("utf-8")
    assert "Cách gõ: lms [TÙY-CHỌN] LỆNH …" in said
    assert "Xem hướng dẫn" in said
    assert english_in(said) == set()


def test_an_argument_that_is_not_utf_8_causes_no_traceback(tmp_path):
    done = subprocess.run([sys.executable, "-m", "lms", b"check", b"\xff"], capture_output=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr.decode("utf-8")) == (2, False)


@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_a_dash_instead_of_two_hyphens_is_accepted(dash):
    assert run("check", f"{dash}help").output == run("check", "--help").output
    assert "cần một số từ 0 đến 65535, không phải “trang”" in run("serve", f"{dash}port=trang").output


def test_a_help_option_cached_in_another_language_is_translated(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    mine = click_i18n.Command("mine", callback=lambda: None)
    CliRunner().invoke(mine, ["--help"], prog_name="mine")
    with click_i18n.in_vietnamese():
        done = CliRunner().invoke(mine, ["--help"], prog_name="mine")
    assert english_in(done.output) == set()


def test_the_language_of_the_process_is_restored(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    run("--help")
    assert os.environ["LANGUAGE"] == "en"
    monkeypatch.delenv("LANGUAGE")
    run("--help")
    assert "LANGUAGE" not in os.environ
