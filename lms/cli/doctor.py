"""``lms doctor``: look at everything that the site needs, and say what to do."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread

import click

from lms.cli.click_i18n import Command, WholeNumber
from lms.cli.doctor_checks import CHECKS, preload
from lms.cli.doctor_checks.finding import ExaminedEnvironment, Finding, Status
from lms.cli.doctor_checks.store import database_failure

CHECK_SECONDS = 5  # they run side by side
LOCAL_SECONDS = 30  # for those that compute, and wait for nobody else
LOCAL_CHECKS = ("courses", "pictures")
_WORDS: dict[Status, str] = {"ok": "ổn", "warning": "nhắc", "fault": "LỖI"}
_EXIT_CODES: dict[Status, int] = {"ok": 0, "warning": 1, "fault": 2}


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="In ra JSON, cho máy đọc.")
@click.option(
    "--workers",
    type=WholeNumber(1, 1000),
    help="Số tiến trình lms serve cùng dùng một kho, ở mọi máy. Mặc định: mỗi nhân một tiến trình.",
)
def command(as_json: bool, workers: int | None) -> None:
    """Khám máy: cài đặt, kho, khóa, đĩa, đồng hồ, cổng, chứng chỉ, khóa học. Không đổi gì.

    Mỗi dòng là ổn, nhắc hay LỖI, kèm cách sửa chép lại được. Kết thúc bằng 0 nếu ổn cả, 1 nếu có điều nhắc, 2 nếu có
    lỗi.
    """
    found = run_all_checks(ExaminedEnvironment(dict(os.environ), workers or os.cpu_count() or 1))
    worst: Status = max((finding for _, finding in found), key=lambda finding: _EXIT_CODES[finding.status]).status
    if as_json:
        checks = [
            {"check": name, "status": finding.status, "text": finding.text, "remedy": finding.remedy}
            for name, finding in found
        ]
        click.echo(json.dumps({"status": worst, "checks": checks}, ensure_ascii=False, indent=1))
    else:
        for name, finding in found:
            click.echo(f"{_WORDS[finding.status]:<5}{CHECKS[name][0]:<11}{finding.text}")
            if finding.remedy:
                click.echo(f"{'':<16}→ {finding.remedy}")
    sys.stdout.flush()
    sys.exit(_EXIT_CODES[worst])


def run_all_checks(site: ExaminedEnvironment) -> list[tuple[str, Finding]]:
    """The findings of all checks, in their order. No check can hide another, whatever happens in it."""
    with suppress(Exception):
        preload(site)
    results: dict[str, list[Finding]] = {name: [] for name in CHECKS}
    threads: dict[str, Thread] = {}
    for name, (_, check) in CHECKS.items():
        # Daemons: what hangs in a system call does not keep the command from ending.
        threads[name] = Thread(target=_collect, args=(site, name, check, results[name]), daemon=True)
        threads[name].start()
    started = time.monotonic()
    found: list[tuple[str, Finding]] = []
    for name, thread in threads.items():
        seconds = LOCAL_SECONDS if name in LOCAL_CHECKS else CHECK_SECONDS
        thread.join(max(0.0, started + seconds - time.monotonic()))
        done = list(results[name])
        if thread.is_alive():
            done.append(Finding("warning", f"Chưa xong sau {seconds} giây.", "lms doctor    # thử lại khi máy rảnh"))
        found += [(name, finding) for finding in done]
    return found


def _collect(
    site: ExaminedEnvironment,
    name: str,
    check: Callable[[ExaminedEnvironment], Iterator[Finding]],
    results: list[Finding],
) -> None:
    try:
        for finding in check(site):
            results.append(finding)
    except Exception as error:
        results.append(_failure(site, name, error))


def _failure(site: ExaminedEnvironment, name: str, error: Exception) -> Finding:
    try:
        known = database_failure(site, name, error)
    except Exception:
        known = None
    text = f"Không khám được: {type(error).__name__}: {str(error).partition(chr(10))[0]}"
    return known or Finding("fault", text, "lms doctor --json    # gửi kèm khi nhờ người sửa")
