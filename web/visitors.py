"""Who sits before the page: a random cookie and nothing else. Its fingerprint is the person's address on this channel."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass

from fastapi import Request, Response

CHANNEL = "web"
_DAYS_30 = 30 * 24 * 3600
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
COOKIES = ("__Host-ladder", "ladder", "__Host-ladder-staff", "ladder-staff")
"""Every cookie that tells who somebody is: visitors' and the staff's, by HTTPS and without."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """`secret` stands in the cookie only (256 bits); `address` is what is stored of it. `is_new`: they have no cookie yet."""

    secret: str
    is_new: bool

    @property
    def address(self) -> str:
        return hashlib.sha256(f"web:{self.secret}".encode()).hexdigest()

    @property
    def form_token(self) -> str:
        """What every form of theirs carries, for browsers that do not say where a request comes from."""
        return form_token(self.secret)

    def __repr__(self) -> str:
        return f"Visitor({self.address[:8]})"


def form_token(secret: str) -> str:
    """The token that belongs to a cookie: known to our pages, and of no use for finding the cookie."""
    return hashlib.sha256(f"form:{secret}".encode()).hexdigest()[:32]


def new_visitor() -> Visitor:
    return Visitor(secrets.token_urlsafe(32), is_new=True)


def visitor_after(visitor: Visitor, *told: str) -> Visitor:
    """Whom a visitor becomes by what they sent: the same again for the same, also for another process. Who knows their cookie
    only, because it was planted, cannot tell, as long as `told` holds what was drawn by lot for a page of theirs."""
    return Visitor(secret_after(visitor, "after", *told), is_new=True)


def secret_after(visitor: Visitor, what: str, *told: str) -> str:
    """A secret of 256 bits, the same again for the same form of theirs."""
    made = hashlib.sha256("\n".join((what, visitor.secret, *told)).encode()).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def visitor_of(request: Request) -> Visitor:
    """Who asks; somebody new where there is no cookie, or one that we cannot have made."""
    secret = request.cookies.get(_cookie(request), "")
    return Visitor(secret, is_new=False) if SECRET.fullmatch(secret) else new_visitor()


def remember(response: Response, request: Request, visitor: Visitor) -> None:
    """Set the cookie, or set it anew, so that it lasts 30 days from the last visit."""
    response.set_cookie(
        _cookie(request),
        visitor.secret,
        max_age=_DAYS_30,
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def is_secure(request: Request) -> bool:
    """Whether people come by HTTPS; tried out on one's own machine they do not, and no browser would keep the cookie."""
    return request.url.scheme == "https" or request.app.state.public_url.startswith("https://")


def _cookie(request: Request) -> str:
    return "__Host-ladder" if is_secure(request) else "ladder"
