"""The settings, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lms.os_error_messages import reason_of

SHORTEST_SECRET = 32  # characters
USUAL_PORT = 8000


class SettingsError(ValueError):
    """A setting cannot be used; the message says which and why, to whoever starts the site."""


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
    port: int = USUAL_PORT
    class_days: int = 30  # how long a class remembers who sat in it

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def cookie_prefix(self) -> str:
        """``__Host-`` needs a secure origin; a hall's plain http has none."""
        return "__Host-" if self.https else ""


def load_settings(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read ``LMS_*``. ``overrides`` come from the command line and win: host, port, courses_dir, data_dir, and
    public_host, the host that LMS_PUBLIC_URL defaults to.

    Raises:
        SettingsError: a value cannot be used.
    """
    env = os.environ if environ is None else environ
    given = {name: value for name, value in overrides.items() if value is not None}
    data_dir = Path(given.get("data_dir") or env.get("LMS_DATA_DIR") or "data").absolute()
    host = str(given.get("host", "127.0.0.1"))
    port = _port(given.get("port", env.get("LMS_PORT") or USUAL_PORT))
    public_url = env.get("LMS_PUBLIC_URL") or f"http://{given.get('public_host', host)}:{port}"
    _make_folder(data_dir)
    return Settings(
        data_dir=data_dir,
        courses_dir=Path(given.get("courses_dir") or env.get("LMS_COURSES") or "courses").absolute(),
        database_url=_database_url(env.get("LMS_DATABASE_URL") or f"sqlite:///{data_dir / 'lms.sqlite3'}"),
        secret_key=_secret(env.get("LMS_SECRET_KEY"), data_dir / "secret-key"),
        public_url=_public_url(public_url),
        signing_key=env.get("LMS_SIGNING_KEY") or None,
        host=host,
        port=port,
        class_days=_class_days(env.get("LMS_CLASS_DAYS") or "30"),
    )


def _public_url(text: str) -> str:
    try:
        parts = urlsplit(text.rstrip("/"))
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or parts.path or parts.query or parts.fragment:
        raise SettingsError(f"LMS_PUBLIC_URL phải là http:// hoặc https:// và tên máy, không có gì sau đó: {text!r}")
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("LMS_DATABASE_URL phải bắt đầu bằng sqlite:/// hoặc postgresql+psycopg://")
    return text


def _port(text: object) -> int:
    try:
        port = int(str(text))
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise SettingsError(f"LMS_PORT phải là một số từ 0 đến 65535, không phải {text!r}")
    return port


def _class_days(text: str) -> int:
    days = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
    if not 1 <= days <= 3650:
        raise SettingsError(f"LMS_CLASS_DAYS phải là một số ngày từ 1 đến 3650, không phải {text!r}")
    return days


def _make_folder(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # names of people lie in it
    except OSError as error:
        raise SettingsError(f"LMS_DATA_DIR: không tạo được thư mục {data_dir} ({reason_of(error)})") from error


def _secret(given: str | None, path: Path) -> str:
    """Whoever guesses it may be anybody, so a short one is refused; a power cut may leave an empty file behind."""
    secret = given or _kept_secret(path)
    if len(secret) < SHORTEST_SECRET:
        name, advice = ("LMS_SECRET_KEY", "") if given else (str(path), "; xóa tệp này thì lần mở sau sẽ làm lại")
        raise SettingsError(f"{name} phải có ít nhất {SHORTEST_SECRET} ký tự ngẫu nhiên{advice}")
    return secret


def _kept_secret(path: Path) -> str:
    """Make a secret at first start and keep it, so that cookies survive a restart."""
    try:
        if not path.exists():
            # Written whole under another name, then linked: a second process never reads half a secret.
            draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
                file.flush()
                os.fsync(file.fileno())
            _publish(draft, path)
        return path.read_text("ascii").strip()
    except OSError as error:
        raise SettingsError(f"LMS_DATA_DIR: không ghi được vào {path.parent} ({reason_of(error)})") from error


def _publish(draft: Path, path: Path) -> None:
    """Give the draft its name unless another process was first."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a memory stick's file system has no links
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
