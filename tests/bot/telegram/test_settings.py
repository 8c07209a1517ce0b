"""What the environment may say of Telegram, and that what is wrong is refused without being shown."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from settings import Settings

TOKEN = f"7000000001:{'AAabcdefghijklmnopqrstuvwxyz_012345'}"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_nothing_said_is_no_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_TELEGRAM_TOKEN", " ")
    monkeypatch.setenv("LADDER_TELEGRAM_PROXY", "")
    settings = Settings()
    assert (settings.telegram_token, settings.telegram_proxy) == (None, None)
    assert (settings.telegram_mode, settings.telegram_api_url) == ("polling", "https://api.telegram.org")


def test_what_is_said_is_taken_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_TELEGRAM_TOKEN", f" {TOKEN}\n")
    monkeypatch.setenv("LADDER_TELEGRAM_PROXY", "http://me:s3cret@proxy:3128")
    monkeypatch.setenv("LADDER_TELEGRAM_API_URL", "http://127.0.0.1:8081/")
    settings = Settings()
    assert settings.telegram_token
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LADDER_TELEGRAM_TOKEN", "s3cret"),
        ("LADDER_TELEGRAM_PROXY", "socks5://s3cret@host:1080"),
        ("LADDER_TELEGRAM_API_URL", "api.telegram.org"),
        ("LADDER_TELEGRAM_MODE", "pigeon"),
    ],
)
def test_what_cannot_serve_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert all("s3cret" not in each["msg"] for each in refused.value.errors())
