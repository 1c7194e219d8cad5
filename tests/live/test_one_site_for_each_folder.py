"""Two sites on one data folder: the second is told and does not start; workers of one site are no second site."""

from __future__ import annotations

import subprocess

import pytest

from tests.browser.site_process import LMS, site_env
from tests.live.processes import TIMEOUT_SECONDS, copy_sample_course, serve_and_fail, serving
from tests.live.raw_http import send_request

PUBLIC = {"LMS_PUBLIC_URL": "https://hoc.example"}


@pytest.mark.slow
def test_a_second_site_does_not_start_until_the_first_has_ended_however_it_ends(tmp_path):
    courses = copy_sample_course(tmp_path)
    with serving(tmp_path) as first:
        refused = serve_and_fail(tmp_path, "--port", "0", "--courses", str(courses))
        assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
        assert f"trang này đang mở sẵn ở {first.url}, trong một cửa sổ khác" in refused.stderr
        assert (
            f"Thư mục {tmp_path / 'data'} chỉ dùng cho một trang; trang thứ hai cần LMS_DATA_DIR khác."
            in refused.stderr
        )
        assert "Cứ dùng trang ấy." in refused.stderr
        for_the_hall = serve_and_fail(tmp_path, "--lan", "--no-browser", "--port", "0", "--courses", str(courses))
        assert for_the_hall.returncode == 2
        assert "Trang ấy chỉ máy này vào được. Muốn cả phòng vào: ở cửa sổ ấy bấm Ctrl+C" in for_the_hall.stderr
        assert "Cứ dùng trang ấy." not in for_the_hall.stderr
        assert send_request(first.url, "/").status == 200, "the refused one has left the first one alone"
        beside = subprocess.run(
            [LMS, "user", "list"], cwd=tmp_path, env=site_env(tmp_path / "data"), capture_output=True, text=True,
            timeout=TIMEOUT_SECONDS, check=False,
        )  # fmt: skip
        assert beside.returncode == 0, beside.stderr
        first.kill()
        with serving(tmp_path) as next_one:
            assert send_request(next_one.url, "/").status == 200


@pytest.mark.slow
def test_workers_of_one_site_share_its_data_folder(tmp_path):
    with serving(tmp_path, **PUBLIC) as first, serving(tmp_path, **PUBLIC) as second:
        assert [send_request(server.url, "/").status for server in (first, second)] == [200, 200]
        courses = copy_sample_course(tmp_path)
        other = serve_and_fail(
            tmp_path, "--port", "0", "--courses", str(courses), LMS_PUBLIC_URL="https://khac.example"
        )
        assert (other.returncode, "chỉ dùng cho một trang" in other.stderr) == (2, True)
