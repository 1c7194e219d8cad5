"""What a check of ``lms doctor`` looks at, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lms.config import DEFAULT_PORT, data_folder, default_courses_dir, default_database_url

Status = Literal["ok", "warning", "fault"]
CONNECT_SECONDS = 4  # below the time that a check may take, so that it can still say what did not answer


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in Vietnamese. ``remedy``: a command or setting that can be copied, or what to do."""

    status: Status
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class ExaminedEnvironment:
    """What the environment says, whether or not it can be used."""

    environ: Mapping[str, str]
    workers: int

    @property
    def data_dir(self) -> Path:
        return data_folder(self.environ)

    @property
    def courses_dir(self) -> Path:
        return Path(self.environ.get("LMS_COURSES") or default_courses_dir()).absolute()

    @property
    def database_url(self) -> str:
        return self.environ.get("LMS_DATABASE_URL") or default_database_url(self.data_dir)

    @property
    def is_city(self) -> bool:
        return self.database_url.startswith("postgresql")

    @property
    def sqlite_path(self) -> Path:
        return Path(self.database_url.removeprefix("sqlite:///").partition("?")[0])

    @property
    def port(self) -> int:
        text = self.environ.get("LMS_PORT") or str(DEFAULT_PORT)
        return int(text) if text.isascii() and text.isdigit() and int(text) <= 65535 else DEFAULT_PORT
