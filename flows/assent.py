"""Whether words say yes or no to "are you sure?" or "is that right?"; facts are read in answering.py."""

from flows.answers import Ask, read
from flows.commands import Command, plain

_YES = {"1", "对", "没错", "确认"}
_NO = {
    *("2", "改", "修改", "要改", "错了", "错", "不删", "取消", "别"),
    *("不要", "不用", "不用了", "算了", "不,回到原来的地方"),
}
_CHANGE_IT = {"要", "改", "修改", "要改", "要修改", "1"}


def agrees(said: str) -> bool | None:
    """Yes or no to what was said back; None where it is something else."""
    said = plain(said)
    if said in {Command.YES, *_YES}:
        return True
    if said in {Command.NO, *_NO}:
        return False
    reading = read(said, Ask("yesno"))
    return reading.value is True if reading.kind == "yesno" and not reading.confirm else None


def agrees_to_change(said: str) -> bool | None:
    """The same to "shall this be changed?", where `改` is a yes."""
    return True if plain(said) in _CHANGE_IT else agrees(said)
