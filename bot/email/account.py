"""How mail is sent: by which server, as whom, how fast. What knows the password does not show it."""

from dataclasses import dataclass
from typing import Literal

Security = Literal["tls", "starttls", "none"]
_PORTS: dict[Security, int] = {"tls": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True, slots=True)
class MailAccount:
    """`sender`: the address that mail comes from, `name` who it says it is; `site` stands before the links, as https://host.

    `ca`: a file with the certificate to trust, empty for the system's. `a_second`: letters at most.
    """

    host: str
    sender: str
    site: str
    name: str = ""
    security: Security = "tls"
    port: int | None = None
    ca: str = ""
    user: str = ""
    password: str = ""
    a_second: int = 2

    def __repr__(self) -> str:
        return f"MailAccount({self.host!r})"

    @property
    def own_port(self) -> int:
        return self.port or _PORTS[self.security]
