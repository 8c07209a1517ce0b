"""The advisors' list and what they write beside it: one row an assessment, findable names, kept counts.

Rows for what is stored already come when the program starts (models/worklist.py: complete), which knows the tables of its day.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "20261126_review"
down_revision = "20261125_staff"
branch_labels = None
depends_on = None

LISTED = sa.text("state <> 'open'")
UNDER_WAY = sa.text("state = 'open'")


def upgrade() -> None:
    _reviews()
    _verdicts()
    _found_and_counted()
    _remarks()
    _opinions()
    _questions()
    _desks()
    _exports()
    op.create_index("ix_firm_credit_code", "firm", ["credit_code"])


def downgrade() -> None:
    op.drop_index("ix_firm_credit_code", "firm")
    for table in ("export", "staff_watch", "saved_view", "case_question", "case_opinion", "case_remark"):
        op.drop_table(table)
    for table in ("tally", "name_gram", "review_verdict", "review"):
        op.drop_table(table)


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null)


def _yuan(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _integer(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _words(table: str, column: str, words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _reviews() -> None:
    op.create_table(
        "review",
        *map(_number, ("assessment_id", "firm_id")),
        _text("state"),
        _integer("version"),
        _number("advisor_id", null=True),
        *(_text(name, null=True) for name in ("city", "industry")),
        _integer("rung", null=True),
        _integer("fiscal_year"),
        _text("channel"),
        *map(_yuan, ("confirmed_yuan", "amount_yuan")),
        _text("left_at", null=True),
        _moment("changed_at"),
        *(_moment(name, null=True) for name in ("answered_at", "finished_at", "asked_at", "reviewed_at")),
        sa.PrimaryKeyConstraint("assessment_id", name="pk_review"),
        _of("review", "assessment_id", "assessment"),
        _of("review", "firm_id", "firm"),
        _of("review", "advisor_id", "staff"),
        _words("review", "state", "open new asked reviewing waiting reviewed"),
    )
    _index("review", "firm_id")
    _index("review", "advisor_id")
    op.create_index(
        "ix_review_open",
        "review",
        ["fiscal_year", "left_at", "changed_at"],
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
    sorted_by: list[tuple[str, ...]] = [("changed_at",), ("amount_yuan",)]
    sorted_by += [(name, "changed_at") for name in ("state", "city", "industry", "rung")]
    for columns in sorted_by:
        op.create_index(
            f"ix_review_{'_'.join(columns)}",
            "review",
            [*columns, "assessment_id"],
            sqlite_where=LISTED,
            postgresql_where=LISTED,
        )


def _verdicts() -> None:
    op.create_table(
        "review_verdict",
        _number("assessment_id"),
        *map(_text, ("subject", "verdict")),
        _yuan("amount_yuan"),
        sa.PrimaryKeyConstraint("assessment_id", "subject", name="pk_review_verdict"),
        _of("review_verdict", "assessment_id", "assessment"),
    )
    _index("review_verdict", "subject", "verdict", "assessment_id")


def _found_and_counted() -> None:
    op.create_table(
        "name_gram",
        *map(_number, ("gram", "firm_id")),
        sa.PrimaryKeyConstraint("gram", "firm_id", name="pk_name_gram"),
        _of("name_gram", "firm_id", "firm"),
        sqlite_with_rowid=False,
    )
    _index("name_gram", "firm_id")
    op.create_table(
        "tally",
        *map(_text, ("name", "key")),
        sa.Column("shard", sa.SmallInteger(), nullable=False),
        _yuan("n"),
        sa.PrimaryKeyConstraint("name", "key", "shard", name="pk_tally"),
    )


def _remarks() -> None:
    op.create_table(
        "case_remark",
        *map(_number, ("id", "assessment_id", "staff_id")),
        *map(_text, ("kind", "words")),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_case_remark"),
        _of("case_remark", "assessment_id", "assessment"),
        _of("case_remark", "staff_id", "staff"),
        _words("case_remark", "kind", "note advice"),
        sqlite_autoincrement=True,
    )
    _index("case_remark", "assessment_id")


def _opinions() -> None:
    op.create_table(
        "case_opinion",
        *map(_number, ("id", "assessment_id", "staff_id", "edition_id")),
        _integer("assessment_version"),
        *map(_text, ("subject", "verdict")),
        _yuan("amount_yuan", null=True),
        _text("reason"),
        _moment("at"),
        _moment("withdrawn_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_opinion"),
        _of("case_opinion", "assessment_id", "assessment"),
        _of("case_opinion", "staff_id", "staff"),
        _of("case_opinion", "edition_id", "edition"),
        sqlite_autoincrement=True,
    )
    _index("case_opinion", "assessment_id")


def _questions() -> None:
    op.create_table(
        "case_question",
        *map(_number, ("id", "assessment_id", "staff_id", "account_id")),
        _text("slot", null=True),
        *map(_text, ("words", "state")),
        _moment("asked_at"),
        _text("answer", null=True),
        _moment("answered_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_question"),
        _of("case_question", "assessment_id", "assessment"),
        _of("case_question", "staff_id", "staff"),
        _of("case_question", "account_id", "channel_account"),
        _words("case_question", "state", "asked later answered withdrawn"),
        sqlite_autoincrement=True,
    )
    _index("case_question", "assessment_id")
    _index("case_question", "account_id")


def _desks() -> None:
    op.create_table(
        "saved_view",
        *map(_number, ("id", "staff_id")),
        *map(_text, ("name", "query")),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.UniqueConstraint("staff_id", "name", name="uq_saved_view_staff_id_name"),
        _of("saved_view", "staff_id", "staff"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff_watch",
        _number("staff_id"),
        _text("told"),
        *(_text(name, null=True) for name in ("channel", "address", "code_sha256")),
        _moment("code_until", null=True),
        _moment("told_until"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_staff_watch"),
        sa.UniqueConstraint("code_sha256", name="uq_staff_watch_code_sha256"),
        _of("staff_watch", "staff_id", "staff"),
        _words("staff_watch", "told", "at_once daily never"),
    )


def _exports() -> None:
    op.create_table(
        "export",
        _number("id"),
        _text("public_id"),
        _number("staff_id"),
        *map(_text, ("kind", "query", "state")),
        _integer("rows"),
        _text("file", null=True),
        *map(_moment, ("made_at", "expires_at")),
        sa.PrimaryKeyConstraint("id", name="pk_export"),
        sa.UniqueConstraint("public_id", name="uq_export_public_id"),
        _of("export", "staff_id", "staff"),
        _words("export", "kind", "xlsx csv"),
        _words("export", "state", "waiting running done failed"),
        sqlite_autoincrement=True,
    )
    _index("export", "staff_id")
