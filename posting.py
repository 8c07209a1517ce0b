"""What carries messages out beside the page (the bot, mail), put together; and whether mail can go out."""

from typing import TYPE_CHECKING

from wiring import telegram

if TYPE_CHECKING:
    from bot.email.account import MailAccount
    from models.doctor import Check
    from settings import Settings
    from web.app import Beside


def beside(settings: "Settings") -> "Beside | None":
    """What runs beside the page: the bot, the sender of mail, or both."""
    makers = [each for each in (telegram(settings), mail(settings)) if each is not None]
    if len(makers) < 2:  # noqa: PLR2004  nothing to put together
        return makers[0] if makers else None
    from bot.together import Together

    return lambda database: Together([make(database) for make in makers])


def mail(settings: "Settings") -> "Beside | None":
    """What sends mail beside the page; None where no server for it is named."""
    account = mail_account(settings)
    if account is None:
        return None
    from bot.email.service import MailService

    return lambda database: MailService(database, account)


def mail_account(settings: "Settings") -> "MailAccount | None":
    """How mail is sent, None where it is not."""
    if not settings.sends_mail:
        return None
    from bot.email.account import MailAccount

    return MailAccount(
        host=settings.smtp_host,
        sender=settings.smtp_sender,
        site=settings.public_url,
        name=settings.operator_name,
        security=settings.smtp_security,
        port=settings.smtp_port,
        ca=settings.smtp_ca,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else "",
        a_second=settings.smtp_rate,
    )


def mail_check(settings: "Settings") -> "Check":
    """Whether the mail server lets us in; no letter is sent by asking."""
    from models.doctor import Check

    account = mail_account(settings)
    if account is None:
        return Check("mail", "ok", "off; docs/operations.md says how it is switched on")
    from bot.email.post import reach
    from flows.channel import Undeliverable

    try:
        reach(account)
    except Undeliverable as failure:
        return Check("mail", "fail", f"the server of LADDER_SMTP_HOST: {failure}")
    return Check("mail", "ok", "the mail server lets us in")
