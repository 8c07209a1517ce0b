"""What the environment can say, and what is never shown."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from settings import Settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LADDER_{name.upper()}", raising=False)


def test_nothing_said() -> None:
    settings = Settings()
    assert settings.database_url.get_secret_value() == "sqlite:///var/ladder.db"
    assert (settings.host, settings.port, settings.log) == ("127.0.0.1", 8000, "info")


def test_environment_before_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(
        "LADDER_OPERATOR_NAME=某某服务中心\nLADDER_PORT=81\nLADDER_LATER=x\nPATH=/\n"
    )
    monkeypatch.setenv("LADDER_PORT", "82")
    settings = Settings()
    assert (settings.operator_name, settings.port) == ("某某服务中心", 82)


def test_a_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_DATABASE_URL", "postgresql://ladder:s3cret@db/ladder")
    assert "s3cret" not in repr(Settings())


@pytest.mark.parametrize(
    ("name", "value"), [("LADDER_PORT", "many"), ("LADDER_PORT", "70000"), ("LADDER_LOG", "loud")]
)
def test_what_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


MAIL = {
    "LADDER_SMTP_HOST": "smtp.example.com",
    "LADDER_SMTP_SENDER": "ladder@example.com",
    "LADDER_SMTP_PASSWORD": "s3cret",
    "LADDER_PUBLIC_URL": "https://ladder.example",
}


def test_mail_is_off_until_a_server_is_named_and_its_password_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not Settings().sends_mail
    for name, value in MAIL.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.sends_mail
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LADDER_SMTP_SENDER", ""),
        ("LADDER_SMTP_SENDER", "somebody"),
        ("LADDER_SMTP_SENDER", "a@b\nBcc: c@d"),
        ("LADDER_PUBLIC_URL", ""),
        ("LADDER_SMTP_SECURITY", "none"),
        ("LADDER_SMTP_RATE", "1000"),
    ],
)
def test_mail_without_what_it_needs_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for each, told in {**MAIL, name: value}.items():
        monkeypatch.setenv(each, told)
    with pytest.raises(ValidationError):
        Settings()
