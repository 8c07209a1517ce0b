"""Firms drawn by hypothesis: an exact one whose answers fit together, and the same firm known less well."""

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from policy.facts import Fact, Kind, Records, Value
from policy.intervals import Interval
from policy.load import SHIPPED, load_edition

HENAN = load_edition(SHIPPED)
OFTEN = settings(deadline=None, derandomize=True, database=None)
SELDOM = settings(max_examples=OFTEN.max_examples * 2 // 5, deadline=None, derandomize=True, database=None)

THRESHOLDS = {
    "revenue": (100_000_000, 500_000_000, 1_000_000_000, 10_000_000_000),
    "upgrade_total_investment": (50_000_000, 80_000_000),
    "upgrade_equipment_software": (50_000_000, 66_666_666, 66_666_667),
}
MONTHS = tuple(2025 * 12 + month - 1 for month in (7, 8, 9, 10))

Firm = dict[str, Value]


def near(thresholds: tuple[int, ...]) -> st.SearchStrategy[int]:
    """Whole numbers at, beside, within ten per cent of, and far from the thresholds."""
    return st.one_of(
        st.sampled_from([bound + by for bound in thresholds for by in (-1, 0, 1)]),
        st.sampled_from([bound * 100 // by for bound in thresholds for by in (91, 95, 105, 110, 111)]),
        st.integers(0, 2 * max(thresholds)),
    )


def exactly(fact: Fact) -> st.SearchStrategy[Any]:
    """One exact value of a yes/no, a choice, a text, a month or a list."""
    if fact.kind is Kind.RECORDS:
        item = st.fixed_dictionaries({name: exactly(field) for name, field in fact.fields.items()})
        return st.lists(item, max_size=2).map(lambda items: Records(tuple(items)))
    if fact.kind is Kind.MONTH:
        return st.sampled_from(MONTHS).map(Interval.exact)
    return st.just("国家级平台") if fact.kind is Kind.TEXT else st.sampled_from(fact.choices)


@st.composite
def firms(draw: st.DrawFn) -> Firm:
    """A firm of which everything that the shipped edition asks is known exactly, without contradiction."""
    asked = HENAN.ladder.facts().union(HENAN.scope.facts(), *(each.facts() for each in HENAN.schemes))
    firm = {key: draw(exactly(HENAN.facts[key])) for key in sorted(asked - THRESHOLDS.keys())}
    firm["registered_in_henan"] = draw(st.sampled_from((True, True, True, True, False)))
    firm["upgrade_project"] = draw(st.sampled_from((True, True, False)))
    amounts = {key: draw(near(bounds)) for key, bounds in THRESHOLDS.items()}
    whole, part = "upgrade_total_investment", "upgrade_equipment_software"
    amounts[whole], amounts[part] = max(amounts[whole], amounts[part]), min(amounts[whole], amounts[part])
    return firm | {key: Interval.exact(amount) for key, amount in amounts.items()}


@st.composite
def blurred(draw: st.DrawFn, value: Value) -> Value | None:
    """The same value known less well; None: not at all."""
    if draw(st.integers(0, 3)) == 0:
        return None
    if isinstance(value, Records):
        return draw(_blurred_list(value))
    if not isinstance(value, Interval):
        return value
    number, how = value.value, draw(st.sampled_from(("exact", "about", "range")))
    assert isinstance(number, int)
    if how == "range":
        low, high = (draw(st.one_of(st.none(), st.sampled_from((0, 1, 10_000, 10**9)))) for _ in range(2))
        return Interval(
            None if low is None else number - low,
            None if high is None else number + high,
            low_open=bool(low) and draw(st.booleans()),
            high_open=bool(high) and draw(st.booleans()),
        )
    return Interval.about(number) if how == "about" and number > 10**6 else value


@st.composite
def _blurred_list(draw: st.DrawFn, value: Records) -> Records:
    items = [
        {key: each for key in item if (each := draw(blurred(item[key]))) is not None} for item in value.items
    ]
    told = draw(st.integers(0, len(items)))
    complete = told == len(items) and draw(st.booleans())
    return Records(tuple(items[:told]), complete=complete or not items)


@st.composite
def known_less_well(draw: st.DrawFn, firm: Mapping[str, Value]) -> Firm:
    """The firm with each of its facts known less well, or not at all."""
    less = {key: draw(blurred(value)) for key, value in firm.items()}
    return {
        key: value
        for key, value in less.items()
        if value is not None and not (isinstance(value, Interval) and value.is_unbounded)
    }


def answers(fact: Fact, known: Value | None) -> Iterator[Value]:
    """Representative exact answers that fit what is known: beside the thresholds, and at the ends of the known."""
    if fact.kind is Kind.RECORDS:
        yield Records(())
        for origin in ("new", "existing"):
            field: Firm = {"kind": origin, "role": "host", "created_on": Interval.exact(MONTHS[-1])}
            items = known.items if isinstance(known, Records) else ()
            yield Records(tuple(field | dict(item) for item in items) or (field,))
    elif fact.key in THRESHOLDS:
        interval = known if isinstance(known, Interval) else Interval()
        bounds = [bound + by for bounds in THRESHOLDS.values() for bound in bounds for by in (-1, 0, 1)]
        for number in sorted({int(interval.nearest(bound)) for bound in (0, *bounds, 10**11)}):
            yield Interval.exact(number)
    else:
        yield from fact.choices
