"""Open the configured database for a command, or exit with a Vietnamese sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

import click

from lms.os_error_messages import database_error_message

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from lms.config import Settings
    from lms.learning.badges.keys import KeyRing
    from lms.learning.startup_errors import SchemaOutdated, UnknownRevision
    from lms.learning.store.migrate import SchemaUpgrade


UNREACHABLE_REMEDY = "Xem lại LMS_DATABASE_URL, và máy chủ của nó có đang chạy không."
TABLES_BUSY = (
    "Chưa nâng cấp xong: có ai dùng một bảng lâu quá, như lệnh sao lưu đang chạy. Trang vẫn mở như trước."
    " Đợi việc ấy xong rồi gọi lại: lms db upgrade"
)


@contextmanager
def open_database(
    *, port: int | None = None, upgrading: bool = False, restoring: bool = False
) -> Iterator[tuple[Engine, Settings]]:
    """Yield the database, with the tables of this release, and the settings. ``port`` overrides LMS_PORT.

    ``upgrading``: leave the tables as they are, and exit for errors of the block, too. ``restoring``: make no secret
    key, since that of the backup will come; without one it is "".

    Exits with 2 if a setting or the database cannot be used, or if there are people and the secret key is lost
    or another one.
    """
    from lms.config import SettingsError, load_settings, lost_key_sentence
    from lms.learning.store.changed_wards import load_changed_wards
    from lms.learning.store.database import make_engine
    from lms.learning.store.learning_code_key import check_secret_keys
    from lms.learning.store.migrate import prepare_schema
    from lms.learning.store.tombstones import keep_tombstones

    os.umask(0o077)  # a new database file is readable for its owner only
    try:
        settings = load_settings(port=port, may_make_key=(lambda _: False) if restoring else may_make_key)
    except SettingsError as error:
        exit_unusable(str(error))
    if not (settings.secret_key or restoring):
        exit_unusable(lost_key_sentence(settings.data_dir))
    engine = make_engine(settings.database_url)
    keep_tombstones(engine, settings.data_dir)
    if upgrading:
        with database_errors():
            if not restoring:
                check_secret_keys(engine, settings.secret_keys)
            yield engine, settings
    else:
        with database_errors():
            upgraded = prepare_schema(engine)
            check_secret_keys(engine, settings.secret_keys)
            load_changed_wards(engine)
        if upgraded and upgraded.before:
            click.echo(upgrade_message(upgraded), err=True)
        yield engine, settings
    engine.dispose()


def may_make_key(database_url: str) -> bool:
    """Whether a secret key may be made: the database has no people who would lose something by a new one."""
    from lms.learning.store.people_count import has_people

    with database_errors():
        return not has_people(database_url)


def open_keys(engine: Engine, settings: Settings) -> tuple[KeyRing, str]:
    """The signing keys, published in the store, and the key of learning codes. Exits with 2 if they cannot be used."""
    from lms.config import unreadable_signing_key
    from lms.learning.badges.published_keys import open_key_ring
    from lms.learning.startup_errors import InvalidSigningKey
    from lms.learning.store.learning_code_key import wrap_code_key

    now = datetime.now(UTC)
    with database_errors():
        code_key = wrap_code_key(engine, settings.secret_keys, now=now)
        try:
            return open_key_ring(engine, settings.data_dir, settings.signing_key, now=now), code_key
        except InvalidSigningKey:
            exit_unusable(unreadable_signing_key(settings))


@contextmanager
def database_errors() -> Iterator[None]:
    """Exit with 2 and a sentence if the database does not answer or does not have the tables that are needed."""
    from sqlalchemy.exc import OperationalError

    from lms.config import KEY_MISMATCH, SIGNING_KEY_LOST
    from lms.learning.startup_errors import (
        DatabaseUnreachable,
        MigrationFailed,
        MigrationTablesBusy,
        SchemaOutdated,
        SecretKeyMismatch,
        SigningKeyLost,
        UnknownRevision,
    )

    try:
        yield
    except OperationalError as error:
        exit_unusable(f"Cơ sở dữ liệu không dùng được: {database_error_message(str(error.orig).strip())}")
    except DatabaseUnreachable as error:
        exit_unusable(f"Cơ sở dữ liệu không trả lời: {database_error_message(str(error))}\n{UNREACHABLE_REMEDY}")
    except SecretKeyMismatch:
        exit_unusable(KEY_MISMATCH)
    except SigningKeyLost:
        exit_unusable(SIGNING_KEY_LOST)
    except SchemaOutdated as error:
        exit_unusable(f"Chưa làm được: {outdated_message(error)}")
    except UnknownRevision as error:
        exit_unusable(f"Chưa làm được: {unknown_revision_message(error)}")
    except MigrationTablesBusy:
        exit_unusable(TABLES_BUSY)
    except MigrationFailed as error:
        exit_unusable(f"Cơ sở dữ liệu không nâng cấp được; bước lỗi không đổi gì: {database_error_message(str(error))}")


def unknown_revision_message(error: UnknownRevision) -> str:
    return (
        f"kho dữ liệu ở {error}, bản chương trình này không biết. Kho của bản mới hơn: cài bản ấy."
        " Kho làm trước bản 1.0: cất thư mục dữ liệu đi chỗ khác rồi mở lại, trang sẽ lập kho mới."
    )


def outdated_message(error: SchemaOutdated) -> str:
    if error.current is None:
        return f"cơ sở dữ liệu chưa có bảng nào, bản này cần {error.needed}. Tạo bằng lệnh: lms db upgrade"
    return (
        f"cơ sở dữ liệu đang ở {error.current}, bản này cần {error.needed}."
        " Sao lưu trước, rồi nâng cấp bằng lệnh: lms db upgrade"
    )


def upgrade_message(upgraded: SchemaUpgrade) -> str:
    before = f"từ {upgraded.before} lên {upgraded.after}" if upgraded.before else f"ở {upgraded.after}"
    copy = f" Bản trước còn ở {upgraded.copy}" if upgraded.copy else ""
    verb = "Đã nâng cấp cơ sở dữ liệu" if upgraded.before else "Đã tạo các bảng"
    return f"{verb} {before}.{copy}"


def exit_with_error(sentence: str) -> NoReturn:
    """Print the sentence and exit with 1: the request was refused and nothing has changed."""
    click.echo(sentence, err=True)
    sys.exit(1)


def exit_unusable(sentence: str) -> NoReturn:
    """Print the sentence and exit with 2: the settings or the database must be fixed first."""
    click.echo(sentence, err=True)
    sys.exit(2)
