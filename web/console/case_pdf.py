"""One case as PDF: an act, because every export is in the audit."""

from collections.abc import Mapping

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from flows.casefile import opened
from flows.casepage import case_page
from flows.casepaper import Words, case_paper
from flows.printing import BusyError, can_print, printed_case
from models.audit import Act, append_act
from models.base import JsonObject
from web.console import telling_cases as words
from web.console.access import NotThereError, Permission, Signed, SignedIn
from web.console.assessments import CASES, desk_of, shown
from web.console.frame import Frame
from web.console.wording import Phrase, Translate, translator

LABELS: Mapping[str, str] = {
    "title": Phrase("测评案卷"),
    "internal": Phrase("内部材料：有企业的数据，用完请销毁"),
    "nameless": Phrase("未留名称"),
    "year": Phrase("{year} 年度"),
    "printed": Phrase("{who} 于 {at} 导出（北京时间）"),
    "none": Phrase("还没有。"),
    "flags": Phrase("留意"),
    "ladder": Phrase("阶梯"),
    "threshold": Phrase("门槛"),
    "expected": Phrase("期望"),
    "now": Phrase("现在"),
    "facts": Phrase("答复"),
    "fact": Phrase("事实项"),
    "value": Phrase("读成"),
    "certainty": Phrase("把握"),
    "typed": Phrase("原话"),
    "rule": Phrase("规则"),
    "who": Phrase("谁，何时"),
    "verdicts": Phrase("判定"),
    "missing": Phrase("还缺"),
    "citations": Phrase("依据"),
    "opinion": Phrase("顾问的看法"),
    "questions": Phrase("问过企业的"),
    "question": Phrase("问题"),
    "state": Phrase("状态"),
    "answer": Phrase("回答"),
    "remarks": Phrase("备注和意见"),
    "kind": Phrase("给谁"),
    "words": Phrase("内容"),
    "acts": Phrase("操作记录"),
    "at": Phrase("时间"),
    "act": Phrase("做了什么"),
    "by": Phrase("谁"),
}
_CALLED: Mapping[str, Mapping[str, str]] = {
    "states": words.STATES,
    "verdicts": words.VERDICTS,
    "rungs": words.RUNG_STATES,
    "flags": words.FLAGS,
    "certainty": words.CERTAINTY,
    "roles": words.ROLES,
    "conditions": words.CONDITIONS,
    "questions": words.QUESTION_STATES,
    "remarks": {"note": Phrase("内部备注"), "advice": Phrase("给企业的意见")},
}
CANNOT = Phrase("这里做不出 PDF（没有装 report 这一项），请直接打印这一页。")
BUSY = Phrase("现在要打印的人多，请过几秒再试。")


def case_pdf(frame: Frame) -> None:
    @frame.post(f"{CASES}/{{case}}/pdf", Permission.ASSESSMENT_EXPORT)
    async def sheets(_request: Request, case: str, signed: SignedIn) -> Response:
        paper = await frame.database.read_async(lambda c: _paper(c, frame, signed, case))
        try:
            pdf = await run_in_threadpool(printed_case, paper) if can_print() else None
        except BusyError:
            return await shown(frame, signed, case, 503, wrong=BUSY)
        if pdf is None:
            return await shown(frame, signed, case, 422, wrong=CANNOT)
        act = Act(signed.actor, "assessment.print", "assessment", case, {"kind": "pdf"})
        await frame.database.turn_async(lambda c: append_act(c, act, signed.now))
        name = f"assessment-{paper['year']}-{case[:8]}.pdf"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(pdf, media_type="application/pdf", headers=headers)


def _paper(connection: Connection, frame: Frame, signed: Signed, case: str) -> JsonObject:
    desk, t = desk_of(frame, signed), translator(signed.staff.language)
    found = opened(connection, frame.editions, signed.scope, case)
    if found is None:
        raise NotThereError
    told = case_paper(case_page(connection, desk, found), _words(t), signed.staff.name, signed.now)
    told["acts"] = [[at, t(who), t(did)] for at, who, did in told["acts"]]
    language = "zh" if signed.staff.language == "zh" else "en"
    return {**told, "lang": language, "labels": {name: t(label) for name, label in LABELS.items()}}


def _words(t: Translate) -> Words:
    return lambda kind, key: t(_CALLED[kind].get(key, key))
