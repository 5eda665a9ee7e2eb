"""A reverse proxy during a deployment: its connections are cut, and until the service is back it answers 502 itself."""

from __future__ import annotations

import asyncio

from tests.widget.cutting_proxy import CuttingProxy

_REFUSAL = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 24\r\nConnection: close\r\n\r\n<h1>502 Bad Gateway</h1>"


class Gateway(CuttingProxy):
    """Lets everything through, except while the service behind it is away.

    Attributes:
        refused: how many requests got a 502.
    """

    def __init__(self, target: int) -> None:
        self.refused = 0
        self._away = False
        super().__init__(target, chance=0.0)

    def take_away(self) -> None:
        """Cuts every connection and answers 502 from now on."""
        self._away = True
        self._loop.call_soon_threadsafe(self._abort_all)

    def bring_back(self) -> None:
        """The service is there again."""
        self._away = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._away:
            await super()._serve(reader, writer)
            return
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.refused += 1
            writer.write(_REFUSAL)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    def close(self) -> None:
        """Ends everything."""

        async def end() -> None:
            assert self._server is not None
            self._server.close()
            self._abort_all()
            await self._server.wait_closed()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        super().close()
        self._loop.close()
