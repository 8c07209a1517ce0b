"""One guided measure for one firm: it concerns the firm, it does not, or a fact is missing. Nothing else is decided."""

from collections.abc import Mapping

from policy.facts import Value
from policy.findings import settled
from policy.guides import Guide
from policy.truth import Truth
from policy.verdicts import Determination, Verdict

_EVERYBODY = settled(Truth.YES)
_VERDICTS = {
    Truth.YES: Verdict.CONCERNS,
    Truth.NO: Verdict.DOES_NOT_CONCERN,
    Truth.UNKNOWN: Verdict.UNDETERMINED,
}


def concern(guide: Guide, facts: Mapping[str, Value]) -> Determination:
    """Whether a guided measure concerns a firm in scope."""
    found = _EVERYBODY if guide.concerns_when is None else guide.concerns_when.evaluate(facts)
    return Determination(
        guide,
        _VERDICTS[found.truth],
        None,
        because=found.because,
        missing=found.missing,
        left_open=(*found.open_readings, *guide.left_open),
    )
