"""The libraries of the pages (age-encryption, shamir-secret-sharing) and this room open each other's files."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from parvis.sealing import age, shamir

MODULES = Path(__file__).parents[2] / "frontend" / "node_modules"
NODE = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
PRESENT = all((MODULES / name).is_dir() for name in ("age-encryption", "shamir-secret-sharing"))


@pytest.mark.skipif(NODE is None or not PRESENT, reason="node or the npm packages are not installed")
def test_npm_libraries_and_ours_open_each_others_files() -> None:
    identity = age.generate_identity()
    recipient, secret = age.recipient_of(identity), age.secret_of(identity)
    given = {
        "identity": identity,
        "recipient": recipient,
        "passphrase": "six mots",
        "secret": secret.hex(),
        "shares": [share.hex() for share in shamir.split(secret, 3, 2)[1:]],
        "sealed": age.seal_bytes("clé".encode(), recipient).hex(),
        "locked": age.seal_with_passphrase("clé".encode(), "six mots", log_n=10),
    }
    command = [str(NODE), str(Path(__file__).with_name("npm_judge.mjs")), str(MODULES), json.dumps(given)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    answer = json.loads(done.stdout)
    assert answer["joined"] == secret.hex()
    assert (answer["opened"], answer["unlocked"]) == ("clé", "clé")
    theirs = [bytes.fromhex(share) for share in answer["shares"]]
    assert shamir.combine_opening_key(theirs[1:], 2, recipient) == identity
    sealed = bytes.fromhex(answer["sealed"])
    assert age.open_bytes(sealed, identity) == b"bonjour"
    age.require_envelope_header(age.read_header(io.BytesIO(sealed)))
    assert age.open_with_passphrase(answer["locked"], "six mots") == "clé".encode()
