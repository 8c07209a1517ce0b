"""A reply as a letter: plain text, a subject, and the headers by which mail programs leave a topic with one click (RFC 8058)."""

from dataclasses import replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from bot.email.account import MailAccount
from flows.messages import Reply
from flows.render import render

_NAMED = "创新阶梯自测"
_SUBJECTS = {"mail-code": "您的邮箱核对码"}
_POLICY = SMTP.clone(cte_type="7bit")


def letter_of(reply: Reply, address: str, account: MailAccount, at: datetime) -> EmailMessage:
    """The letter to one address. Its buttons become the page's address; a link to leave comes from the reply's `leave`."""
    leave = reply.data.get("leave")
    link = f"{account.site}/leave/{leave}" if leave else None
    letter = EmailMessage(_POLICY)
    letter["From"] = Address(account.name or _NAMED, addr_spec=account.sender)
    letter["To"] = Address(addr_spec=address)
    letter["Subject"] = _subject(reply)
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = make_msgid(domain=account.sender.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"
    if link is not None:
        letter["List-Unsubscribe"] = f"<{link}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(_words(reply, link, account.site), cte="base64")
    return letter


def _subject(reply: Reply) -> str:
    told = _SUBJECTS.get(reply.topic) or reply.data.get("title") or _NAMED
    return " ".join(str(told).split())


def _words(reply: Reply, link: str | None, site: str) -> str:
    if link is None:
        return f"{render(reply)}\n".replace("**", "")
    words = render(replace(reply, data={**reply.data, "leave_link": link}))
    return f"{words}\n\n看结果、接着测：{site}/chat\n".replace("**", "")
