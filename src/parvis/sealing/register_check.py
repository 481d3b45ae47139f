"""A receipt against the register of today: has anything that stood before it been changed since?"""

from __future__ import annotations

from typing import Any

from parvis.sealing import checkpoint as notes
from parvis.sealing.canonical import CanonicalError, unb64
from parvis.sealing.checkpoint import Checkpoint, CheckpointError
from parvis.sealing.merkle import verify_consistency
from parvis.sealing.receipt import Check

KEY = "register_today"
_CHANGED = (
    "Le registre d’aujourd’hui ne prolonge pas celui de votre récépissé : une ligne a été modifiée, retirée ou ajoutée "
    "dans le passé. Conservez le récépissé et cette réponse, et écrivez à l’acheteur : ils le prouvent."
)


def seen_by(file: Any) -> Checkpoint | None:
    """The register's state that a receipt holds; None when it has none yet, or none that can be read."""
    try:
        return notes.parse(file["proof"]["checkpoint"])
    except (TypeError, KeyError, CheckpointError):
        return None


def check_register(file: Any, answer: Any) -> Check:
    """Compares the receipt's checkpoint with the platform's answer: {"size", "hashes": [base64], "checkpoint": note}.

    The key is the receipt's own: whether it is the platform's is another check.
    """
    earlier = seen_by(file)
    if earlier is None:
        return Check(KEY, "missing", "Ce récépissé n’a pas encore de place dans le registre : rien à comparer.")
    try:
        public_key = unb64(file["signature"]["public_key"], 32)
        later = notes.parse(answer["checkpoint"])
        notes.verify(later, public_key, earlier.origin)
        path = [unb64(item, 32) for item in answer["hashes"]]
    except (TypeError, KeyError, CanonicalError, CheckpointError):
        return Check(KEY, "failed", "L’état du registre reçu n’est pas signé par la clé du récépissé.")
    if not verify_consistency(earlier.size, later.size, path, earlier.root, later.root):
        return Check(KEY, "failed", _CHANGED)
    text = f"Le registre d’aujourd’hui ({later.size} lignes) prolonge celui du récépissé ({earlier.size} lignes)."
    return Check(KEY, "ok", text)
