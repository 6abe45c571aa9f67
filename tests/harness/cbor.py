"""The part of CBOR (RFC 8949) that docs/formats/pushpull.md uses: ints, bytes, text, arrays, maps, booleans, null."""

import struct


def encode(value):
    out = bytearray()
    _write(out, value)
    return bytes(out)


def decode(data):
    value, end = _read(data, 0)
    if end != len(data):
        raise ValueError("bytes after the end")
    return value


def _head(out, major, number):
    if number < 24:
        out.append(major << 5 | number)
    elif number < 1 << 8:
        out += bytes((major << 5 | 24, number))
    elif number < 1 << 16:
        out += struct.pack(">BH", major << 5 | 25, number)
    elif number < 1 << 32:
        out += struct.pack(">BI", major << 5 | 26, number)
    else:
        out += struct.pack(">BQ", major << 5 | 27, number)


def _write(out, value):
    if value is None:
        out.append(0xF6)
    elif value is True or value is False:
        out.append(0xF5 if value else 0xF4)
    elif isinstance(value, int):
        _head(out, *((0, value) if value >= 0 else (1, -1 - value)))
    elif isinstance(value, bytes):
        _head(out, 2, len(value))
        out += value
    elif isinstance(value, str):
        text = value.encode()
        _head(out, 3, len(text))
        out += text
    elif isinstance(value, (list, tuple)):
        _head(out, 4, len(value))
        for one in value:
            _write(out, one)
    else:
        _head(out, 5, len(value))
        for name, one in value.items():
            _write(out, name)
            _write(out, one)


def _read(data, at):
    major, low = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7:
        return {20: False, 21: True, 22: None}[low], at
    number = low
    if low >= 24:
        size = 1 << (low - 24)
        number = int.from_bytes(data[at:at + size], "big")
        at += size
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        chunk = data[at:at + number]
        if len(chunk) != number:
            raise ValueError("cut")
        return (bytes(chunk) if major == 2 else chunk.decode()), at + number
    if major == 4:
        items = []
        for _ in range(number):
            one, at = _read(data, at)
            items.append(one)
        return items, at
    if major == 5:
        members = {}
        for _ in range(number):
            name, at = _read(data, at)
            members[name], at = _read(data, at)
        return members, at
    raise ValueError("unknown kind")
