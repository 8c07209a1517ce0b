"""The one Settings class: everything that the environment (LADDER_..., or .env) can say."""

import re
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read when it is made, never at import. A value that does not fit raises pydantic.ValidationError."""

    model_config = SettingsConfigDict(
        env_prefix="LADDER_",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
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
    smtp_host: str = ""  # empty: no mail is sent
    smtp_port: int | None = Field(default=None, ge=1, le=65535)  # 465, with starttls 587, with none 25
    smtp_security: Literal["tls", "starttls", "none"] = "tls"
    smtp_ca: str = ""  # a file with the certificate to trust, where no public one signed the server's
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_sender: str = ""  # the address that mail comes from
    smtp_rate: int = Field(default=2, ge=1, le=50)  # letters a second
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

    @field_validator("smtp_security")
    @classmethod
    def _is_safe(cls, security: str, told: ValidationInfo) -> str:
        if security == "none" and told.data.get("smtp_host", "") not in {"", "127.0.0.1", "::1", "localhost"}:
            raise ValueError(
                "without encryption only a server on this machine is spoken to: use tls or starttls"
            )
        return security

    @field_validator("smtp_sender")
    @classmethod
    def _is_a_sender(cls, sender: str, told: ValidationInfo) -> str:
        """Mail needs an address to come from, and a page whose link every letter carries."""
        if not told.data.get("smtp_host"):
            return sender
        if re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", sender) is None or not sender.isascii():
            raise ValueError("with LADDER_SMTP_HOST set, name the address that mail comes from")
        if not told.data.get("public_url"):
            raise ValueError("mail needs LADDER_PUBLIC_URL: every letter carries a link to leave")
        return sender

    @property
    def sends_mail(self) -> bool:
        """Whether there is somebody to send mail."""
        return bool(self.smtp_host)

    @field_validator("telegram_proxy")
    @classmethod
    def _is_a_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is None or not proxy.get_secret_value().strip():
            return None
        if re.fullmatch(r"https?://\S+", proxy.get_secret_value()) is None:
            raise ValueError("only HTTP proxies are spoken: http://[user:password@]host:port")
        return proxy
