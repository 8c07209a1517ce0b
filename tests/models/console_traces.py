"""A row in each of the console's tables, with somebody's words wherever words can stand."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert

from models.assessment import Assessment
from models.audit import Act, append_act
from models.case import Opinion, Question, Remark, add_opinion, add_question, add_remark
from models.desk import Export, Watch, add_export, save_view, write_watch
from models.determination import Finding
from models.person import Account
from models.signing import failures, links, recoveries, sessions
from models.staff import add_staff, set_cities, set_firms
from models.worklist import list_begun, list_judged


def leave_traces(
    connection: Connection, assessment: Assessment, account: Account, words: str, at: datetime
) -> None:
    """Let an advisor work on an assessment, in every table that the console has."""
    who = add_staff(connection, f"advisor-{assessment.id}", "advisor", at)
    later = at + timedelta(hours=1)
    set_cities(connection, who.id, ["洛阳"])
    set_firms(connection, who.id, [assessment.firm_id])
    moments = {"made_at": at}
    digest = f"{assessment.id:064x}"
    connection.execute(
        insert(links).values(staff_id=who.id, token_sha256=digest, expires_at=later, **moments)
    )
    connection.execute(insert(recoveries).values(staff_id=who.id, code_sha256=digest))
    session = {"public_id": digest[:32], "secret_sha256": digest, "device": "Firefox", "seen_at": at}
    connection.execute(insert(sessions).values(staff_id=who.id, confirmed_at=at, **session, **moments))
    connection.execute(insert(failures).values(subject=digest, count=1, last_at=at, wait_until=later))
    append_act(
        connection,
        Act(who.public_id, "assessment.note", "assessment", assessment.public_id, {}, {"words": words}),
        at,
    )
    list_begun(connection, assessment, "telegram")
    told = Finding("tech-upgrade-demo-subsidy", "eligible", 5, {"kind": "assessed"})
    list_judged(connection, assessment, "telegram", "洛阳", [told])
    add_remark(connection, Remark(assessment.id, who.id, "note", words, at))
    opinion = Opinion(assessment.id, who.id, assessment.edition_id, 0, "ladder", "eligible", None, words, at)
    add_opinion(connection, opinion)
    add_question(connection, Question(assessment.id, who.id, account.id, None, words, at))
    save_view(connection, who.id, "洛阳的", "city=洛阳", at)
    write_watch(connection, Watch(who.id, "daily", "telegram", "4712", None, None, at))
    export = Export(digest[:32], who.id, "csv", "city=洛阳", "done", 1, "file.csv", at, later)
    add_export(connection, export)
