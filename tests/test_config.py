"""Settings: from the environment, from the command line, and the generated secret key."""

from __future__ import annotations

import pytest

from lms.config import SettingsError, load_settings


def test_all_settings_have_defaults(tmp_path):
    settings = load_settings({}, data_dir=tmp_path / "data")
    assert settings.database_url.startswith("sqlite:///")
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.https is False
    assert settings.cookie_prefix == ""


def test_the_secret_key_is_created_once_and_readable_by_the_owner_only(tmp_path):
    first = load_settings({}, data_dir=tmp_path)
    assert load_settings({}, data_dir=tmp_path).secret_key == first.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_the_command_line_takes_precedence_over_the_environment(tmp_path):
    env = {"LMS_PORT": "9000", "LMS_COURSES": "elsewhere", "LMS_DATA_DIR": str(tmp_path)}
    assert load_settings(env).port == 9000
    settings = load_settings(env, port=0, host="0.0.0.0", courses_dir=tmp_path / "mine", public_host="192.168.1.7")
    assert settings.port == 0
    assert settings.courses_dir == tmp_path / "mine"
    assert settings.public_url == "http://192.168.1.7:0"


def test_cookies_are_secure_if_the_public_url_is_https(tmp_path):
    settings = load_settings({"LMS_PUBLIC_URL": "https://hoc.example/"}, data_dir=tmp_path)
    assert settings.public_url == "https://hoc.example"
    assert settings.cookie_prefix == "__Host-"


def test_personal_data_of_a_class_is_kept_for_thirty_days_or_as_configured(tmp_path):
    assert load_settings({}, data_dir=tmp_path).class_days == 30
    assert load_settings({"LMS_CLASS_DAYS": "7"}, data_dir=tmp_path).class_days == 7


@pytest.mark.parametrize(
    "setting",
    [
        {"LMS_PORT": "-1"},
        {"LMS_PORT": "x"},
        {"LMS_PUBLIC_URL": "hoc.example"},
        {"LMS_PUBLIC_URL": "https://"},
        {"LMS_PUBLIC_URL": "https://hoc.example:port"},
        {"LMS_PUBLIC_URL": "https://hoc.example/khoa"},
        {"LMS_DATABASE_URL": "mysql://x/y"},
        {"LMS_SECRET_KEY": "changeme"},
        {"LMS_METRICS_TOKEN": "too short"},
        {"LMS_METRICS_TOKEN": "mật khẩu của máy theo dõi"},
        {"LMS_CLASS_DAYS": "0"},
        {"LMS_CLASS_DAYS": "-5"},
        {"LMS_CLASS_DAYS": "forever"},
        {"LMS_CLASS_DAYS": "99999"},
    ],
    ids=repr,
)
def test_an_invalid_setting_is_named_in_the_error(tmp_path, setting):
    with pytest.raises(SettingsError, match=next(iter(setting))):
        load_settings(setting, data_dir=tmp_path)


def test_an_empty_secret_key_file_is_rejected(tmp_path):
    (tmp_path / "secret-key").touch()
    with pytest.raises(SettingsError, match="secret-key"):
        load_settings({}, data_dir=tmp_path)


def test_the_data_folder_is_readable_by_the_owner_only(tmp_path):
    load_settings({}, data_dir=tmp_path / "new" / "data")
    assert (tmp_path / "new" / "data").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("where", ["data", "data/below"])
def test_an_unusable_data_folder_is_reported_in_vietnamese(tmp_path, where):
    (tmp_path / "data").write_text("", "utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings({"LMS_DATA_DIR": str(tmp_path / where)})
    assert str(refused.value).startswith(f"LMS_DATA_DIR: không tạo được thư mục {tmp_path / where} (")
    assert str(refused.value).endswith(("(đã có một tệp tên ấy)", "(không phải thư mục)"))


LONG, OTHER = "n" * 40, "the old secret that every host has"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (f"{LONG},{'o' * 32}", (LONG, "o" * 32)),
        (f"{LONG} {'o' * 32}", (LONG, "o" * 32)),
        (f"{LONG}, {OTHER}", (LONG, OTHER)),
        (f"{LONG},{LONG},{OTHER}", (LONG, OTHER)),
        (OTHER, (OTHER,)),  # a sentence, as an earlier release took it
        (f"{LONG},short", (f"{LONG},short",)),
    ],
)
def test_several_secret_keys_are_told_from_a_sentence(tmp_path, given, read):
    settings = load_settings({"LMS_SECRET_KEY": given}, data_dir=tmp_path)
    assert (settings.secret_key, settings.secret_keys) == (read[0], read)
    (tmp_path / "secret-key").write_text("\n".join(read) + "\n")
    assert load_settings({}, data_dir=tmp_path).secret_keys == read
