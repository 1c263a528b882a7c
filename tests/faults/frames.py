"""Bytes that no honest node sends: the frames that end an unguarded CAF process, and random ones."""

import struct

HEADER_BYTES = 32
SERVER_HANDSHAKE, CLIENT_HANDSHAKE, DIRECT, ROUTED, MONITOR, DOWN, HEARTBEAT = range(7)


def frame(operation, length=0, data=0, payload=b"", source=0, destination=0):
    """A header of BASP in CAF 0.17, and what follows it; `length` is what it claims."""
    return struct.pack(">BHBIQQQ", operation, 0, 0, length, data, source, destination) + payload


def named(greeting):
    """{what: bytes}; `greeting`: the handshake of a real node, b"" where none is known. The latter half comes after it."""
    first = {
        "operation 0, no payload, but data": frame(SERVER_HANDSHAKE, 0, 7),
        "a header that claims 4 GB": frame(CLIENT_HANDSHAKE, 0xFFFFFFFF),
        "a message before any handshake": frame(DIRECT, 16, payload=b"x" * 16),
        "a message with a random id": frame(DIRECT, 16, 0xDEADBEEFCAFEF00D, b"x" * 16),
        "an operation that is none": frame(200, 16, payload=b"x" * 16),
        "a handshake without a payload": frame(CLIENT_HANDSHAKE, 0, 3),
        "a server's handshake from a client": frame(SERVER_HANDSHAKE, 8, 3, b"x" * 8),
        "a handshake of noise": frame(CLIENT_HANDSHAKE, 64, 3, bytes(range(64))),
        "half a header": frame(CLIENT_HANDSHAKE, 64)[:13],
        "a header and no payload": frame(CLIENT_HANDSHAKE, 64),
        "nothing at all": b"",
        "a request of HTTP": b"GET / HTTP/1.1\r\nHost: stoa\r\n\r\n",
    }
    if not greeting:
        return first
    after = {
        "a greeting, then a message with a random id": frame(DIRECT, 16, 0xDEADBEEFCAFEF00D, b"x" * 16),
        "a greeting, then a message of noise": frame(DIRECT, 64, 1, bytes(range(64)), 1, 1),
        "a greeting, then 4 GB": frame(DIRECT, 0xFFFFFFFF, 1),
        "a greeting, then a frame for another node": frame(ROUTED, 64, 1, bytes(64)),
        "a greeting, then an actor to monitor": frame(MONITOR, 40, 1, bytes(40), 1, 1),
        "a greeting, then an actor that went down": frame(DOWN, 40, 1, bytes(40), 1, 1),
        "a greeting, then a heartbeat with data": frame(HEARTBEAT, 0, 0xFFFFFFFF),
        "a greeting, then a second and a third": greeting + greeting,
    }
    return {**first, **{what: greeting + more for what, more in after.items()}}


def random_input(chance, greeting):
    """Noise, a header with a body of noise, or a real greeting with something wrong in it or behind it."""
    kind = chance.randrange(4 if greeting else 2)
    if kind == 0:
        return chance.randbytes(chance.randint(1, 200))
    if kind == 1:
        length = chance.choice((0, 1, 8, 64, 4096, chance.getrandbits(32)))
        return frame(chance.randrange(9), length, chance.getrandbits(64), chance.randbytes(chance.randint(0, 128)),
                     chance.getrandbits(64), chance.getrandbits(64))
    if kind == 2:
        return greeting + frame(chance.randrange(8), 32, chance.getrandbits(64), chance.randbytes(32), chance.randrange(4), chance.randrange(4))
    forged = bytearray(greeting)
    for _ in range(chance.randint(1, 8)):
        forged[chance.randrange(len(forged))] = chance.getrandbits(8)
    return bytes(forged[:chance.randint(1, len(forged))] if chance.random() < 0.3 else forged)
