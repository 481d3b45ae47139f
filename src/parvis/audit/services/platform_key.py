"""The key by which the platform signs receipts and checkpoints: made once, kept on disk, never replaced silently."""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.conf import settings

from parvis.audit.models import Checkpoint


class KeyLost(Exception):
    """The register was signed by a key that is no longer on the disk."""


def platform_key() -> Ed25519PrivateKey:
    """Raises KeyLost when the file is gone although it has signed checkpoints: bring it back from the backup."""
    return _load(keys_folder() / "platform.pem")


def sign(message: bytes) -> tuple[bytes, bytes]:
    """The platform's public key (32 bytes) and its Ed25519 signature (64 bytes)."""
    key = platform_key()
    return key.public_key().public_bytes_raw(), key.sign(message)


def public_key() -> bytes:
    return platform_key().public_key().public_bytes_raw()


def keys_folder() -> Path:
    folder = Path(settings.DATA) / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_once(path: Path, content: bytes) -> None:
    """Make a private file (0600), whole and durable; the first of two writers wins."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@lru_cache(maxsize=8)
def _load(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        if Checkpoint.objects.exists():
            raise KeyLost(
                f"La clé de la plateforme manque ({path}) alors que le registre est signé. "
                "Remettez-la depuis la sauvegarde : une nouvelle clé rendrait les récépissés invérifiables."
            )
        key = Ed25519PrivateKey.generate()
        write_once(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    loaded = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(loaded, Ed25519PrivateKey):
        raise KeyLost(f"{path} n’est pas une clé Ed25519. Remettez celle de la sauvegarde.")
    return loaded
