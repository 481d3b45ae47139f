"""What an SMS can hold: the letters of GSM 03.38, and how many parts of 140 bytes a text takes."""

import re
import unicodedata

MAX_SEGMENTS = 3

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("\f^{}\\[~]|€")  # two places each
_GSM = _BASIC | _ESCAPED
_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "•": "-", "…": "...", "œ": "oe",
     "Œ": "OE", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\u200b": "", "\u00ad": "", "\r": ""}
)  # fmt: skip


def sms_text(text: str) -> str:
    """The text as it leaves: typographer's signs made plain, and accents that GSM 03.38 lacks dropped (être → etre).

    A text that holds anything else, such as another alphabet, keeps all its letters and costs more parts.
    """
    quoted = re.sub(r"\s*»", '"', re.sub(r"«\s*", '"', text))
    signs = quoted.translate(_SIGNS).strip()
    plain = "".join(letter if letter in _GSM else _bare(letter) for letter in signs).strip()
    return plain if _GSM.issuperset(plain) else signs


def is_gsm(text: str) -> bool:
    return _GSM.issuperset(text)


def segments(text: str) -> int:
    """Parts that the network carries and the authority pays: 160 places alone or 153 each, 70 or 67 outside GSM."""
    if is_gsm(text):
        sizes, alone, together = [2 if letter in _ESCAPED else 1 for letter in text], 160, 153
    else:
        sizes, alone, together = [len(letter.encode("utf-16-le")) // 2 for letter in text], 70, 67
    if sum(sizes) <= alone:
        return 1
    parts, room = 1, together
    for size in sizes:  # a pair is never cut in two
        if size > room:
            parts, room = parts + 1, together
        room -= size
    return parts


def _bare(letter: str) -> str:
    kept = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return kept if _GSM.issuperset(kept) else letter
