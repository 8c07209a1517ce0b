"""One letter to one mail server, step by step, so that it is known afterwards whether it may have arrived.

Synchronous (smtplib): the channel calls it on a thread. Every step gets what is left of the time for the whole.
"""

import smtplib
import ssl
import time
from email.message import EmailMessage

from bot.email.account import MailAccount
from flows.channel import Undeliverable

WITHIN = 20.0
"""Seconds for a whole letter; a lease is longer by far."""
_AWAY, _LOCKED = 60.0, 300.0  # a server that is away, or does not let us in, is so for all letters
_NOBODY = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}
"""The enhanced codes (RFC 3463) by which a server says that nobody is at this address."""
_CLOSING = 421
_NO_SUCH = {550, 551, 553}


def post(account: MailAccount, letter: EmailMessage, address: str) -> str:
    """Send the letter and return its id. Raises Undeliverable."""
    ends = time.monotonic() + WITHIN
    server = _reached(account, ends)
    try:
        _envelope(server, account.sender, address, ends)
        _body(server, letter, ends)
    finally:
        server.close()
    return str(letter["Message-ID"])


def reach(account: MailAccount) -> None:
    """See whether the server lets us in. Raises Undeliverable."""
    _reached(account, time.monotonic() + WITHIN).close()


def _reached(account: MailAccount, ends: float) -> smtplib.SMTP:
    """A server that is ready to take letters from us."""
    try:
        server = _connected(account, _left(ends))
        try:
            server.ehlo_or_helo_if_needed()
            if account.security == "starttls":
                server.starttls(context=_context(account))
                server.ehlo()
            if account.user:
                server.login(account.user, account.password)
        except BaseException:
            server.close()
            raise
    except smtplib.SMTPAuthenticationError as error:
        raise Undeliverable(f"not let in ({error.smtp_code})", permanent=False, wait=_LOCKED) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Undeliverable(f"not reached ({type(error).__name__})", permanent=False, wait=_AWAY) from None
    return server


def _connected(account: MailAccount, within: float) -> smtplib.SMTP:
    if account.security == "tls":
        return smtplib.SMTP_SSL(account.host, account.own_port, timeout=within, context=_context(account))
    return smtplib.SMTP(account.host, account.own_port, timeout=within)


def _context(account: MailAccount) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=account.ca or None)


def _envelope(server: smtplib.SMTP, sender: str, address: str, ends: float) -> None:
    """Until here nothing of the letter is with the server, so whatever goes wrong may be tried again."""
    try:
        for command, is_recipient in ((f"MAIL FROM:<{sender}>", False), (f"RCPT TO:<{address}>", True)):
            _wait_at_most(server, ends)
            code, said = server.docmd(command)
            if code not in {250, 251}:
                raise _refused(code, said, gone=is_recipient)
        _wait_at_most(server, ends)
        code, said = server.docmd("DATA")
    except (smtplib.SMTPException, OSError) as error:
        raise Undeliverable(f"cut off ({type(error).__name__})", permanent=False) from None
    if code != 354:  # noqa: PLR2004  "go ahead"
        raise _refused(code, said)


def _body(server: smtplib.SMTP, letter: EmailMessage, ends: float) -> None:
    """From the first byte on only the server's word says whether it took the letter."""
    try:
        _wait_at_most(server, ends)
        server.send(_dotted(letter.as_bytes()))
        _wait_at_most(server, ends)
        code, said = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise Undeliverable(
            f"cut off in mid-send ({type(error).__name__})", permanent=False, unsure=True
        ) from None
    if code != 250:  # noqa: PLR2004  "taken"
        raise _refused(code, said)


def _refused(code: int, said: bytes, *, gone: bool = False) -> Undeliverable:
    """4xx: later. 5xx: never; for good where nobody is there. Of the server's words only its codes are kept: they may
    name people."""
    enhanced = said.split(b" ", 1)[0].decode("ascii", "replace")
    if not _is_code(enhanced, code):
        enhanced = ""
    why = f"refused {code} {enhanced}".strip()
    if code < 500:  # noqa: PLR2004  SMTP's own border
        return Undeliverable(why, permanent=False, wait=_AWAY if code == _CLOSING else None)
    nobody = enhanced in _NOBODY or (not enhanced and code in _NO_SUCH)
    return Undeliverable(why, permanent=True, gone=gone and nobody)


def _is_code(word: str, code: int) -> bool:
    parts = word.split(".")
    return len(parts) == 3 and all(each.isdecimal() for each in parts) and word[:1] == str(code)[:1]  # noqa: PLR2004  class, subject, detail


def _dotted(raw: bytes) -> bytes:
    lines = raw.split(b"\r\n")
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    whole = b"\r\n".join(stuffed)
    return whole + (b"" if whole.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _wait_at_most(server: smtplib.SMTP, ends: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(_left(ends))


def _left(ends: float) -> float:
    return max(0.1, ends - time.monotonic())
