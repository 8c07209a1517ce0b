"""What verdicts, rungs and certainties are called to people, on every channel and on paper: the one table of it."""

VERDICT_WORDS = {
    "eligible": "按所答，写明的条件都符合",
    "conditional": "要看主管部门认不认定",
    "undetermined": "还不能定",
    "ineligible": "按所答，目前够不上",
    "contradictory": "答复前后对不上",
    "not_applicable": "不涉及",
    "concerns": "与企业有关",
    "does_not_concern": "与企业无关",
    "on_ladder": "在阶梯上",
    "below": "还没到第一级",
    "unknown": "还定不下",
    "out_of_scope": "不适用（不在河南注册）",
}
"""Of schemes and measures, and where the ladder stands."""
STANDING_WORDS = {
    "eligible": "按所答，看到的条件都够",
    "conditional": "看到的条件都够，还要过别的关",
    "undetermined": "还不能定",
    "ineligible": "按所答，有条件没有对上",
    "contradictory": "答复前后对不上",
}
"""Of recognitions: their texts are seldom seen whole, so nothing is said of conditions that were not seen."""
CERTAINTY_WORDS = {"official": "官方原文", "reprint": "转载文本", "unconfirmed": "待核实"}
REACH_WORDS = {
    "sure": "按所答够条件",
    "conditional": "条件看来够，还要过别的关",
    "unconfirmed": "待核实",
    "open": "还不能定",
    "not_concerned": "按所答不涉及",
    "out_of_reach": "眼下还够不上",
}
"""Of sums of money in sight."""
RUNG_WORDS = {
    "met": "已有",
    "missing": "尚缺",
    "unknown": "待定",
    "not_expected": "到这一级才期望",
    "not_assessed": "没有测",
}
"""Of the ladder's rungs. A goal, not a duty: what is lacking is lacking, never failed."""
AHEAD = "提前有了"
"""Of a rung that a firm has before it is expected."""
TERMS = {
    "verdict_words": VERDICT_WORDS,
    "standing_words": STANDING_WORDS,
    "certainty_words": CERTAINTY_WORDS,
    "reach_words": REACH_WORDS,
    "rung_words": {**RUNG_WORDS, "ahead": AHEAD},
}
"""The same for templates, by the names they know."""
