"""Hashing of passwords and PINs: slow by design, so never on the event loop and never inside an act."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's second choice: 19 MiB
# Two at once: a burst of sign-ins must not take the memory of an old laptop.
_turns = asyncio.Semaphore(2)
# Verified when the name is unknown, so that a stranger cannot tell by the clock which names exist.
_NOBODY = _hasher.hash("nobody's password")


async def hash_secret(secret: str) -> str:
    async with _turns:
        return await asyncio.to_thread(_hasher.hash, secret)


async def fits(secret: str, hashed: str | None) -> bool:
    """Whether the secret is the one hashed; takes the same time when there is no hash."""
    async with _turns:
        return await asyncio.to_thread(_verify, secret, hashed or _NOBODY) and bool(hashed)


def _verify(secret: str, hashed: str) -> bool:
    try:
        return _hasher.verify(hashed, secret)
    except (VerificationError, InvalidHashError):
        return False
