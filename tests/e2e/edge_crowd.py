"""Connections that take a place and do little, from a process of its own.

edge_crowd.py HOST:PORT IDLE SLOW opens that many of each and prints "there". When its
input ends, it calls by each of the idle ones and prints what it has seen, as JSON.
"""

import asyncio
import itertools
import json
import resource
import sys

# Each is sent a byte at a time, and none of them ends.
_SLOW = (
    b"GET /v1/nothing HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 4096,
    b"POST /v1/customers HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n",
)
_CALL = b"GET /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n"
# As many are opened at once as may wait to be accepted.
_AT_ONCE = 200
_PAUSE = 0.5


class Crowd:
    """All of them."""

    def __init__(self, address: str):
        self._host, _, self._port = address.rpartition(":")
        self._opening = asyncio.Semaphore(_AT_ONCE)
        self.slow_ends = 0

    async def connect(self):
        """A new connection."""
        async with self._opening:
            return await asyncio.open_connection(self._host, self._port)

    async def idle(self, number: int):
        """One that is idle: from the start, or after a call."""
        one = await self.connect()
        if number % 2:
            assert await self.call(one)
        return one

    async def call(self, one) -> bool:
        """Whether there is an answer."""
        reader, writer = one
        async with self._opening:
            try:
                writer.write(_CALL)
                head = await reader.readuntil(b"\r\n\r\n")
                (size,) = (
                    int(line.split(b":")[1])
                    for line in head.lower().split(b"\r\n")
                    if line.startswith(b"content-length:")
                )
                await reader.readexactly(size)
                return head.startswith(b"HTTP/1.1 404 ")
            except (OSError, asyncio.IncompleteReadError):
                return False

    async def slow(self, number: int, begun: asyncio.Event):
        """One that sends slowly, and comes again when it is shown out."""
        while True:
            _, writer = await self.connect()
            for byte in itertools.chain(_SLOW[number % 2], itertools.repeat(32)):
                writer.write(bytes([byte]))
                begun.set()
                # How slow it is.
                await asyncio.sleep(_PAUSE)
                if writer.is_closing() or writer.transport.is_closing():
                    break
            self.slow_ends += 1
            writer.close()


async def run(address: str, idle: int, slow: int):
    """Does what the file says."""
    crowd = Crowd(address)
    ones = await asyncio.gather(*map(crowd.idle, range(idle)))
    print("there", flush=True)
    begun = [asyncio.Event() for _ in range(slow)]
    tasks = [asyncio.ensure_future(crowd.slow(*one)) for one in enumerate(begun)]
    await asyncio.gather(*(one.wait() for one in begun))
    print("slow", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    answered = sum(await asyncio.gather(*map(crowd.call, ones)))
    for task in tasks:
        task.cancel()
    print(json.dumps({"answered": answered, "slow_ends": crowd.slow_ends}))


if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
