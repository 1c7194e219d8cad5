"""Settings, read once from the environment and the command line."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from lms.os_error_messages import os_error_message
from lms.release import packaged_folder

LOG_FORMATS, LOG_LEVELS = ("", "json", "plain"), ("debug", "info", "warning")
# All names that the program or its tests read; others beginning with LMS_ are typing errors.
KNOWN_SETTINGS = (
    "LMS_BACKUP_PASSPHRASE",
    "LMS_CITY_URL",
    "LMS_CLASS_DAYS",
    "LMS_CONTACT",
    "LMS_COURSES",
    "LMS_COURSES_BRANCH",
    "LMS_COURSES_SOURCE",
    "LMS_DATABASE_URL",
    "LMS_DATA_DIR",
    "LMS_LOG_FORMAT",
    "LMS_LOG_LEVEL",
    "LMS_METRICS_TOKEN",
    "LMS_PORT",
    "LMS_PUBLIC_URL",
    "LMS_SECRET_KEY",
    "LMS_SIGNING_KEY",
    "LMS_TEST_POSTGRES_URL",
)
SECRET_KEY_FILE = "secret-key"  # noqa: S105 (its name)
MIN_SECRET_LENGTH = 32  # characters
MIN_TOKEN_LENGTH = 16  # characters
MAX_CONTACT_LENGTH = 160  # characters: two lines of the printed notice
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
HTTP_PORT = 80


class SettingsError(ValueError):
    """A setting cannot be used; the message, in Vietnamese, says which and why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of an installation, documented in docs/operating.md."""

    data_dir: Path
    courses_dir: Path
    database_url: str  # an SQLAlchemy URL, sqlite:///… or postgresql+psycopg://…
    secret_key: str  # signs
    public_url: str  # scheme and host, no slash at the end; the base of links, ids and QR codes
    signing_key: str | None = None  # Ed25519 seed as multibase; None: a file in the data directory
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    class_days: int = 30  # how long personal data of a class is kept
    log_format: str = ""  # "json", "plain"; "": plain on a terminal, else JSON
    log_level: str = "info"
    metrics_token: str = ""  # of /metrics for other machines; "": only a program on this machine may read it
    contact: str = ""  # whom learners may ask about their data, as the privacy notice prints it; "": nobody is named
    secret_key_fallbacks: tuple[str, ...] = ()  # earlier ones, newest first: they only verify
    city_url: str = ""  # of a hall's laptop: the site where learning codes open once it has handed in; "": unknown

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """All that verify, the one that signs first."""
        return (self.secret_key, *self.secret_key_fallbacks)

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def cookie_prefix(self) -> str:
        """``__Host-`` for https; browsers reject that prefix over plain http, as in a hall without internet."""
        return "__Host-" if self.https else ""


def load_settings(
    environ: Mapping[str, str] | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    courses_dir: Path | None = None,
    data_dir: Path | None = None,
    public_host: str | None = None,
    public_port: int | None = None,
    may_make_key: Callable[[str], bool] = lambda _database_url: True,
) -> Settings:
    """Read the ``LMS_*`` variables and create the data directory.

    The other arguments come from the command line and take precedence. ``public_host`` and
    ``public_port`` are the host and port in the default of LMS_PUBLIC_URL. ``may_make_key`` is asked, with the database
    URL, where there is no secret key; if it says no, ``secret_key`` is "".

    Raises:
        SettingsError: a value cannot be used.
    """
    env = os.environ if environ is None else environ
    host = host or DEFAULT_HOST
    data_dir = data_dir.absolute() if data_dir else data_folder(env)
    port = _parse_port(env.get("LMS_PORT") or DEFAULT_PORT if port is None else port)
    public_url = env.get("LMS_PUBLIC_URL") or _default_public_url(public_host or host, public_port or port)
    _make_data_folder(data_dir)
    database_url = _validate_database_url(env.get("LMS_DATABASE_URL") or default_database_url(data_dir))
    key_path, given_key = data_dir / SECRET_KEY_FILE, env.get("LMS_SECRET_KEY")
    has_key = given_key or key_path.exists() or may_make_key(database_url)
    secret_keys = _secret_keys(given_key, key_path) if has_key else ("",)
    return Settings(
        data_dir=data_dir,
        courses_dir=Path(courses_dir or env.get("LMS_COURSES") or default_courses_dir()).absolute(),
        database_url=database_url,
        secret_key=secret_keys[0],
        secret_key_fallbacks=secret_keys[1:],
        public_url=_parse_origin(public_url, "LMS_PUBLIC_URL"),
        signing_key=env.get("LMS_SIGNING_KEY") or None,
        host=host,
        port=port,
        class_days=_parse_class_days(env.get("LMS_CLASS_DAYS") or "30"),
        log_format=_parse_choice("LMS_LOG_FORMAT", env.get("LMS_LOG_FORMAT") or "", LOG_FORMATS),
        log_level=_parse_choice("LMS_LOG_LEVEL", env.get("LMS_LOG_LEVEL") or "info", LOG_LEVELS),
        metrics_token=_check_metrics_token(env.get("LMS_METRICS_TOKEN") or ""),
        contact=_parse_contact(env.get("LMS_CONTACT") or ""),
        city_url=_parse_origin(env["LMS_CITY_URL"], "LMS_CITY_URL") if env.get("LMS_CITY_URL") else "",
    )


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    return Path(environ.get("LMS_DATA_DIR") or "data").absolute()


def find_setting_errors(environ: Mapping[str, str]) -> list[str]:
    """The sentences of all values that ``load_settings`` would refuse; it stops at the first. Makes no file."""
    errors: list[str] = []
    parsers: dict[str, Callable[[str], object]] = {
        "LMS_PORT": _parse_port,
        "LMS_PUBLIC_URL": lambda text: _parse_origin(text, "LMS_PUBLIC_URL"),
        "LMS_CITY_URL": lambda text: _parse_origin(text, "LMS_CITY_URL"),
        "LMS_DATABASE_URL": _validate_database_url,
        "LMS_CLASS_DAYS": _parse_class_days,
        "LMS_LOG_FORMAT": lambda text: _parse_choice("LMS_LOG_FORMAT", text, LOG_FORMATS),
        "LMS_LOG_LEVEL": lambda text: _parse_choice("LMS_LOG_LEVEL", text, LOG_LEVELS),
        "LMS_METRICS_TOKEN": _check_metrics_token,
        "LMS_CONTACT": _parse_contact,
        "LMS_SECRET_KEY": lambda text: _secret_keys(text, Path()),
    }
    for name, parse in parsers.items():
        try:
            if environ.get(name):
                parse(environ[name])
        except SettingsError as error:
            errors.append(str(error))
    return errors


def find_unknown_settings(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """(name, nearest known name or "") of each LMS_ variable that nothing reads."""
    unknown = sorted(name for name in environ if name.startswith("LMS_") and name not in KNOWN_SETTINGS)
    return [(name, next(iter(get_close_matches(name, KNOWN_SETTINGS, 1, 0.7)), "")) for name in unknown]


def default_database_url(data_dir: Path) -> str:
    return f"sqlite:///{data_dir / 'lms.sqlite3'}"


def default_courses_dir() -> Path:
    """Return ``courses`` in the working directory; where there is none, the courses of an installed package."""
    own = Path("courses")
    return own if own.is_dir() else packaged_folder("courses") or own


def _default_public_url(host: str, port: int) -> str:
    """The port of http is left out, so that people type the bare address; browsers leave it out, too."""
    return f"http://{host}" if port == HTTP_PORT else f"http://{host}:{port}"


def _parse_origin(text: str, name: str) -> str:
    try:
        parts = urlsplit(text.rstrip("/"))
        is_origin = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        if is_origin and not (parts.path or parts.query or parts.fragment):
            return f"{parts.scheme}://{parts.netloc}"
    except ValueError:  # the port is not a number
        pass
    raise SettingsError(f"{name} phải là http:// hoặc https:// và tên máy, không có gì sau đó: {text!r}")


def _validate_database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("LMS_DATABASE_URL phải bắt đầu bằng sqlite:/// hoặc postgresql+psycopg://")
    return text


def _parse_port(text: object) -> int:
    try:
        port = int(str(text))
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise SettingsError(f"LMS_PORT phải là một số từ 0 đến 65535, không phải {text!r}")
    return port


def _parse_class_days(text: str) -> int:
    days = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
    if not 1 <= days <= 3650:
        raise SettingsError(f"LMS_CLASS_DAYS phải là một số ngày từ 1 đến 3650, không phải {text!r}")
    return days


def _parse_choice(name: str, text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise SettingsError(f"{name} phải là {', '.join(filter(None, choices))}, không phải {text!r}")
    return text


def _check_metrics_token(token: str) -> str:
    if token and not (token.isascii() and token.isprintable() and " " not in token and len(token) >= MIN_TOKEN_LENGTH):
        raise SettingsError(
            f"LMS_METRICS_TOKEN phải có ít nhất {MIN_TOKEN_LENGTH} ký tự ngẫu nhiên, là chữ không dấu và số, không cách"
        )
    return token


def _parse_contact(text: str) -> str:
    if len(text) > MAX_CONTACT_LENGTH or not text.isprintable():
        raise SettingsError(f"LMS_CONTACT phải là một dòng chữ, nhiều nhất {MAX_CONTACT_LENGTH} chữ")
    return text.strip()


def _make_data_folder(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds personal data
    except OSError as error:
        raise SettingsError(f"LMS_DATA_DIR: không tạo được thư mục {data_dir} ({os_error_message(error)})") from error


KEY_MISMATCH = (
    "Kho này dùng khóa khác: LMS_SECRET_KEY (hay tệp secret-key) không phải khóa mà mã học và phiếu ở đây đang theo."
    " Đặt lại khóa cũ; đang đổi khóa thì ghi cả hai, mới trước: LMS_SECRET_KEY=mới,cũ. Mất hẳn khóa cũ: lms key lost"
)
SIGNING_KEY_LOST = (
    "Kho có huy hiệu đã ký, mà máy này không có khóa ký: tệp signing-keys.json hay LMS_SIGNING_KEY. Trả lại khóa ấy"
    " từ bản sao lưu; mất hẳn thì tạo khóa khác, huy hiệu cũ vẫn kiểm được, nhưng thành phố coi là máy khác:"
    " lms key new"
)


def unreadable_signing_key(settings: Settings) -> str:
    where = "LMS_SIGNING_KEY" if settings.signing_key else f"tệp khóa trong {settings.data_dir}"
    return f"khóa ký không đọc được. Xem lại {where}: khóa Ed25519, viết dạng multibase."


def lost_key_sentence(data_dir: Path) -> str:
    """What a start says where people are in the store, and their secret key is not there.

    Such a store would open as if all were well, and no code or slip would work any more.
    """
    return (
        f"Kho có người, mà không thấy khóa của trang: tệp {data_dir / SECRET_KEY_FILE} hay LMS_SECRET_KEY. Mở bằng khóa"
        " mới thì mã học và phiếu cũ hết dùng được. Chép lại tệp ấy từ bản sao lưu, hoặc trả lại cả bản sao lưu:"
        " lms restore TỆP"
    )


def split_secret_keys(text: str) -> tuple[str, ...]:
    """The values of LMS_SECRET_KEY, the newest first, separated by commas or blanks.

    A secret of an earlier release may have blanks of its own, so blanks count only where there are no commas or line
    ends, and if a part would be too short, the text is one value.
    """
    for separator in (r"\s*[,\n]\s*", r"\s+"):
        parts = tuple(dict.fromkeys(filter(None, re.split(separator, text))))
        if len(parts) > 1 and all(len(part) >= MIN_SECRET_LENGTH for part in parts):
            return parts
    return (text,)


def _secret_keys(given: str | None, path: Path) -> tuple[str, ...]:
    """Return the given or stored secret keys. A short one is rejected: it signs every cookie.

    A power cut can leave an empty file behind.
    """
    secret = given or _stored_secret_key(path)
    if len(secret) < MIN_SECRET_LENGTH:
        name, advice = ("LMS_SECRET_KEY", "") if given else (str(path), "; xóa tệp này thì lần mở sau sẽ làm lại")
        raise SettingsError(f"{name} phải có ít nhất {MIN_SECRET_LENGTH} ký tự ngẫu nhiên{advice}")
    return split_secret_keys(secret)


def _stored_secret_key(path: Path) -> str:
    """Read the secret key from ``path``, creating it at the first start."""
    try:
        if not path.exists():
            # Written under another name and then linked, so that another process never reads a partial file.
            draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
                file.flush()
                os.fsync(file.fileno())
            _rename_if_absent(draft, path)
        return path.read_text("ascii").strip()
    except OSError as error:
        raise SettingsError(f"LMS_DATA_DIR: không ghi được vào {path.parent} ({os_error_message(error)})") from error


def _rename_if_absent(draft: Path, path: Path) -> None:
    """Rename ``draft`` to ``path`` unless another process created ``path`` first."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links, such as FAT
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
