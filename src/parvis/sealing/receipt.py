"""The receipt file: making it, completing it, and checking it offline, line by line, in plain French."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from parvis.sealing import checkpoint as checkpoints
from parvis.sealing import merkle, timestamp
from parvis.sealing.canonical import (
    CanonicalError,
    b64,
    canonical_bytes,
    canonical_hash,
    commit,
    sha256_hex,
    unb64,
)
from parvis.sealing.manifest import Manifest
from parvis.sealing.receipt_files import check_files

DOMAIN = b"parvis-receipt-v1\n"
FACT_KIND = "submission.sealed"
CLOCK_TOLERANCE = timedelta(seconds=60)

_KEYS = {"receipt", "signature", "fact", "proof", "timestamp"}
_RECEIPT_KEYS = {
    "v",
    "platform",
    "number",
    "submission",
    "depositor",
    "buyer",
    "consultation",
    "received_at",
    "deadline",
    "on_time",
    "envelopes",
}

State = Literal["ok", "missing", "failed"]


@dataclass(frozen=True)
class Check:
    """One line of the result; `key` is stable, `text` is a French sentence."""

    key: str
    state: State
    text: str


@dataclass(frozen=True)
class Trust:
    """What the verifier knows on its own: the platform's key, timestamp roots, witnesses' keys, the company's files."""

    platform_key: bytes | None = None
    tsa_roots: Sequence[x509.Certificate] = ()
    witnesses: Mapping[str, bytes] = field(default_factory=dict)
    files: Path | None = None


class Missing(Exception):
    """The receipt does not hold this element, or nothing was given to compare it with."""


class Failed(Exception):
    """The element is false."""


def imprint(receipt: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical receipt: what the timestamp covers and the fact holds (in hex)."""
    return hashlib.sha256(canonical_bytes(receipt)).digest()


def fact_data(receipt: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of the `submission.sealed` fact, with the receipt's hash added."""
    return {**data, "receipt": canonical_hash(receipt)}


def build(receipt: Mapping[str, Any], fact: Mapping[str, Any], salt: bytes, key: Ed25519PrivateKey) -> dict[str, Any]:
    """The provisional receipt file. `fact` comes from fact_data; raises ValueError when it is not this receipt's."""
    if fact.get("receipt") != canonical_hash(receipt) or set(receipt) != _RECEIPT_KEYS:
        raise ValueError("the fact or the fields are not those of this receipt")
    return {
        "receipt": dict(receipt),
        "signature": {
            "public_key": b64(key.public_key().public_bytes_raw()),
            "ed25519": b64(key.sign(DOMAIN + canonical_bytes(receipt))),
        },
        "fact": {"data": dict(fact), "salt": b64(salt)},
        "proof": None,
        "timestamp": None,
    }


def proof(leaf: Mapping[str, Any], index: int, size: int, hashes: Sequence[bytes], note: str) -> dict[str, Any]:
    """The `proof` member: the leaf as logged, its audit path in the tree of `size`, and the checkpoint of that size."""
    return {
        "leaf": dict(leaf),
        "index": index,
        "size": size,
        "hashes": [b64(item) for item in hashes],
        "checkpoint": note,
    }


def stamp(token: bytes, authority: str, *, qualified: bool) -> dict[str, Any]:
    """The `timestamp` member from a DER TimeStampResp."""
    return {"token": b64(token), "authority": authority, "qualified": qualified}


def complete(
    file: Mapping[str, Any], *, proof: Mapping[str, Any] | None = None, timestamp: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The same receipt and signature with a proof, a timestamp, or both; what was there stays."""
    return {**file, "proof": proof or file["proof"], "timestamp": timestamp or file["timestamp"]}


def verify(file: Any, trust: Trust | None = None) -> list[Check]:
    """Every check, in order; never raises on a malformed file, whose checks then fail."""
    known = trust or Trust()
    steps: list[tuple[str, Callable[[Any, Trust], str]]] = [
        ("form", _form),
        ("signature", _signature),
        ("key", _key),
        ("on_time", _on_time),
        ("fact", _fact),
        ("commitment", _commitment),
        ("inclusion", _inclusion),
        ("checkpoint", _checkpoint),
        ("witnesses", _witnesses),
        ("timestamp", _timestamp),
        ("timestamp_root", _timestamp_root),
        ("documents", _documents),
        ("files", _files),
    ]
    return [_run(key, step, file, known) for key, step in steps]


def outcome(checks: Sequence[Check]) -> State:
    """`failed` if one is, else `missing` if one is, else `ok`."""
    states = {check.state for check in checks}
    return "failed" if "failed" in states else "missing" if "missing" in states else "ok"


def _run(key: str, step: Callable[[Any, Trust], str], file: Any, trust: Trust) -> Check:
    try:
        return Check(key, "ok", step(file, trust))
    except Missing as error:
        return Check(key, "missing", str(error))
    except Failed as error:
        return Check(key, "failed", str(error))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError):
        text = "Cette partie du récépissé est illisible : le fichier a été modifié ou abîmé. Téléchargez-le à nouveau."
        return Check(key, "failed", text)


def _form(file: Any, trust: Trust) -> str:
    keys = set(file)
    if not _KEYS <= keys <= _KEYS | {"documents"} or set(file["receipt"]) != _RECEIPT_KEYS:
        raise Failed("Ce fichier n’a pas la forme d’un récépissé : un élément manque ou a été ajouté.")
    if file["receipt"]["v"] != 1 or type(file["receipt"]["v"]) is not int:
        raise Failed("Ce récépissé est d’une version que cet outil ne connaît pas. Prenez une version plus récente.")
    receipt = file["receipt"]
    number, name = receipt["number"], receipt["depositor"]["name"]
    return f"Récépissé n°\u00a0{number} de {name}, reçu le {receipt['received_at']} (heure UTC)."


def _signature(file: Any, trust: Trust) -> str:
    public = unb64(file["signature"]["public_key"], 32)
    signature = unb64(file["signature"]["ed25519"], 64)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, DOMAIN + canonical_bytes(file["receipt"]))
    except InvalidSignature as error:
        raise Failed("La signature est fausse : le contenu du récépissé a été modifié.") from error
    return "La signature est juste : le récépissé n’a pas été modifié depuis son émission."


def _key(file: Any, trust: Trust) -> str:
    shown = file["signature"]["public_key"]
    if trust.platform_key is None:
        raise Missing(f"La clé de la plateforme n’a pas été comparée. Comparez-la à la clé publiée : {shown}")
    if unb64(shown, 32) != trust.platform_key:
        raise Failed("La clé qui a signé n’est pas celle de la plateforme : ce récépissé n’émane pas d’elle.")
    return "La clé qui a signé est bien celle de la plateforme."


def _on_time(file: Any, trust: Trust) -> str:
    receipt = file["receipt"]
    in_time = _moment(receipt["received_at"]) <= _moment(receipt["deadline"])
    if receipt["on_time"] is not in_time:
        raise Failed("La mention « dans les délais » contredit l’heure de réception et l’heure limite.")
    if in_time:
        return f"Le pli est arrivé dans les délais (limite : {receipt['deadline']})."
    return f"Le pli est arrivé hors délai (limite : {receipt['deadline']}), et le récépissé le dit."


def _fact(file: Any, trust: Trust) -> str:
    unb64(file["fact"]["salt"], 32)
    if file["fact"]["data"]["receipt"] != canonical_hash(file["receipt"]):
        raise Failed("Le fait inscrit au registre ne correspond pas à ce récépissé.")
    return "Le fait inscrit au registre désigne ce récépissé."


def _commitment(file: Any, trust: Trust) -> str:
    leaf = _proof(file)["leaf"]
    if leaf["commitment"] != commit(unb64(file["fact"]["salt"], 32), file["fact"]["data"]):
        raise Failed("La ligne du registre ne correspond pas au fait.")
    if leaf["kind"] != FACT_KIND:
        raise Failed("La ligne du registre n’est pas un dépôt.")
    return f"La ligne du registre, datée du {leaf['at']}, est bien ce dépôt."


def _inclusion(file: Any, trust: Trust) -> str:
    found = _proof(file)
    index, size = _integer(found["index"]), _integer(found["size"])
    leaf = merkle.leaf_hash(canonical_bytes(found["leaf"]))
    path = [unb64(item, 32) for item in found["hashes"]]
    note = checkpoints.parse(found["checkpoint"])
    if note.size != size or not merkle.verify_inclusion(leaf, index, size, path, note.root):
        raise Failed("La ligne ne figure pas dans le registre tel que signé.")
    return f"La ligne figure au registre (ligne {index + 1} sur {size})."


def _checkpoint(file: Any, trust: Trust) -> str:
    note = checkpoints.parse(_proof(file)["checkpoint"])
    try:
        checkpoints.verify(note, unb64(file["signature"]["public_key"], 32), file["receipt"]["platform"])
    except checkpoints.CheckpointError as error:
        raise Failed("L’état du registre n’est pas signé par la plateforme.") from error
    return "L’état du registre est signé par la plateforme."


def _witnesses(file: Any, trust: Trust) -> str:
    note = checkpoints.parse(_proof(file)["checkpoint"])
    try:
        times = checkpoints.verify_cosignatures(note, trust.witnesses)
    except checkpoints.CheckpointError as error:
        raise Failed("La signature d’un témoin du registre est fausse.") from error
    if not times:
        raise Missing("Aucun témoin connu n’a contresigné cet état du registre.")
    return f"Contresigné par {', '.join(sorted(times))}."


def _timestamp(file: Any, trust: Trust) -> str:
    der = _token(file)
    try:
        found = timestamp.verify_response(der, imprint(file["receipt"]))
    except timestamp.TimestampError as error:
        if error.code == "imprint":
            raise Failed("L’horodatage porte sur un autre contenu que ce récépissé.") from error
        raise Failed("L’horodatage est illisible ou a été modifié.") from error
    if found.time < _moment(file["receipt"]["received_at"]) - CLOCK_TOLERANCE:
        raise Failed("L’horodatage est antérieur à l’heure de réception : l’une des deux est fausse.")
    kind = "qualifié, dit ce fichier sans le prouver" if file["timestamp"]["qualified"] is True else "non qualifié"
    return f"Horodaté le {found.time:%Y-%m-%dT%H:%M:%SZ} par {found.authority} ({kind})."


def _timestamp_root(file: Any, trust: Trust) -> str:
    der = _token(file)
    if not trust.tsa_roots:
        raise Missing("L’horodatage n’a pas été comparé à un certificat racine : donnez-le pour le vérifier.")
    try:
        timestamp.verify_response(der, imprint(file["receipt"]), roots=trust.tsa_roots)
    except timestamp.TimestampError as error:
        raise Failed("L’horodatage ne remonte pas au certificat racine donné.") from error
    return "L’horodatage remonte au certificat racine donné."


def _documents(file: Any, trust: Trust) -> str:
    manifests = _manifests(file)
    receipt = file["receipt"]
    envelopes = {item["commitment"]: item for item in receipt["envelopes"]}
    for manifest in manifests:
        envelope = envelopes.pop(manifest.commitment, None)
        if envelope is None:
            raise Failed("Une liste de fichiers n’est pas celle déposée : un nom, une taille ou une empreinte diffère.")
        told = (manifest.kind, manifest.lot, manifest.siret, manifest.consultation)
        if told != (envelope["kind"], envelope["lot"], receipt["depositor"]["siret"], receipt["consultation"]["id"]):
            raise Failed("Une liste de fichiers est celle d’un autre pli.")
    if envelopes:
        raise Missing("La liste des fichiers d’une enveloppe au moins n’est pas jointe : elle n’a pas été vérifiée.")
    count = sum(len(manifest.files) for manifest in manifests)
    return f"Les listes de fichiers jointes ({count} fichiers) sont celles qui ont été déposées."


def _files(file: Any, trust: Trust) -> str:
    manifests = _manifests(file)
    if trust.files is None:
        raise Missing("Vos fichiers n’ont pas été comparés : indiquez leur dossier pour le faire.")
    committed = {item["commitment"] for item in file["receipt"]["envelopes"]}
    if any(manifest.commitment not in committed for manifest in manifests):
        raise Failed("Vos fichiers n’ont pas été comparés : la liste jointe n’est pas celle déposée.")
    found = check_files(manifests, trust.files)
    if found.different:
        raise Failed(f"Ces fichiers ne sont pas ceux déposés : {', '.join(found.different)}.")
    if found.absent:
        raise Missing(f"Ces fichiers ne sont pas dans le dossier : {', '.join(found.absent)}.")
    return f"Vos {found.matched} fichiers sont bien ceux qui ont été déposés."


def _proof(file: Any) -> Any:
    if file["proof"] is None:
        raise Missing("Récépissé provisoire : l’inscription au registre n’y est pas encore. Téléchargez-le à nouveau.")
    return file["proof"]


def _token(file: Any) -> bytes:
    if file["timestamp"] is None:
        raise Missing("Récépissé provisoire : l’horodatage n’y est pas encore. Téléchargez-le à nouveau.")
    return unb64(file["timestamp"]["token"])


def _manifests(file: Any) -> list[Manifest]:
    if not file.get("documents"):
        raise Missing("La liste des fichiers n’est pas jointe : seul votre navigateur la connaît, au moment du dépôt.")
    return [Manifest.from_json(item) for item in file["documents"]]


def _moment(text: Any) -> datetime:
    if not isinstance(text, str) or not text.endswith("Z"):
        raise CanonicalError("times are RFC 3339 in UTC")
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise CanonicalError("not an integer")
    return value


def key_fingerprint(public_key: bytes) -> str:
    """SHA-256 (hex) of the platform's 32-byte key, as published."""
    return sha256_hex(public_key)
