"""The checks of ``lms doctor``. Each looks at one thing and changes nothing; ``doctor.run`` isolates them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lms.cli.doctor_checks import machine, network, store
from lms.cli.doctor_checks.finding import ExaminedEnvironment, Finding

CHECKS: Mapping[str, tuple[str, Callable[[ExaminedEnvironment], Iterator[Finding]]]] = {
    "settings": ("Cài đặt", machine.check_settings),
    "data_dir": ("Dữ liệu", machine.check_data_dir),
    "disk": ("Đĩa", machine.check_disk),
    "open_files": ("Tệp mở", machine.check_open_files),
    "database": ("Kho", store.check_database),
    "connections": ("Kết nối", store.check_connections),
    "clock": ("Đồng hồ", store.check_clock),
    "keys": ("Khóa", store.check_keys),
    "courses": ("Khóa học", machine.check_courses),
    "pictures": ("Giao diện", machine.check_pictures),
    "port": ("Cổng", network.check_port),
    "public_url": ("Địa chỉ", network.check_public_url),
}


def preload(site: ExaminedEnvironment) -> None:
    """Import what takes long, so that the checks do not wait for each other's imports."""
    import lms.learning.store.learning_code_key
    import lms.learning.store.migrate

    if site.is_city:
        import lms.server  # noqa: F401
