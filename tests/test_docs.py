"""The documentation is complete (settings, commands, dependencies, links, ADR sections) and readable in an editor."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms import server
from lms.cli import COMMANDS, main
from lms.content.links import RESERVED_SLUGS
from tests.city.operating_page import block, block_containing

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PARTS_OF_PROGRAM = (".ci", "bench", "deploy", "editors", "lms", "static", "tests")
SOURCES = [*(ROOT / "lms").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "Makefile"]


def read(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text("utf-8")


def test_every_setting_is_documented_for_operators():
    used = {name for path in SOURCES for name in re.findall(r"\bLMS_[A-Z][A-Z_]*[A-Z]\b", path.read_text("utf-8"))}
    documented = set(re.findall(r"`(LMS_[A-Z_]+)`", read("docs", "operating.md")))
    assert used == documented


def test_the_operating_page_has_the_commands_that_make_city_copies():
    play = read("tests", "city", "operators_play.py")
    copied = re.findall(r'block\("([^"]+)"(?:, (\d))?\)', play)
    assert {heading for heading, _ in copied} > {"Program", "Certificate", "A new release", "On another machine"}
    for heading, number in copied:
        assert block(heading, int(number or 0))
    for heading, words in re.findall(r'block_containing\("([^"]+)", "([^"]+)"\)', play):
        assert words in block_containing(heading, words)


def test_one_worker_after_the_other_is_restarted_when_nginx_asks_the_first_one_again():
    excluded = max(map(int, re.findall(r"fail_timeout=(\d+)s", read("deploy", "nginx.conf"))))
    blocks = [block("A new release"), *(block_containing("Keys", f"{key}=.*") for key in ("SIGNING_KEY", "SECRET_KEY"))]
    pauses = [re.findall(r"/readyz; do sleep 1; done\n *sleep (\d+)", commands) for commands in blocks]
    assert [[int(pause) > excluded for pause in found] for found in pauses] == [[True]] * 3


def test_the_number_of_connections_per_worker_is_documented():
    most = server.POST_THREADS + server.PAGE_THREADS + server.ACCOUNT_THREADS + server.SPARE_CONNECTIONS
    assert re.findall(r"up to (\d+) connections to PostgreSQL", read("docs", "operating.md")) == [str(most)]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_no_line_is_wider_than_160_characters(page):
    lines = enumerate(page.read_text("utf-8").split("\n"), 1)
    assert [(number, len(line)) for number, line in lines if len(line) > 160] == []


def test_every_command_is_in_the_readme():
    text = read("README.md")
    assert [name for name in COMMANDS if f"lms {name}" not in text] == []


def test_the_readme_puts_lms_on_the_path_before_it_is_typed():
    text = read("README.md")
    activated = text.index("\n. .venv/bin/activate")
    first = re.search(r"^lms |`lms [a-z]", text, re.MULTILINE)
    assert first and activated < first.start()
    assert ".venv/bin/lms" not in text, "one way of typing it"


def test_the_help_lists_every_command_with_its_purpose():
    shown = CliRunner().invoke(main, ["--help"]).stdout
    for name, what_for in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(what_for)}$", shown, re.MULTILINE)
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_each_decision_has_a_number_of_its_own():
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(decisions) + 1))
    titles = [path.read_text("utf-8").partition(". ")[0] for path in decisions]
    assert titles == [f"# {number}" for number in numbers]
    for page in PAGES:
        named = re.findall(r"\[ADR\s(\d+)\]\([^)]*/?(\d{4})-", page.read_text("utf-8"))
        assert [(told, file) for told, file in named if int(told) != int(file)] == []


def test_every_dependency_is_justified_in_adr_3():
    text = read("docs", "adr", "0003-dependencies.md")
    project = tomllib.loads(read("pyproject.toml"))["project"]
    names = [re.match(r"[a-z0-9-]+", line)[0] for line in project["dependencies"]]
    assert [name for name in names if not re.search(rf"\|[^|]*\b{name}\b[^|]*\|", text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_are_not_broken(page):
    prose = re.sub(r"(?ms)^(`{3,}|~{3,}).*?^\1|`[^`\n]+`", "", page.read_text("utf-8"))  # without code examples
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", prose)
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.fixture(scope="module")
def program_files() -> list[str]:
    """Paths of all files of the program, each with a slash before it."""
    paths = [*ROOT.glob("*.*"), *(path for part in PARTS_OF_PROGRAM for path in (ROOT / part).rglob("*.*"))]
    return [f"/{path.relative_to(ROOT)}" for path in paths]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_of_the_program_that_a_page_names_exist(page, program_files):
    prose = re.sub(r"(?ms)^(`{3,}|~{3,}).*?^\1", "", page.read_text("utf-8"))  # without code examples
    code = " ".join(re.findall(r"`([^`\n]+)`", prose))
    named = re.findall(r"(?<![\w./<>-])([\w.-][\w./-]*\.(?:py|m?js|css|html))(?![\w-])", code)  # "/sw.js" is a URL
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in program_files)] == []


def test_the_authors_guide_lists_every_address_that_no_course_may_have():
    listed = re.search(r"không đặt cho khóa học: (.*?)\.\n", read("docs", "huong-dan-soan-bai.md"), re.DOTALL)
    assert listed
    assert set(re.findall(r"`([a-z-]+)`", listed[1])) == RESERVED_SLUGS


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda page: page.stem)
def test_every_adr_has_the_required_sections(page):
    text = page.read_text("utf-8")
    assert re.search(r"^\d{4}-\d{2}-\d{2} · (accepted|superseded)", text, re.MULTILINE)
    assert [part for part in ("Context.", "Decision.", "Consequences.", "Weighed.") if f"**{part}**" not in text] == []


def test_the_requirements_files_name_no_index_and_have_hashes():
    for lock in ("requirements.txt", "requirements-test.txt"):
        text = read(lock)
        assert "index-url" not in text
        assert "://" not in text
        pinned = re.findall(r"^[a-z0-9._-]+(?:\[[a-z0-9,-]+\])?==", text, re.MULTILINE | re.IGNORECASE)
        assert len(pinned) <= text.count("--hash=sha256:")
