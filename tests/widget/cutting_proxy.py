"""A TCP proxy with bad days: it cuts before, in the middle of and after what it carries, answers 502 in the service's place, and restarts."""

from __future__ import annotations

import asyncio
import random
import threading

BAD_GATEWAY = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 28\r\nConnection: close\r\n\r\n<html>502 Bad Gateway</html>"
)
AWAY_SECONDS = 0.5


class CuttingProxy:
    """Forwards to a port of this machine and fails at random; where nobody listens there, it answers 502.

    Args:
        target: the port behind it.
        chance: how likely a connection is cut each time it carries something.
        refusing: how likely a request is answered with 502; half of those reach the service all the same.
        seed: the same seed fails alike.

    Attributes:
        address: without a slash at its end.
        cuts: how many connections were cut.
        refusals: how many requests were answered with 502.
    """

    def __init__(self, target: int, chance: float = 0.1, seed: int = 7, refusing: float = 0.0) -> None:
        self.target = target
        self.chance, self.refusing = chance, refusing
        self.cuts = self.refusals = 0
        self._port = 0
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

    def restart(self) -> None:
        """Breaks every connection, takes none for a moment, and is there again."""
        asyncio.run_coroutine_threadsafe(self._restart(), self._loop).result(10)

    def let(self) -> None:
        """Lets everything through from now on."""
        self.chance = self.refusing = 0.0

    def close(self) -> None:
        """Ends everything that is open: what would be left is found by whichever test runs when it is collected."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self.address = f"http://127.0.0.1:{self._port}"
        self._ready.set()
        self._loop.run_forever()

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._server, self._port = server, server.sockets[0].getsockname()[1]

    def _abort_all(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _restart(self) -> None:
        assert self._server is not None
        self._server.close()
        self._abort_all()
        await asyncio.sleep(AWAY_SECONDS)
        await self._listen()

    async def _end(self) -> None:
        if self._server is not None:
            self._server.close()
        self._abort_all()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            await self._refuse(writer)
            return
        both = {writer, behind_writer}
        self._open |= both
        up, down = self._pump(reader, behind_writer, both, writer), self._pump(behind_reader, writer, both)
        await asyncio.gather(up, down, return_exceptions=True)
        for each in both:
            each.close()
        self._open -= both

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        both: set[asyncio.StreamWriter],
        asker: asyncio.StreamWriter | None = None,
    ) -> None:
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
            if asker and self._random.random() < self.refusing:
                if self._random.random() < 0.5:
                    writer.write(data)
                    await writer.drain()
                await self._refuse(asker)
                writer.close()
                return
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async def _refuse(self, asker: asyncio.StreamWriter) -> None:
        self.refusals += 1
        asker.write(BAD_GATEWAY)
        await asker.drain()
        asker.close()
