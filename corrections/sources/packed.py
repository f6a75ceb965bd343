"""Unpacking gzip and deflate with an end: a small file that swells to gigabytes is refused on the way."""

import zlib
from collections.abc import Iterable
from typing import Final

from corrections.sources.refusal import Refused

GZIP: Final = b"\x1f\x8b"
_EITHER: Final = zlib.MAX_WBITS | 32  # gzip or zlib, by its head (RFC 1950, RFC 1952)
_RAW: Final = -zlib.MAX_WBITS  # deflate without a head, as some servers send it


def unpacked(chunks: Iterable[bytes], most: int) -> bytes:
    """The content of gzip (of any number of members), zlib or raw deflate.

    Raises Refused when it is damaged or longer than ``most`` bytes; what follows the last member is left out.
    """
    found = bytearray()
    stream = None
    for chunk in chunks:
        data = chunk
        while data:
            if stream is None:
                if found and not data.startswith(GZIP[: len(data)]):
                    return bytes(found)
                stream = zlib.decompressobj(_EITHER if data[:1] in {b"\x1f", b"\x78"} else _RAW)
            try:
                found += stream.decompress(data, most + 1 - len(found))
            except zlib.error as error:
                raise Refused("It is packed with gzip or deflate, and damaged.") from error
            if len(found) > most:
                raise Refused("It is longer than %(most)s bytes once unpacked.", most=f"{most:,}")
            data = stream.unconsumed_tail
            if stream.eof:
                data, stream = stream.unused_data, None
    if stream is not None:
        raise Refused("It is packed with gzip or deflate, and ends too early.")
    return bytes(found)
