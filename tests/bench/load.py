"""The clients of the bench: keep-alive connections that send check-ins as fast as they are answered."""

import asyncio
import json
import time
from itertools import count

_numbers = count(1)


def scan() -> bytes:
    """A new parcel of a new person each time: the dearest case."""
    number = next(_numbers)
    body = {
        "scan_id": f"bench-{number}",
        "scanned": f"YT{3_000_000_000_000 + number}",
        "phone": f"13{900_000_000 + number:09d}",
        "name": "瞿冬伢",
    }
    return json.dumps(body).encode()


async def request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, token: str, body: bytes
) -> tuple[int, bytes]:
    writer.write(
        f"POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode()
        + body
    )
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length)


async def _client(port: int, token: str, requests: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(requests):
        status, answer = await request(reader, writer, "/api/v1/checkins", token, scan())
        if status != 201:
            raise RuntimeError(f"{status}: {answer.decode()}")
    writer.close()
    await writer.wait_closed()


async def run(port: int, token: str, clients: int, requests: int) -> float:
    """Check-ins per second of so many clients with so many requests altogether."""
    began = time.perf_counter()
    await asyncio.gather(*[_client(port, token, requests // clients) for _ in range(clients)])
    return requests // clients * clients / (time.perf_counter() - began)


async def race(port: int, token: str, waybill: str) -> list[int]:
    """Two clients hand out the same parcel at once; the statuses they got."""

    async def hand_out(scan_id: str) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = json.dumps({"scan_id": scan_id, "waybill": waybill}).encode()
        status, _ = await request(reader, writer, "/api/v1/collections", token, body)
        writer.close()
        await writer.wait_closed()
        return status

    return list(await asyncio.gather(hand_out(f"{waybill}-a"), hand_out(f"{waybill}-b")))
