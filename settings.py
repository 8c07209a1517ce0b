"""The one Settings class: everything that the environment (LADDER_..., or .env) can say."""

import re
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read when it is made, never at import. A value that does not fit raises pydantic.ValidationError."""

    model_config = SettingsConfigDict(
        env_prefix="LADDER_", env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    database_url: SecretStr = SecretStr("sqlite:///var/ladder.db")  # a PostgreSQL URL carries a password
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)  # 0: any free one
    public_url: str = ""  # how people reach the page, as https://host; empty where it is only tried out
    secret_keys: tuple[SecretStr, ...] = ()  # the first signs, all verify
    operator_name: str = ""
    operator_contact: str = ""
    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_proxy: SecretStr | None = None  # its URL may carry a password
    telegram_rate: int = Field(
        default=25, ge=1, le=1000
    )  # unasked messages a second; more than 30 only for paid broadcasts
    telegram_mode: Literal["polling", "webhook"] = "polling"
    log: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("telegram_token")
    @classmethod
    def _is_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        """An empty one is none. A wrong one is refused without showing it."""
        if token is None or not token.get_secret_value().strip():
            return None
        if re.fullmatch(r"\d+:[\w-]{30,}", token.get_secret_value().strip()) is None:
            raise ValueError("this is no bot token; BotFather gives one that looks like 123456789:AA...")
        return SecretStr(token.get_secret_value().strip())

    @field_validator("telegram_api_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if re.fullmatch(r"https?://[^/\s]+(/[^\s]*)?", url) is None or re.search(r"\d+:[\w-]{30,}", url):
            raise ValueError("write it as https://host, without /bot and without the token")
        return url.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _is_a_site(cls, url: str) -> str:
        if url and re.fullmatch(r"https?://[^/\s?#]+/?", url) is None:
            raise ValueError("write it as https://host, without a path")
        return url.rstrip("/")

    @field_validator("telegram_proxy")
    @classmethod
    def _is_a_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is None or not proxy.get_secret_value().strip():
            return None
        if re.fullmatch(r"https?://\S+", proxy.get_secret_value()) is None:
            raise ValueError("only HTTP proxies are spoken: http://[user:password@]host:port")
        return proxy
