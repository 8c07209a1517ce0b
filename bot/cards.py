"""The newest card at each address: kept in memory, and after a restart remembered by the table."""

from collections import OrderedDict
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from flows.channel import Card
from models.sending import last_shown
from models.session import Database

_MOST = 10_000


class Cards:
    """Forgets who was longest silent; the table knows them still."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database, self._channel = database, channel
        self._newest: OrderedDict[str, Card | None] = OrderedDict()

    async def at(self, address: str) -> Card | None:
        """The newest card at an address."""
        if address not in self._newest:
            look = partial(last_shown, channel=self._channel, address=address)
            try:
                shown = await self._database.read_async(look)
            except SQLAlchemyError:
                return None  # an old card then keeps its buttons, which does no harm
            self.note(address, None if shown is None else Card(shown.external_id, shown.kind))
        return self._newest[address]

    def note(self, address: str, card: Card | None) -> None:
        """Remember what is shown now."""
        self._newest[address] = card
        self._newest.move_to_end(address)
        if len(self._newest) > _MOST:
            self._newest.popitem(last=False)
