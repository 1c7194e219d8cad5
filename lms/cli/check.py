"""``lms check``: report every problem of all courses, a course, a lesson or a file."""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from lms import vietnam_time
from lms.cli.click_i18n import PATH, Command
from lms.cli.craft_table import craft_rows, craft_table
from lms.cli.fixing import fix_paths
from lms.cli.rule_page import rule_page, rule_page_hint, unknown_rule_message
from lms.os_error_messages import os_error_message

_GC_THRESHOLDS = (100_000, 20, 50)  # arguments of gc.set_threshold: 6 % less time for 1 MB more


class _Day(click.ParamType):
    """A date such as 2026-01-31."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}” không phải ngày dạng 2026-01-31.", param, ctx)


@click.command("check", cls=Command)
@click.argument("paths", nargs=-1, metavar="[ĐƯỜNG-DẪN…]", type=PATH)
@click.option("--json", "as_json", is_flag=True, help="In một danh sách JSON cho máy đọc.")
@click.option("--strict", is_flag=True, help="Cảnh báo cũng tính là chưa đạt; cùng --craft thì cả gợi ý.")
@click.option("--craft", "with_craft", is_flag=True, help="Thêm gợi ý về cách soạn, và bảng đếm theo bài.")
@click.option("--digest", "with_digest", is_flag=True, help="In mã nội dung của cả thư mục, để so hai máy.")
@click.option("--fix", "with_fix", is_flag=True, help="Sửa giúp những chỗ chắc chắn: cho xem trước, hỏi rồi mới ghi.")
@click.option("--yes", "is_agreed", is_flag=True, help="Cùng --fix: không hỏi.")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Cùng --fix: chỉ cho xem, không ghi.")
@click.option("--explain", "rule", metavar="QUY-TẮC", help="Giải thích một quy tắc, kèm ví dụ. Không cần mạng.")
@click.option("--today", type=_Day(), metavar="NGÀY", help="Thử với ngày khác, như 2026-12-31. Mặc định hôm nay.")
def command(
    paths: tuple[Path, ...],
    as_json: bool,
    strict: bool,
    with_craft: bool,
    with_digest: bool,
    with_fix: bool,
    is_agreed: bool,
    is_dry_run: bool,
    rule: str | None,
    today: date | None,
) -> None:
    """Kiểm tra một khóa học, một bài hay một tệp, như: lms check courses/vneid

    Không ghi đường dẫn nào thì kiểm tra mọi khóa học.

    Mã kết thúc: 0 là không có lỗi, 1 là có lỗi (với --strict thì cả cảnh báo), 2 là không chạy được. Gợi ý của --craft
    không phải lỗi. --digest in một mã, giống nhau ở mọi máy có cùng khóa học; còn lỗi thì không in mã. --explain giải
    thích một quy tắc, như: lms check --explain near-arrow

    --fix sửa những chỗ chắc chắn, rồi mới kiểm tra. Mã kết thúc như trên; có tệp không ghi được thì là 2.
    """
    if rule is not None:
        _explain(rule)
        return
    click.get_current_context().with_resource(_rare_garbage_collection())
    from lms.cli.path_suggestions import courses_folder, did_you_mean, nearest_path
    from lms.content.library import NothingToCheck, check_path  # lazily, so that --help is fast

    today = today or vietnam_time.today()
    if with_digest:
        _print_digest(paths or (courses_folder(),), today)
        return
    could_not_run = False
    if (is_agreed or is_dry_run) and not with_fix:
        raise click.UsageError("--yes và --dry-run đi cùng --fix.")
    if with_fix and as_json:
        raise click.UsageError("--fix in các chỗ sửa cho người đọc, nên không đi cùng --json.")
    if with_fix:
        could_not_run = not fix_paths(
            paths or (courses_folder(),), today=today, is_agreed=is_agreed, is_dry_run=is_dry_run
        )
    problems = []
    craft = []
    for path in paths or (courses_folder(),):
        try:
            problems.extend(check_path(path, today=today))
            craft.extend(_advise(path, today) if with_craft else ())
        except NothingToCheck as nothing:
            near = None if path.exists() else nearest_path(path)
            click.echo(_printable(f"Không thấy “{path}”.{did_you_mean(near)}" if near else str(nothing)), err=True)
            could_not_run = True
        except OSError as error:  # for example a path that is too long
            click.echo(_printable(f"Không đọc được “{path}”: {os_error_message(error)}."), err=True)
            could_not_run = True
    craft = list(dict.fromkeys(craft))
    problems.extend(problem for result in craft for problem in result.advice)
    problems = list(dict.fromkeys(problems))  # two paths may share a file
    if as_json:
        as_objects = [problem.as_json() for problem in problems]
        click.echo(
            _to_json({"problems": as_objects, "lessons": craft_rows(craft, problems)} if with_craft else as_objects)
        )
    else:
        for problem in problems:
            click.echo(_printable(str(problem)))
        if with_craft and (craft or problems):
            click.echo(_printable(craft_table(craft, problems)))
        if problems or not could_not_run:  # "no error" would be wrong for a path that could not be read
            click.echo(_summary(problems), err=True)
        if sentence := rule_page_hint(problems):
            click.echo(_printable(sentence), err=True)
    levels = {problem.level for problem in problems}
    if could_not_run:
        sys.exit(2)
    sys.exit(1 if "error" in levels or (strict and levels) else 0)


@contextmanager
def _rare_garbage_collection() -> Generator[None, None, None]:
    """Collect garbage less often: a check makes little, and all that it keeps would be looked at again and again.

    The modules are frozen, so that no collection looks at them.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _explain(rule: str) -> None:
    from lms.content.rule_guide import rule_texts

    if rule not in rule_texts():
        click.echo(_printable(unknown_rule_message(rule)), err=True)
        sys.exit(2)
    click.echo(_printable(rule_page(rule)))


def _print_digest(paths: tuple[Path, ...], today: date) -> None:
    """Print the digest of a courses folder on standard output, and all else on standard error."""
    from lms.content.files_digest import library_files_digest
    from lms.content.library import NothingToCheck, check_path, read_library
    from lms.content.problems import has_errors

    (path, *others) = paths
    try:
        if others or not path.is_dir() or (path / "course.md").exists():
            raise NothingToCheck("--digest cần đúng một thư mục chứa các khóa học, như courses.")
        result = read_library(path, today=today)
        problems = result.problems if result.by_folder else check_path(path, today=today)
    except NothingToCheck as nothing:
        click.echo(_printable(str(nothing)), err=True)
        sys.exit(2)
    for problem in problems:
        if problem.level == "error":
            click.echo(_printable(str(problem)), err=True)
    if has_errors(problems):
        click.echo(_summary(list(problems)), err=True)
        sys.exit(1)
    click.echo(library_files_digest(result.library))


def _advise(path: Path, today: date) -> list:
    from lms.content.authoring_advice.path_advice import advise_path  # a check without advice starts without it

    return advise_path(path, today=today)


def _summary(problems: list) -> str:
    levels = Counter(problem.level for problem in problems)
    if not problems:
        return _printable("Không có lỗi nào.")
    advice = f", {levels['advice']} gợi ý" if levels["advice"] else ""
    return _printable(f"{levels['error']} lỗi, {levels['warning']} cảnh báo{advice}.")


def _to_json(problems: object) -> str:
    """Serialize to JSON, escaping everything but ASCII if standard output cannot encode it."""
    text = json.dumps(problems, ensure_ascii=False, indent=1)
    return text if _printable(text) == text else json.dumps(problems, indent=1)


def _printable(text: str) -> str:
    """Replace characters that standard output cannot encode by backslash escapes."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    return text.encode(encoding, "backslashreplace").decode(encoding)
