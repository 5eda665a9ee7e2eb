"""A TCP proxy that cuts connections at random, before, in the middle of and after what they carry."""

from __future__ import annotations

import asyncio
import random
import threading


class CuttingProxy:
    """Forwards to a port of this machine and cuts.

    Args:
        target: the port behind it.
        chance: how likely a connection is cut each time it carries something.
        seed: the same seed cuts alike.

    Attributes:
        address: without a slash at its end.
        cuts: how many connections were cut.
    """

    def __init__(self, target: int, chance: float = 0.1, seed: int = 7) -> None:
        self.target = target
        self.chance = chance
        self.cuts = 0
        self._random = random.Random(seed)
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._server: asyncio.AbstractServer | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def cut_all(self) -> None:
        """Cuts every open connection and, until `let`, every new one."""
        self.chance = 1.0
        self._loop.call_soon_threadsafe(self._abort_all)

    def let(self) -> None:
        """Lets everything through from now on."""
        self.chance = 0.0

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()

    def _abort_all(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, behind_writer}
        self._open |= both
        await asyncio.gather(self._pump(reader, behind_writer, both), self._pump(behind_reader, writer, both), return_exceptions=True)
        for each in both:
            each.close()
        self._open -= both

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, both: set[asyncio.StreamWriter]) -> None:
        while data := await reader.read(65536):
            if self._random.random() < self.chance:
                self.cuts += 1
                # Half of the time a part still gets through, as when a phone enters a tunnel.
                if self._random.random() < 0.5:
                    writer.write(data[: len(data) // 2])
                    await writer.drain()
                for each in both:
                    each.transport.abort()
                return
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
