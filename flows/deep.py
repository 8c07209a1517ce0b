"""The deep round: what it can be about, asked like any other question and kept like any other answer."""

from flows.slots import Sheet
from policy.facts import Fact, Kind, Option
from policy.measures import Topic

TOPICS = "topics"
_LABELS = {
    Topic.RECOGNITIONS: Option("recognitions", "资格认定", ("资格", "认定", "高企", "专精特新")),
    Topic.PLATFORMS: Option("platforms", "创新平台", ("平台", "研发平台")),
    Topic.MONEY: Option("money", "资金融资", ("资金", "融资", "贷款", "钱")),
    Topic.TALENT: Option("talent", "人才", ("人才政策", "招人")),
    Topic.PROJECTS: Option("projects", "项目和服务", ("项目", "服务")),
}
TOPICS_FACT = Fact(
    key=TOPICS,
    kind=Kind.RECORDS,
    title="细测的方面",
    ask="想细看哪些方面？（可以选好几个）",
    help="资格认定：高企、专精特新这些够不够条件。创新平台：省级的技术中心、工程中心。资金融资：贷款、担保、股权。人才：引进人才、科技副总。项目和服务：攻关项目、中试、数字化诊断等。每个方面再答几题。",
    example="资格认定",
    options=(Option("no", "先不细测"),),
    fields={"code": Fact("code", Kind.CHOICE, "方面", options=tuple(_LABELS.values()))},
    key_field="code",
)


def topics_of(sheet: Sheet) -> tuple[Topic, ...]:
    """What somebody wants to see in depth."""
    return tuple(Topic(each) for each in sheet.value(TOPICS) or ())


def topic_title(topic: Topic) -> str:
    """How a topic is called to the owner."""
    return _LABELS[topic].label
