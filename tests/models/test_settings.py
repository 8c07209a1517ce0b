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
