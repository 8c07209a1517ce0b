"""A second reading of the recognitions, written from the study of the documents and not from the rule files.

Every judgement is three-valued; what the documents leave to an authority, to the firm's own check or to a text not seen
can never make more than `conditional`. Amounts in yuan.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from tests.policy.oracle_values import Facts, Sure, either, every, has, months, opposite, share, span, total

WAN, YI = 10_000, 100_000_000
INDUSTRIAL = ("manufacturing", "mining_utilities")
THREE_YEARS = ("", "_prior", "_prior2")


class Case(NamedTuple):
    """How one recognition stands: held, whose case, its criteria that decide, and whether the figures alone do."""

    criteria: tuple[Sure, ...]
    held: Sure = False
    applies: Sure = True
    figures_decide: bool = False


def verdict(case: Case, in_force: bool) -> str:
    if case.held is True:
        return "eligible"
    if case.applies is False or not in_force:
        return "not_applicable"
    if case.held is False and case.applies is True and False in case.criteria:
        return "ineligible"
    if not all(case.criteria) or not case.criteria or case.applies is None:
        return "undetermined"
    return "eligible" if case.figures_decide else "conditional"


def one_of(facts: Facts, key: str, *values: str) -> Sure:
    given = facts.get(key)
    return None if given is None else given in values


def hoped(part: Sure) -> Sure:
    """Short of it, there still are ways that nobody asks about."""
    return True if part is True else None


def spent(facts: Facts, suffixes: tuple[str, ...] = THREE_YEARS) -> Any:
    return total(facts, *(f"rd_spend{each}" for each in suffixes))


def earned(facts: Facts) -> Any:
    return total(facts, *(f"revenue{each}" for each in THREE_YEARS))


def is_large(facts: Facts) -> Sure:
    """Industry from 1000 people and 4亿, software from 300 people and 1亿: 以下 excludes the number here."""
    people, revenue = span(facts, "employees"), span(facts, "revenue")
    return either(
        every(one_of(facts, "industry", *INDUSTRIAL), people.at_least(1000), revenue.at_least(4 * YI)),
        every(one_of(facts, "industry", "software_it"), people.at_least(300), revenue.at_least(YI)),
    )


def tiered(facts: Facts, tiers: list[tuple[int, int]]) -> Sure:
    """Research against revenue over three years, by tiers (revenue above so much: so many percent)."""
    revenue = span(facts, "revenue")
    lows = [bound for bound, _ in tiers]
    highs = [*lows[1:], None]
    possible = [
        percent
        for (low, percent), high in zip(tiers, highs, strict=True)
        if revenue.more_than(low) is not False and (high is None or revenue.at_most(high) is not False)
    ]
    found = {share(spent(facts), earned(facts), percent) for percent in possible}
    return found.pop() if len(found) == 1 else None


def year_by_year(facts: Facts, percent: int) -> Sure:
    """Research against revenue in each of the last two years."""
    years = ("", "_prior")
    return every(*(share(span(facts, f"rd_spend{y}"), span(facts, f"revenue{y}"), percent) for y in years))


def registered_a_year(facts: Facts, day: date) -> Sure:
    """Of the day only the month is known: in the month of the year's end it is open."""
    since, now = span(facts, "registered_on"), months(day.isoformat())
    if since.at_most(now - 13) is True:
        return True
    return False if since.more_than(now - 12) is True else None


def pays_corporate_tax(facts: Facts) -> Sure:
    return opposite(one_of(facts, "entity_type", "sole_proprietor"))


def hnte(facts: Facts, day: date) -> Case:
    patents = (span(facts, key).at_least(1) for key in ("ip_class1_count", "ip_class2_count"))
    return Case(
        held=has(facts, "certificates", "hnte", day=day),
        criteria=(
            registered_a_year(facts, day),
            hoped(either(*patents)),  # bought ones are not asked about
            share(span(facts, "sci_tech_staff"), span(facts, "employees"), 10),
            tiered(facts, [(-1, 5), (5000 * WAN, 4), (2 * YI, 3)]),
            span(facts, "hitech_share").at_least(60),
        ),
    )


def tech_sme(facts: Facts, day: date) -> Case:
    direct = has(facts, "certificates", "hnte", day=day)
    staff = (span(facts, "sci_tech_staff"), span(facts, "employees"))
    return Case(
        held=has(facts, "certificates", "tech_sme", day=day),
        criteria=(
            pays_corporate_tax(facts),
            span(facts, "employees").at_most(500),
            span(facts, "revenue").at_most(2 * YI),
            span(facts, "total_assets").at_most(2 * YI),
            hoped(either(direct, share(*staff, 10))),
            hoped(either(direct, sure_points(facts) >= 60)),
        ),
    )


def sure_points(facts: Facts) -> int:
    """The points that are sure by the steps seen: all or nothing for staff and research, two steps for patents."""
    staff = share(span(facts, "sci_tech_staff"), span(facts, "employees"), 30)
    research = share(span(facts, "rd_spend"), span(facts, "revenue"), 6)
    first, second = span(facts, "ip_class1_count").at_least(1), span(facts, "ip_class2_count").at_least(4)
    patents = 30 if first is True else 24 if second is True else 0
    return 20 * (staff is True) + 50 * (research is True) + patents


def innovative_sme_2022(facts: Facts, day: date) -> Case:
    honoured = has(facts, "certificates", "hnte", day=day)
    return Case(
        held=has(facts, "certificates", "innovative_sme", "zjtx", "little_giant", day=day),
        applies=opposite(is_large(facts)),
        criteria=(hoped(either(honoured, span(facts, "equity_financing_2y").at_least(500 * WAN))),),
    )


def innovative_sme_2026(facts: Facts, day: date) -> Case:
    """How it is judged under the new rules was not seen: nothing decides."""
    held = has(facts, "certificates", "innovative_sme", day=day)
    return Case(held=held, applies=opposite(is_large(facts)), criteria=())


def zjtx_2022(facts: Facts, day: date) -> Case:
    research, revenue = span(facts, "rd_spend"), span(facts, "revenue")
    return Case(
        held=has(facts, "certificates", "zjtx", "little_giant", day=day),
        applies=opposite(is_large(facts)),
        criteria=(
            span(facts, "niche_years").at_least(2),
            research.at_least(100 * WAN),
            share(research, revenue, 3),
            either(revenue.at_least(1000 * WAN), span(facts, "equity_financing_2y").at_least(2000 * WAN)),
        ),
    )


def zjtx_2026(facts: Facts, day: date) -> Case:
    equity = span(facts, "equity_financing_2y").at_least(2000 * WAN)
    return Case(
        held=has(facts, "certificates", "zjtx", "little_giant", day=day),
        applies=opposite(is_large(facts)),
        criteria=(
            has(facts, "certificates", "tech_sme", "innovative_sme", day=day),
            span(facts, "niche_years").at_least(3),
            either(span(facts, "revenue").at_least(1500 * WAN), equity),
            span(facts, "main_share").at_least(80),
            span(facts, "debt_ratio").at_most(80),
            span(facts, "rd_spend").at_least(100 * WAN),
            span(facts, "rd_spend_prior").at_least(100 * WAN),
            year_by_year(facts, 3),
            hoped(span(facts, "ip_class1_count").at_least(1)),
        ),
    )


def little_giant(facts: Facts, day: date) -> Case:
    growth = share(span(facts, "revenue"), span(facts, "revenue_prior2"), Fraction(105 * 105, 100))
    return Case(
        held=has(facts, "certificates", "little_giant", day=day),
        applies=opposite(is_large(facts)),
        criteria=(
            has(facts, "certificates", "zjtx", day=day),
            span(facts, "niche_years").at_least(3),
            span(facts, "revenue").at_least(5000 * WAN),
            span(facts, "main_share").at_least(90),
            hoped(growth),  # by the main business it may be another
            span(facts, "debt_ratio").at_most(75),
            spent(facts, ("", "_prior")).at_least(1200 * WAN),
            year_by_year(facts, 3),
            hoped(span(facts, "ip_class1_count").at_least(4)),
        ),
    )


def sme_size(facts: Facts, _day: date) -> Case:
    return Case(
        applies=one_of(facts, "industry", *INDUSTRIAL, "software_it"),
        criteria=(opposite(is_large(facts)),),
        figures_decide=True,
    )


def above_scale_industry(facts: Facts, _day: date) -> Case:
    industry = one_of(facts, "industry", *INDUSTRIAL)
    return Case(
        held=every(facts.get("above_scale"), industry),
        applies=industry,
        criteria=(
            pays_corporate_tax(facts),
            span(facts, "revenue").at_least(2000 * WAN),
        ),
    )


def rd_super_deduction(facts: Facts, _day: date) -> Case:
    """Trade is shut out; of the other services some are, so that those stay open."""
    industry = facts.get("industry")
    allowed = None if industry in {None, "other_service"} else industry != "trade"
    return Case(applies=span(facts, "rd_spend").more_than(0), criteria=(pays_corporate_tax(facts), allowed))


def provincial_tech_center(facts: Facts, day: date) -> Case:
    return Case(
        held=has(facts, "platforms", "tech_center", day=day),
        criteria=(
            span(facts, "rd_spend").at_least(500 * WAN),
            hoped(span(facts, "sci_tech_staff").at_least(50)),
            span(facts, "rd_equipment").at_least(800 * WAN),
        ),
    )


def provincial_engineering_tech_center(facts: Facts, day: date) -> Case:
    """The staff and equipment of a draft were not confirmed: they do not decide."""
    revenue = span(facts, "revenue")
    county = every(has(facts, "location", "county", day=day), revenue.at_least(3000 * WAN))
    return Case(
        held=has(facts, "platforms", "engineering_tech_center", day=day),
        criteria=(
            hoped(either(revenue.at_least(5000 * WAN), county)),
            either(spent(facts).at_least(1500 * WAN), tiered(facts, [(-1, 5), (5000 * WAN, 4)])),
        ),
    )


def provincial_engineering_center(facts: Facts, day: date) -> Case:
    return Case(
        held=has(facts, "platforms", "engineering_center", day=day),
        criteria=(
            span(facts, "sci_tech_staff").at_least(40),
            span(facts, "rd_spend").at_least(200 * WAN),
            span(facts, "rd_equipment").at_least(800 * WAN),
        ),
    )


def provincial_innovation_center(facts: Facts, day: date) -> Case:
    return Case(
        held=has(facts, "platforms", "innovation_center", day=day),
        criteria=(
            hoped(has(facts, "certificates", "innovation_leader", day=day)),
            registered_a_year(facts, day),
            span(facts, "sci_tech_staff").at_least(50),
            spent(facts).at_least(3 * 4000 * WAN),
        ),
    )


def sci_tech_loan(facts: Facts, day: date) -> Case:
    return Case(
        applies=has(facts, "financing_needs", "loan", "pledge", day=day),
        criteria=(hoped(has(facts, "certificates", "hnte", "tech_sme", day=day)),),
    )


def zjtx_loan(facts: Facts, day: date) -> Case:
    return Case(
        applies=has(facts, "financing_needs", "loan", "pledge", "guarantee", day=day),
        criteria=(has(facts, "certificates", "little_giant", "zjtx", "innovative_sme", day=day),),
    )


def vice_president(facts: Facts, day: date) -> Case:
    return Case(applies=has(facts, "needs", "talent", day=day), criteria=())


class Rule(NamedTuple):
    """A reading with its days in force, and whether it looks at the staff (whose numbers may conflict)."""

    judge: Callable[[Facts, date], Case]
    since: str
    until: str = "9999-12-31"
    counts_people: bool = True


NEW, OLD_ENDS, FOREVER = "2026-04-01", "2026-03-31", "9999-12-31"
RULES: Mapping[tuple[str, str], Rule] = {
    ("hnte-2016", "hnte"): Rule(hnte, "2016-01-01"),
    ("tech-sme-2017", "tech_sme"): Rule(tech_sme, "2017-05-03"),
    ("quality-sme-2022", "innovative_sme"): Rule(innovative_sme_2022, "2022-08-01", OLD_ENDS),
    ("quality-sme-2022", "zjtx"): Rule(zjtx_2022, "2022-08-01", OLD_ENDS),
    ("quality-sme-2026", "innovative_sme"): Rule(innovative_sme_2026, NEW),
    ("quality-sme-2026", "zjtx"): Rule(zjtx_2026, NEW),
    ("quality-sme-2026", "little_giant"): Rule(little_giant, NEW),
    ("sme-size-2017", "sme_size"): Rule(sme_size, "2017-12-28"),
    ("statistics-2011", "above_scale_industry"): Rule(above_scale_industry, "2011-01-01", FOREVER, False),
    ("rd-deduction-2023", "rd_super_deduction"): Rule(rd_super_deduction, "2023-01-01", FOREVER, False),
    ("platforms-2025", "provincial_tech_center"): Rule(provincial_tech_center, "2025-05-23"),
    ("platforms-2025", "provincial_engineering_tech_center"): Rule(provincial_engineering_tech_center, "2025-05-23", FOREVER, False),
    ("platforms-2025", "provincial_engineering_center"): Rule(provincial_engineering_center, "2025-05-23"),
    ("platforms-2025", "provincial_innovation_center"): Rule(provincial_innovation_center, "2025-05-23"),
    ("finance-2025", "sci-tech-loan-2025"): Rule(sci_tech_loan, "2025-05-21", FOREVER, False),
    ("finance-2025", "zjtx-loan-2022"): Rule(zjtx_loan, "2025-05-21", FOREVER, False),
    ("talent-2024", "sci-tech-vice-president-2024"): Rule(vice_president, "2024-06-24", "2026-12-31", False),
}  # fmt: skip


def judged(document: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The verdict on every recognition of every edition for a firm, in force that day or not."""
    facts, day = document["facts"], date.fromisoformat(document["as_of"])
    if facts.get("registered_in_henan") is False:
        return dict.fromkeys(RULES, "out_of_scope")
    people, staff = span(facts, "employees"), span(facts, "sci_tech_staff")
    clash = people.high is not None and staff.low is not None and staff.low > people.high
    facts = facts if clash else _narrowed(facts)
    return {
        key: "contradictory"
        if clash and rule.counts_people
        else verdict(rule.judge(facts, day), rule.since <= document["as_of"] <= rule.until)
        for key, rule in RULES.items()
    }


def _narrowed(facts: Facts) -> Facts:
    """Scientific staff is part of the staff: at most as many, and so many people there are at least."""
    people, staff = span(facts, "employees"), span(facts, "sci_tech_staff")
    least = max(people.low or 0, staff.low or 0)
    most = min((each for each in (people.high, staff.high) if each is not None), default=None)
    told = {"employees": (least, people.high), "sci_tech_staff": (staff.low, most)}
    ends = {
        key: {"low": low, "high": high, "low_open": False, "high_open": False}
        for key, (low, high) in told.items()
        if facts.get("employees") is not None or facts.get("sci_tech_staff") is not None
    }
    return facts | ends
