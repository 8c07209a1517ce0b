"""The audit in words: on an object's page, and as a list that is filtered and read page by page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, select

from flows.messages import SHANGHAI
from models.audit import AUDIT_COLUMNS, AuditRow, acts_on, audit, chain, first_broken
from models.base import JsonObject
from models.staff import staff

PAGE = 50
ACTIONS: Mapping[str, str] = {
    "assessment.answer": "企业回答",
    "assessment.ask": "问企业",
    "assessment.ask_review": "企业申请复核",
    "assessment.correct": "更正答复",
    "assessment.export": "导出测评",
    "assessment.finish": "结束复核",
    "assessment.hand_over": "转给同事",
    "assessment.note": "写备注",
    "assessment.override": "写下不同的看法",
    "assessment.print": "导出一件测评",
    "assessment.release": "放回",
    "assessment.take": "接手",
    "assessment.unask": "不再问企业",
    "assessment.unask_review": "企业收回申请",
    "assessment.unoverride": "收回不同的看法",
    "bulletin.cancel": "取消通报",
    "bulletin.edit": "修改通报",
    "bulletin.export": "导出通报的收件人",
    "bulletin.pause": "暂停通报",
    "bulletin.release": "发出通报",
    "bulletin.resume": "继续发通报",
    "bulletin.retry": "重发失败的",
    "bulletin.test": "试发通报给自己",
    "bulletin.write": "起草通报",
    "edition.begin": "起草政策版本",
    "edition.cancel": "停下试算",
    "edition.edit": "修改政策版本",
    "edition.export": "导出试算名单",
    "edition.import": "引入政策版本",
    "edition.publish": "发布政策版本",
    "edition.review": "复核政策版本",
    "edition.try_out": "试算政策版本",
    "export.overview": "导出概览",
    "session.confirm": "再次确认身份",
    "session.end": "结束登录",
    "session.refuse": "登录未通过",
    "session.start": "登录",
    "staff.assign": "分配城市和企业",
    "staff.disable": "停用账户",
    "staff.enable": "启用账户",
    "staff.invite": "邀请",
    "staff.password": "修改密码",
    "staff.recovery_codes": "更换恢复码",
    "staff.reset": "重置账户",
    "staff.role": "修改角色",
    "staff.second_factor": "更换验证器",
    "staff.set_up": "完成账户设置",
}
_NOBODYS = {"owner": "企业", "command": "命令行", "system": "系统"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An act as a page shows it. `who` and `did` are Chinese words, or the name of an account."""

    id: int
    at: datetime
    actor: str
    who: str
    action: str
    did: str
    object_kind: str
    object_id: str
    detail: JsonObject
    personal: JsonObject | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts: what is None is not asked. `before` is the id of the last row of the page before."""

    actor: str | None = None
    action: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None


def told_of(connection: Connection, kind: str, object_id: str) -> list[Entry]:
    """What was done to one object, the newest first; for whoever may see the object."""
    return _told(connection, acts_on(connection, kind, object_id))


def listed(connection: Connection, wanted: Wanted) -> list[Entry]:
    """One page of acts, the newest first; one more than PAGE tells that there are more."""
    query = select(*AUDIT_COLUMNS).order_by(audit.c.id.desc()).limit(PAGE + 1)
    for name in ("actor", "action", "object_kind", "object_id"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(audit.c[name] == value)
    if wanted.since is not None:
        query = query.where(audit.c.at >= _midnight(wanted.since))
    if wanted.until is not None:
        query = query.where(audit.c.at < _midnight(wanted.until + timedelta(days=1)))
    if wanted.before is not None:
        query = query.where(audit.c.id < wanted.before)
    return _told(connection, [AuditRow(*row) for row in connection.execute(query)])


def chain_told(connection: Connection) -> tuple[int, int | None]:
    """Walk the whole chain: how many acts, and the first that does not fit (None: all do)."""
    return first_broken(chain(connection))


def _told(connection: Connection, rows: Iterable[AuditRow]) -> list[Entry]:
    rows = list(rows)
    actors = {row.actor for row in rows}
    named = select(staff.c.public_id, staff.c.name).where(staff.c.public_id.in_(actors))
    names = dict(connection.execute(named).all()) | _NOBODYS
    return [
        Entry(
            id=row.id,
            at=row.at.astimezone(SHANGHAI),
            actor=row.actor,
            who=names.get(row.actor, row.actor[:8]),
            action=row.action,
            did=ACTIONS.get(row.action, row.action),
            object_kind=row.object_kind,
            object_id=row.object_id,
            detail=row.detail,
            personal=_unsalted(row.personal),
        )
        for row in rows
    ]


def _unsalted(personal: JsonObject | None) -> JsonObject | None:
    return None if personal is None else {key: value for key, value in personal.items() if key != "salt"}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
