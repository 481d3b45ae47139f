"""age's ASCII armor: strict PEM-like text around a binary age file. For small files (keys): all in memory."""

from __future__ import annotations

import base64
import binascii

from parvis.sealing.age.errors import ArmorMalformed

_BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
_END = "-----END AGE ENCRYPTED FILE-----"


def armor(data: bytes) -> str:
    text = base64.b64encode(data).decode("ascii")
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return "\n".join([_BEGIN, *lines, _END]) + "\n"


def is_armored(data: bytes) -> bool:
    return data.lstrip(b" \t\r\n").startswith(_BEGIN.encode("ascii"))


def dearmor(text: str) -> bytes:
    """Raises ArmorMalformed. CRLF line ends, and blank space around, are accepted as the format allows."""
    lines = text.strip(" \t\r\n").replace("\r\n", "\n").split("\n")
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise ArmorMalformed("the first or last line is missing")
    body = lines[1:-1]
    if any(len(line) != 64 for line in body[:-1]) or not 0 < len(body[-1]) <= 64:
        raise ArmorMalformed("a line has the wrong length")
    joined = "".join(body)
    try:
        data = base64.b64decode(joined, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ArmorMalformed("not base64") from error
    if base64.b64encode(data).decode("ascii") != joined:
        raise ArmorMalformed("not canonical base64")
    return data
