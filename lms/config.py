"""The settings, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingsError(ValueError):
    """A setting cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation decides. Documented for operators in docs/operating.md."""

    data_dir: Path
    courses_dir: Path
    database_url: str  # an SQLAlchemy URL, sqlite:///… or postgresql+psycopg://…
    secret_key: str
    public_url: str  # scheme and host, no slash at the end; ids, links and QR codes come from it
    signing_key: str | None = None  # Ed25519 seed as multibase; else kept in the data directory
    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def cookie_prefix(self) -> str:
        """``__Host-`` needs a secure origin; a hall's plain http has none."""
        return "__Host-" if self.https else ""


def load_settings(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read ``LMS_*``. ``overrides`` (host, port, courses_dir …) come from the command line and win.

    Raises:
        SettingsError: a value cannot be used.
    """
    env = os.environ if environ is None else environ
    given = {name: value for name, value in overrides.items() if value is not None}
    data_dir = Path(given.pop("data_dir", None) or env.get("LMS_DATA_DIR") or "data").absolute()
    courses_dir = Path(given.pop("courses_dir", None) or env.get("LMS_COURSES") or "courses").absolute()
    host = str(given.pop("host", "127.0.0.1"))
    port = _port(given.pop("port", None) or env.get("LMS_PORT") or "8000")
    public_url = (env.get("LMS_PUBLIC_URL") or f"http://{host}:{port}").rstrip("/")
    if not public_url.startswith(("http://", "https://")):
        raise SettingsError("LMS_PUBLIC_URL must start with http:// or https://")
    data_dir.mkdir(parents=True, exist_ok=True)
    return Settings(
        data_dir=data_dir,
        courses_dir=courses_dir,
        database_url=env.get("LMS_DATABASE_URL") or f"sqlite:///{data_dir / 'lms.sqlite3'}",
        secret_key=env.get("LMS_SECRET_KEY") or _kept_secret(data_dir / "secret-key"),
        public_url=public_url,
        signing_key=env.get("LMS_SIGNING_KEY") or None,
        host=host,
        port=port,
        **given,
    )


def _port(text: object) -> int:
    try:
        port = int(str(text))
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise SettingsError(f"LMS_PORT must be a number from 0 to 65535, not {text!r}")
    return port


def _kept_secret(path: Path) -> str:
    """Make a secret at first start and keep it, so that cookies survive a restart."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text("ascii").strip()
