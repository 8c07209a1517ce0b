"""What must hold for every firm: knowing more never flips what is settled, and what is missing can still matter."""

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from policy.determine import Outcome, determine
from policy.facts import Records
from policy.intervals import Interval
from policy.schemes import Scheme
from policy.standing import LadderState, RungState
from policy.verdicts import Verdict
from tests.policy.strategies import HENAN, OFTEN, SELDOM, Firm, answers, firms, known_less_well

DAY = date(2026, 11, 1)
SETTLED = {Verdict.ELIGIBLE, Verdict.INELIGIBLE, Verdict.NOT_APPLICABLE, Verdict.OUT_OF_SCOPE}
SETTLED_RUNGS = {RungState.MET, RungState.MISSING, RungState.NOT_EXPECTED, RungState.NOT_ASSESSED}
PAIRS = firms().flatmap(lambda firm: st.tuples(st.just(firm), known_less_well(firm)))


def outcome(firm: Firm) -> Outcome:
    return determine(HENAN, firm, DAY)


@given(PAIRS)
@OFTEN
def test_knowing_more_never_flips_a_settled_verdict(pair: tuple[Firm, Firm]) -> None:
    exact, less = map(outcome, pair)
    for sure, vague in zip(exact.schemes, less.schemes, strict=True):
        if sure.verdict is Verdict.OUT_OF_SCOPE and less.in_scope.missing:
            continue  # until it is known where the firm is registered, it is assessed as if in Henan
        if vague.verdict in SETTLED:
            assert vague.verdict is sure.verdict
        if vague.verdict is Verdict.CONDITIONAL:
            assert sure.verdict in {Verdict.ELIGIBLE, Verdict.INELIGIBLE}
        assert vague.verdict is not Verdict.CONTRADICTORY


@given(PAIRS)
@OFTEN
def test_knowing_more_never_lowers_an_amount_nor_changes_one_that_was_not_about(
    pair: tuple[Firm, Firm],
) -> None:
    exact, less = map(outcome, pair)
    for sure, vague in zip(exact.schemes, less.schemes, strict=True):
        assert isinstance(vague.scheme, Scheme)
        base = less.facts.get(vague.scheme.benefit.fact.key)
        about = isinstance(base, Interval) and base.stated is not None
        if vague.verdict is Verdict.ELIGIBLE and sure.verdict is Verdict.ELIGIBLE and not about:
            # An entry of a list that is known too little counts only once it is known.
            assert vague.amount is not None
            assert sure.amount is not None
            assert vague.amount <= sure.amount
            assert vague.amount == sure.amount or isinstance(base, Records)


@given(PAIRS)
@OFTEN
def test_knowing_more_never_moves_a_settled_rung(pair: tuple[Firm, Firm]) -> None:
    exact, less = (outcome(firm).ladder for firm in pair)
    for sure, vague in zip(exact.rungs, less.rungs, strict=True):
        if vague.state in SETTLED_RUNGS and exact.state is not LadderState.OUT_OF_SCOPE:
            assert vague.state is sure.state
    if exact.state is not LadderState.OUT_OF_SCOPE:
        assert less.state in {exact.state, LadderState.UNKNOWN}
        assert {rung.key for rung in less.ahead} <= {rung.key for rung in exact.ahead}
        assert (less.reached or 0) <= (exact.reached or 0)
        assert less.gap in {None, exact.gap}


@given(PAIRS, st.randoms(use_true_random=False))
@SELDOM
def test_the_order_of_facts_does_not_matter(pair: tuple[Firm, Firm], random: Random) -> None:
    keys = list(pair[1])
    random.shuffle(keys)
    assert outcome({key: pair[1][key] for key in keys}) == outcome(pair[1])


@given(PAIRS)
@OFTEN
def test_what_is_settled_misses_nothing(pair: tuple[Firm, Firm]) -> None:
    less = outcome(pair[1])
    for each in less.schemes:
        assert not (each.verdict in SETTLED and each.missing)
    for rung in less.ladder.rungs:
        assert not (rung.state in SETTLED_RUNGS and rung.missing)
    assert not any(outcome(pair[0]).missing())


@given(PAIRS)
@OFTEN
def test_answering_all_that_must_be_asked_leaves_open_only_what_the_text_leaves_open(
    pair: tuple[Firm, Firm],
) -> None:
    exact, less = pair
    asked = outcome(less).must_ask
    after = outcome(less | {key: exact[key] for key in asked})
    assert after.must_ask == ()
    for each in after.schemes:
        assert each.verdict is not Verdict.CONDITIONAL
        if each.verdict is Verdict.UNDETERMINED:
            assert each.left_open[: -len(each.scheme.left_open)]


@given(PAIRS)
@OFTEN
def test_an_open_determination_misses_a_fact_whose_answer_changes_it(pair: tuple[Firm, Firm]) -> None:
    less = pair[1]
    before = outcome(less)
    for number, each in enumerate(before.schemes):
        after = [
            outcome(less | {missing.fact: answer}).schemes[number]
            for missing in each.missing
            for answer in answers(HENAN.facts[missing.fact], less.get(missing.fact))
        ]
        assert not each.missing or any(
            (one.verdict, one.amount) != (each.verdict, each.amount) for one in after
        )
