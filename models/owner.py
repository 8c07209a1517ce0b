"""Where the owner of a firm is reached: the account on which somebody who speaks for it talked last."""

from sqlalchemy import Connection, bindparam, select

from models.base import columns_of
from models.case import Question, questions
from models.firm import memberships
from models.mailbox import CHANNEL as MAIL
from models.person import Account, accounts
from models.talk import talks

_OF_FIRM = (
    select(*columns_of(accounts, Account))
    .join(memberships, memberships.c.person_id == accounts.c.person_id)
    .outerjoin(talks, talks.c.account_id == accounts.c.id)
    .where(
        memberships.c.firm_id == bindparam("firm"),
        memberships.c.until.is_(None),
        accounts.c.state == "active",
        accounts.c.channel != MAIL,  # where nobody talks, and nothing goes that was not subscribed to
    )
    .order_by(talks.c.at.is_(None), talks.c.at.desc(), accounts.c.id.desc())
    .limit(1)
)
_PUT_TO = (
    select(*columns_of(questions, Question))
    .join(accounts, accounts.c.id == questions.c.account_id)
    .where(accounts.c.person_id == bindparam("person"), questions.c.state.in_(("asked", "later")))
    .order_by(questions.c.id)
)


def account_of_owner(connection: Connection, firm_id: int) -> Account | None:
    """Return where the owner talked last and can be reached; None where nobody can."""
    row = connection.execute(_OF_FIRM, {"firm": firm_id}).first()
    return Account(*row) if row else None


def open_questions_to(connection: Connection, person_id: int) -> list[Question]:
    """Return what advisors asked a person and is not answered yet, the oldest first."""
    return [Question(*row) for row in connection.execute(_PUT_TO, {"person": person_id})]
