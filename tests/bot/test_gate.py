"""One send at a time while the other side is quick, many when it is slow, nobody lost when somebody gives up."""

import asyncio
import time

from bot.gate import WIDEST, Gate


class Crowd:
    """Sends through a gate and counts how many were within at once."""

    def __init__(self, seconds: float) -> None:
        self.gate, self.seconds = Gate(), seconds
        self.within = self.most = self.done = 0

    async def send(self) -> None:
        async with self.gate.passage() as passage:
            self.within += 1
            self.most = max(self.most, self.within)
            await asyncio.sleep(self.seconds)
            passage.has_answer()
            self.within -= 1
            self.done += 1

    async def all(self, count: int) -> float:
        begins = time.monotonic()
        await asyncio.gather(*(self.send() for _ in range(count)))
        return time.monotonic() - begins


async def test_quick_sends_go_one_by_one() -> None:
    crowd = Crowd(0.001)
    await crowd.all(60)
    assert (crowd.most, crowd.done) == (1, 60)


async def test_slow_sends_go_side_by_side() -> None:
    crowd = Crowd(0.3)
    assert await crowd.all(40) < 1.2
    assert 20 < crowd.most <= WIDEST


async def test_one_by_one_again_when_it_is_quick_again() -> None:
    crowd = Crowd(0.2)
    await crowd.all(20)
    crowd.seconds, crowd.most = 0.001, 0
    await crowd.all(40)
    crowd.most = 0
    await crowd.all(40)
    assert crowd.most == 1


async def test_what_is_slow_on_our_side_opens_nothing() -> None:
    gate, within = Gate(), []

    async def send() -> None:
        async with gate.passage() as passage:
            passage.has_answer()
            within.append(len(gate._inside))
            await asyncio.sleep(0.1)

    await asyncio.gather(*(send() for _ in range(4)))
    assert within == [1] * 4


async def test_who_is_cancelled_makes_room() -> None:
    crowd = Crowd(0.02)
    tasks = [asyncio.create_task(crowd.send()) for _ in range(6)]
    await asyncio.sleep(0.005)
    for task in (tasks[0], tasks[2], tasks[5]):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert crowd.done == 3
    await crowd.all(2)
