"""The one Settings class: everything that the environment (LADDER_..., or .env) can say."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read when it is made, never at import. A value that does not fit raises pydantic.ValidationError."""

    model_config = SettingsConfigDict(
        env_prefix="LADDER_", env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    database_url: SecretStr = SecretStr("sqlite:///var/ladder.db")  # a PostgreSQL URL carries a password
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)  # 0: any free one
    operator_name: str = ""
    operator_contact: str = ""
    log: Literal["debug", "info", "warning", "error"] = "info"
