from __future__ import annotations

import copy
import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.sealing import checkpoint, receipt, verify
from parvis.sealing.local_tsa import LocalTsa
from parvis.sealing.receipt import Trust
from parvis.sealing.standalone import verify_receipt as standalone
from tests.sealing.conftest import NOW

# Labels that nothing signs: the verifier shows the name in the certificate instead, and says who claims the quality.
UNSIGNED = {("timestamp", "authority"), ("timestamp", "qualified")}


def states(file: Any, trust: Trust | None = None) -> dict[str, str]:
    return {check.key: check.state for check in receipt.verify(file, trust)}


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path


def altered(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "1"
    middle = len(value) // 2
    return value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :]


def replaced(file: Any, path: tuple[str | int, ...], change: Any) -> Any:
    changed = copy.deepcopy(file)
    target = changed
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = change(target[path[-1]])
    return changed


def test_complete_receipt_is_true_on_every_line(complete: Any, trust: Trust) -> None:
    found = states(complete, trust)
    assert found.pop("witnesses") == "missing"
    assert set(found.values()) == {"ok"}, found


def test_provisional_receipt_says_what_is_missing(provisional: Any) -> None:
    checks = receipt.verify(provisional)
    assert receipt.outcome(checks) == "missing"
    found = {check.key for check in checks if check.state == "missing"}
    assert {"commitment", "inclusion", "checkpoint", "timestamp", "documents", "key"} <= found


def test_each_altered_field_fails(complete: Any, trust: Trust, published_key: str, company_files: Path) -> None:
    survivors, agreed = [], 0
    for path in leaves(complete):
        changed = replaced(complete, path, altered)
        if receipt.outcome(receipt.verify(changed, trust)) != "failed":
            survivors.append(path)
        agreed += 1
    assert agreed > 50
    assert set(survivors) == UNSIGNED


def test_each_removed_field_fails(complete: Any, trust: Trust) -> None:
    for section in ("receipt", "signature", "fact"):
        for key in complete[section]:
            changed = copy.deepcopy(complete)
            del changed[section][key]
            assert receipt.outcome(receipt.verify(changed, trust)) == "failed", (section, key)
    for key in ("receipt", "signature", "fact", "proof", "timestamp"):
        changed = {k: v for k, v in complete.items() if k != key}
        assert receipt.outcome(receipt.verify(changed, trust)) == "failed", key


@pytest.mark.parametrize("junk", [None, [], 3, "x", {}, {"receipt": 1}, {"receipt": {"v": 1}}])
def test_junk_never_raises(junk: Any) -> None:
    assert receipt.outcome(receipt.verify(junk)) == "failed"


def test_another_platforms_receipt_is_refused_by_its_key(complete: Any, trust: Trust) -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    assert states(complete, dataclasses.replace(trust, platform_key=other))["key"] == "failed"


def test_a_token_of_another_authority_fails_its_root(complete: Any, trust: Trust) -> None:
    other = LocalTsa.create("Autre", NOW)
    found = states(complete, dataclasses.replace(trust, tsa_roots=[other.root]))
    assert (found["timestamp"], found["timestamp_root"]) == ("ok", "failed")


def test_without_a_root_it_says_so(complete: Any, trust: Trust) -> None:
    assert states(complete, dataclasses.replace(trust, tsa_roots=()))["timestamp_root"] == "missing"


def test_witness_cosignature(complete: Any, trust: Trust) -> None:
    witness = Ed25519PrivateKey.from_private_bytes(bytes([9] * 32))
    known = dataclasses.replace(trust, witnesses={"illzach.example": witness.public_key().public_bytes_raw()})
    note = checkpoint.parse(complete["proof"]["checkpoint"])
    complete["proof"]["checkpoint"] = checkpoint.cosign(note, "illzach.example", witness, 1_796_000_000).note
    assert states(complete, known)["witnesses"] == "ok"
    false = checkpoint.cosign(note, "illzach.example", witness, 1_796_000_000).signatures[1]
    forged = dataclasses.replace(false, blob=false.blob[:8] + bytes(64))
    complete["proof"]["checkpoint"] = dataclasses.replace(note, signatures=(*note.signatures, forged)).note
    assert states(complete, known)["witnesses"] == "failed"


def test_the_companys_own_files(complete: Any, trust: Trust, company_files: Path) -> None:
    (company_files / "DC1.pdf").rename(company_files / "renommé.pdf")
    assert states(complete, trust)["files"] == "ok"
    (company_files / "DC1.pdf").write_bytes(b"%PDF-1.7 candidaturf")
    (company_files / "renommé.pdf").unlink()
    assert states(complete, trust)["files"] == "failed"
    (company_files / "DC1.pdf").unlink()
    assert states(complete, trust)["files"] == "missing"


def test_a_stamp_before_reception_fails(provisional: Any, complete: Any, trust: Trust, tsa: LocalTsa) -> None:
    from datetime import timedelta

    from parvis.sealing import timestamp

    request = timestamp.build_request(receipt.imprint(provisional["receipt"]), 5)
    token = tsa.respond(request, NOW - timedelta(hours=1))
    complete["timestamp"] = receipt.stamp(token, "x", qualified=False)
    assert states(complete, trust)["timestamp"] == "failed"


# --- The two command lines agree ---


@pytest.fixture
def saved(complete: Any, tmp_path: Path) -> Path:
    path = tmp_path / "recepisse.json"
    path.write_text(json.dumps(complete, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def test_verify_exit_codes(
    saved: Path, company_files: Path, published_key: str, tsa: LocalTsa, tmp_path: Path, capsys: Any
) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(tsa.root_pem)
    options = ["--files", str(company_files), "--key", published_key, "--tsa-root", str(root)]
    assert verify.main([str(saved), *options]) == 0
    out = capsys.readouterr().out
    assert "FAUX" not in out
    assert "\u202f:" in out
    saved.write_text(saved.read_text("utf-8").replace('"number": 3', '"number": 4'), encoding="utf-8")
    assert verify.main([str(saved), *options]) == 1
    assert "La signature est fausse" in capsys.readouterr().out
    assert verify.main([str(tmp_path / "absent.json")]) == 2
    root.write_bytes(b"not a certificate")
    assert verify.main([str(saved), *options]) == 2
    saved.write_text('{"receipt": 1, "receipt": 2}', encoding="utf-8")
    assert verify.main([str(saved)]) == 2


def test_standalone_runs_alone(saved: Path, company_files: Path, published_key: str) -> None:
    script = Path(standalone.__file__)
    command = [sys.executable, "-I", "-S", str(script), str(saved), "--files", str(company_files)]
    done = subprocess.run([*command, "--key", published_key], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert done.stdout.decode().count("[ juste  ]") == 8


def test_standalone_agrees_on_each_altered_field(
    complete: Any, trust: Trust, saved: Path, published_key: str, company_files: Path, capsys: Any
) -> None:
    # A token altered outside its imprint is beyond the standard library: the tool says that it does not judge it.
    skipped = {("timestamp", "token"), *UNSIGNED}
    options = [str(saved), "--key", published_key, "--files", str(company_files)]
    for path in leaves(complete):
        if path in skipped:
            continue
        saved.write_text(json.dumps(replaced(complete, path, altered)), encoding="utf-8")
        assert standalone.main(options) != 0, path
    capsys.readouterr()


def test_standalone_finds_a_foreign_token(complete: Any, saved: Path, tsa: LocalTsa, capsys: Any) -> None:
    from parvis.sealing import timestamp

    token = tsa.respond(timestamp.build_request(bytes(32), 1), NOW)
    complete["timestamp"] = receipt.stamp(token, "x", qualified=False)
    saved.write_text(json.dumps(complete), encoding="utf-8")
    assert standalone.main([str(saved)]) == 1
    assert "autre contenu" in capsys.readouterr().out


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_standalone_ed25519_against_cryptography(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert standalone.ed25519_verify(public, signature, message)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not standalone.ed25519_verify(public, bytes(flipped), message)
    assert not standalone.ed25519_verify(public, signature, message + b"x")
    order = 2**252 + 27742317777372353535851937790883648493
    second = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert not standalone.ed25519_verify(public, signature[:32] + second, message)
