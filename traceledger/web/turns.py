"""Questions that may take long take turns: one of each client at a time, and never all readers.

So whoever asks for audits and lineages of everything, over and over, holds up himself, and neither those who
want a list nor, as long as there is another turn, those who want one lineage.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Turns:
    """Gives turns; used in one event loop.

    Args:
        readers: how many read at once; half of them, at least one, answer what may take long.
    """

    def __init__(self, readers: int) -> None:
        self._free = asyncio.Semaphore(max(1, readers // 2))
        self._own: dict[str, tuple[asyncio.Lock, list[None]]] = {}

    async def take(self, client: str) -> Callable[[], None]:
        """Wait for a turn; returns what gives it back, to be called once.

        Args:
            client: whose.
        """
        lock, wanting = self._own.setdefault(client, (asyncio.Lock(), []))
        wanting.append(None)
        try:
            await lock.acquire()
            try:
                await self._free.acquire()
            except BaseException:
                lock.release()
                raise
        except BaseException:
            self._leave(client, wanting)
            raise

        def give_back() -> None:
            self._free.release()
            lock.release()
            self._leave(client, wanting)

        return give_back

    def _leave(self, client: str, wanting: list[None]) -> None:
        wanting.pop()
        if not wanting:
            del self._own[client]
