#!/usr/bin/env python3
# A company's Python may be as old as 3.8, so the older spellings stay.
# ruff: noqa: UP006, UP017, UP031, UP035, UP045
"""Checks a Parvis receipt with nothing but Python 3.8 or later: this one file, no network, nothing to install.

    python3 verify_receipt.py recepisse.json [--files DOSSIER] [--key BASE64]

It is written apart from the platform's own code, on purpose: two programs that agree prove more than one.
Of the timestamp it checks that the token is for this receipt; the authority's signature is for `openssl ts -verify`
or `parvis verify --tsa-root`. Exit code: 0 nothing is false, 1 something is false, 2 cannot be checked.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, List, Optional, Tuple

DOMAIN = b"parvis-receipt-v1\n"


class Missing(Exception):
    pass


class Failed(Exception):
    pass


# --- Canonical JSON (RFC 8785, without floats, which our formats never use) ---


def canonical(value: Any) -> bytes:
    return _text(value).encode("utf-8")


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise ValueError("integer too large")
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(_text(item) for item in value) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(_text(key) + ":" + _text(value[key]) for key in keys) + "}"
    raise ValueError("not allowed in canonical JSON")


def read_json(raw: bytes) -> Any:
    def unique(pairs: List[Tuple[str, Any]]) -> Any:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key appears twice")
        return dict(pairs)

    def refuse(text: str) -> Any:
        raise ValueError("number not allowed: " + text)

    return json.loads(raw.decode("utf-8"), object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse)


def unb64(text: str, size: Optional[int] = None) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode("ascii") != text or (size is not None and len(data) != size):
        raise ValueError("not base64 of this size")
    return data


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


# --- Ed25519 (RFC 8032), verification only: nothing here is secret, so plain integers do ---

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
Point = Tuple[int, int, int, int]


def _decompress(raw: bytes) -> Optional[Point]:
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _add(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c = 2 * p[3] * q[3] * _D % _P
    d = 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _double(p: Point) -> Point:
    a, b, c = p[0] * p[0] % _P, p[1] * p[1] % _P, 2 * p[2] * p[2] % _P
    e, g, h = (p[0] + p[1]) ** 2 - a - b, b - a, -a - b
    f = g - c
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _two_products(first: int, p: Point, second: int, q: Point) -> Point:
    """first p + second q, doubling once for both."""
    both, total = _add(p, q), (0, 1, 1, 0)
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        total = _double(total)
        choice = (first >> bit & 1) + 2 * (second >> bit & 1)
        if choice:
            total = _add(total, (p, q, both)[choice - 1])
    return total


_BASE = _decompress((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def ed25519_verify(public: bytes, signature: bytes, message: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64 or _BASE is None:
        return False
    key, nonce = _decompress(public), _decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or s >= _L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % _L
    minus_key = (_P - key[0], key[1], 1, _P - key[3])
    x, y, z, _ = _two_products(s, _BASE, challenge, minus_key)
    return (x - nonce[0] * z) % _P == 0 and (y - nonce[1] * z) % _P == 0


# --- Register (RFC 9162) and its signed state (C2SP checkpoint) ---


def root_from_path(leaf: bytes, index: int, size: int, path: List[bytes]) -> Optional[bytes]:
    if type(index) is not int or type(size) is not int or not 0 <= index < size:
        return None
    node, last, value = index, size - 1, sha256(b"\x00" + leaf)
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            value = sha256(b"\x01" + sibling + value)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            value = sha256(b"\x01" + value + sibling)
        node, last = node >> 1, last >> 1
    return value if last == 0 else None


def read_checkpoint(note: str, origin: str, public: bytes) -> Tuple[int, bytes]:
    """Size and root, once the log's signature is found true; raises Failed."""
    body, _, signatures = note.partition("\n\n")
    lines = body.split("\n")
    if len(lines) != 3 or lines[0] != origin or not signatures.endswith("\n"):
        raise Failed("L’état du registre est illisible ou d’un autre registre.")
    size, root = int(lines[1]), unb64(lines[2], 32)
    if str(size) != lines[1]:
        raise Failed("L’état du registre est illisible.")
    expected = sha256(origin.encode("utf-8") + b"\n\x01" + public)[:4]
    for line in signatures[:-1].split("\n"):
        dash, name, encoded = line.split(" ")
        raw = unb64(encoded)
        if dash == "\u2014" and name == origin and raw[:4] == expected:
            if ed25519_verify(public, raw[4:], (body + "\n").encode("utf-8")):
                return size, root
            break
    raise Failed("L’état du registre n’est pas signé par la plateforme.")


# --- The imprint inside an RFC 3161 answer, by walking its DER ---


def _der(data: bytes, tag: int) -> Tuple[bytes, bytes]:
    """Content of the first element, which must have this tag, and what follows it."""
    if len(data) < 2 or data[0] != tag:
        raise ValueError("unexpected DER")
    length, start = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        length, start = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
    if start + length > len(data):
        raise ValueError("DER is cut")
    return data[start : start + length], data[start + length :]


def token_imprint(answer: bytes) -> bytes:
    response, rest = _der(answer, 0x30)
    status, token = _der(response, 0x30)
    if rest or _der(status, 0x02)[0] not in (b"\x00", b"\x01"):
        raise ValueError("not granted")
    _content_type, explicit = _der(_der(token, 0x30)[0], 0x06)
    signed = _der(_der(explicit, 0xA0)[0], 0x30)[0]
    _version, signed = _der(signed, 0x02)
    _algorithms, signed = _der(signed, 0x31)
    encapsulated = _der(signed, 0x30)[0]
    info_type, encapsulated = _der(encapsulated, 0x06)
    if info_type != bytes.fromhex("2a864886f70d0109100104"):
        raise ValueError("not a timestamp")
    info = _der(_der(_der(encapsulated, 0xA0)[0], 0x04)[0], 0x30)[0]
    _version, info = _der(info, 0x02)
    _policy, info = _der(info, 0x06)
    imprint = _der(info, 0x30)[0]
    algorithm, hashed = _der(imprint, 0x30)
    if _der(algorithm, 0x06)[0] != bytes.fromhex("608648016503040201"):
        raise ValueError("not SHA-256")
    return _der(hashed, 0x04)[0]


# --- The checks ---


def check_signature(file: Any, options: argparse.Namespace) -> str:
    public, signature = unb64(file["signature"]["public_key"], 32), unb64(file["signature"]["ed25519"], 64)
    if not ed25519_verify(public, signature, DOMAIN + canonical(file["receipt"])):
        raise Failed("La signature est fausse : le contenu du récépissé a été modifié.")
    return "La signature est juste : le récépissé n’a pas été modifié depuis son émission."


def check_key(file: Any, options: argparse.Namespace) -> str:
    shown = file["signature"]["public_key"]
    if options.key is None:
        raise Missing("La clé de la plateforme n’a pas été comparée. Comparez-la à la clé publiée : " + shown)
    if shown != options.key:
        raise Failed("La clé qui a signé n’est pas celle de la plateforme.")
    return "La clé qui a signé est bien celle de la plateforme."


def check_time(file: Any, options: argparse.Namespace) -> str:
    def moment(text: str) -> datetime:
        layout = "%Y-%m-%dT%H:%M:%S.%fZ" if "." in text else "%Y-%m-%dT%H:%M:%SZ"
        return datetime.strptime(text, layout).replace(tzinfo=timezone.utc)

    receipt = file["receipt"]
    in_time = moment(receipt["received_at"]) <= moment(receipt["deadline"])
    if receipt["on_time"] is not in_time:
        raise Failed("La mention « dans les délais » contredit l’heure de réception et l’heure limite.")
    state = "dans les délais" if in_time else "hors délai"
    return "Reçu le %s (UTC), %s (limite : %s)." % (receipt["received_at"], state, receipt["deadline"])


def check_fact(file: Any, options: argparse.Namespace) -> str:
    if file["fact"]["data"]["receipt"] != sha256(canonical(file["receipt"])).hex():
        raise Failed("Le fait inscrit au registre ne correspond pas à ce récépissé.")
    unb64(file["fact"]["salt"], 32)
    return "Le fait inscrit au registre désigne ce récépissé."


def check_register(file: Any, options: argparse.Namespace) -> str:
    proof = file["proof"]
    if proof is None:
        raise Missing("Récépissé provisoire : l’inscription au registre n’y est pas encore.")
    leaf = proof["leaf"]
    commitment = sha256(unb64(file["fact"]["salt"], 32) + canonical(file["fact"]["data"])).hex()
    if leaf["commitment"] != commitment or leaf["kind"] != "submission.sealed":
        raise Failed("La ligne du registre ne correspond pas à ce dépôt.")
    public = unb64(file["signature"]["public_key"], 32)
    size, root = read_checkpoint(proof["checkpoint"], file["receipt"]["platform"], public)
    path = [unb64(item, 32) for item in proof["hashes"]]
    if size != proof["size"] or root_from_path(canonical(leaf), proof["index"], proof["size"], path) != root:
        raise Failed("La ligne ne figure pas dans le registre tel que signé.")
    return "Le dépôt figure au registre signé (ligne %d sur %d)." % (proof["index"] + 1, size)


def check_timestamp(file: Any, options: argparse.Namespace) -> str:
    if file["timestamp"] is None:
        raise Missing("Récépissé provisoire : l’horodatage n’y est pas encore.")
    if token_imprint(unb64(file["timestamp"]["token"])) != sha256(canonical(file["receipt"])):
        raise Failed("L’horodatage porte sur un autre contenu que ce récépissé.")
    return "L’horodatage porte sur ce récépissé (la signature de l’autorité n’est pas vérifiée par cet outil)."


def check_documents(file: Any, options: argparse.Namespace) -> str:
    documents = file.get("documents")
    if not documents:
        raise Missing("La liste des fichiers n’est pas jointe : elle n’a pas été vérifiée.")
    receipt = file["receipt"]
    envelopes = {item["commitment"]: item for item in receipt["envelopes"]}
    for manifest in documents:
        envelope = envelopes.pop(sha256(canonical(manifest)).hex(), None)
        if envelope is None:
            raise Failed("Une liste de fichiers n’est pas celle déposée.")
        told = (manifest["kind"], manifest["lot"], manifest["siret"], manifest["consultation"])
        if told != (envelope["kind"], envelope["lot"], receipt["depositor"]["siret"], receipt["consultation"]["id"]):
            raise Failed("Une liste de fichiers est celle d’un autre pli.")
    if envelopes:
        raise Missing("La liste des fichiers d’une enveloppe au moins n’est pas jointe.")
    return "Les listes de fichiers jointes sont celles qui ont été déposées."


def check_files(file: Any, options: argparse.Namespace) -> str:
    documents = file.get("documents")
    if not documents or options.files is None:
        raise Missing("Vos fichiers n’ont pas été comparés : indiquez leur dossier avec --files.")
    committed = {item["commitment"] for item in file["receipt"]["envelopes"]}
    if any(sha256(canonical(manifest)).hex() not in committed for manifest in documents):
        raise Failed("Vos fichiers n’ont pas été comparés : la liste jointe n’est pas celle déposée.")
    paths = [path for path in Path(options.files).rglob("*") if path.is_file()]
    names, hashes = {path.name for path in paths}, {_file_sha256(path) for path in paths}
    wanted = [item for manifest in documents for item in manifest["files"]]
    absent = [item["name"] for item in wanted if item["sha256"] not in hashes]
    different = [name for name in absent if name in names]
    if different:
        raise Failed("Ces fichiers ne sont pas ceux déposés : %s." % ", ".join(different))
    if absent:
        raise Missing("Ces fichiers ne sont pas dans le dossier : %s." % ", ".join(absent))
    return "Vos %d fichiers sont bien ceux qui ont été déposés." % len(wanted)


def _file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        for block in iter(lambda: opened.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


CHECKS: List[Callable[[Any, argparse.Namespace], str]] = [
    check_signature,
    check_key,
    check_time,
    check_fact,
    check_register,
    check_timestamp,
    check_documents,
    check_files,
]


def main(argv: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Vérifie un récépissé de dépôt Parvis, sans connexion.")
    parser.add_argument("receipt", help="le fichier du récépissé (.json)")
    parser.add_argument("--files", metavar="DOSSIER", help="le dossier de vos fichiers déposés")
    parser.add_argument("--key", metavar="BASE64", help="la clé publique de la plateforme, telle que publiée")
    options = parser.parse_args(argv)
    try:
        file = read_json(Path(options.receipt).read_bytes())
        known = {"receipt", "signature", "fact", "proof", "timestamp"}
        if not isinstance(file, dict) or not known <= set(file) <= known | {"documents"} or file["receipt"]["v"] != 1:
            raise ValueError("not a receipt")
    except (OSError, ValueError, KeyError, TypeError):
        print("Vérification impossible : ce fichier est absent, abîmé, ou n’est pas un récépissé.")
        return 2
    failed = False
    for check in CHECKS:
        try:
            print("[ juste  ] " + check(file, options))
        except Missing as error:
            print("[ absent ] " + str(error))
        except (Failed, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            failed = True
            known_text = str(error) if isinstance(error, Failed) else "Cette partie du récépissé est illisible."
            print("[ FAUX   ] " + known_text)
    print("\nCe récépissé n’est pas valable." if failed else "\nRien n’est faux dans ce récépissé.")
    return 1 if failed else 0


if __name__ == "__main__":
    # A console of Windows may lack the narrow space that French puts before a colon.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main())
