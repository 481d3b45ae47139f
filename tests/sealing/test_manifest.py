from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.sealing import tarball
from parvis.sealing.canonical import CanonicalError, canonical_bytes, commit, parse_json, unb64
from parvis.sealing.manifest import Manifest, ManifestError, check_context, read_envelope, write_envelope
from parvis.sealing.tarball import TarError
from tests.sealing.conftest import CONTENTS, make_manifest


def pack(manifest: Manifest, contents: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    write_envelope(sink, manifest, [io.BytesIO(content) for content in contents.values()])
    return sink.getvalue()


def unpack(raw: bytes, max_files: int = 2000) -> tuple[Manifest, dict[str, bytes]]:
    out: dict[str, io.BytesIO] = {}

    def sink_for(name: str, size: int) -> io.BytesIO:
        out[name] = io.BytesIO()
        return out[name]

    manifest = read_envelope(io.BytesIO(raw), sink_for, max_files)
    return manifest, {name: sink.getvalue() for name, sink in out.items()}


def code_of(raw: bytes, **options: Any) -> str:
    with pytest.raises((ManifestError, TarError)) as caught:
        unpack(raw, **options)
    return str(caught.value.code)


def test_round_trip_and_the_standard_library_reads_it(manifest: Manifest) -> None:
    raw = pack(manifest, CONTENTS)
    assert unpack(raw) == (manifest, CONTENTS)
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        assert tar.getnames() == [*CONTENTS, "manifest.json"]
        for name, content in {**CONTENTS, "manifest.json": manifest.to_bytes()}.items():
            assert tar.extractfile(name).read() == content  # type: ignore[union-attr]


LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\")
NAMES = st.text(LETTERS, min_size=1, max_size=60).filter(lambda n: n not in (".", "..", "manifest.json"))


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=1500), max_size=5))
def test_any_names_and_sizes(contents: dict[str, bytes]) -> None:
    manifest = make_manifest(contents)
    raw = pack(manifest, contents)
    assert unpack(raw) == (manifest, contents)
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        assert tar.getnames() == [*contents, "manifest.json"]


@pytest.mark.parametrize("shape", [tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT])
def test_we_read_the_standard_librarys_tar(manifest: Manifest, shape: int) -> None:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=shape) as tar:
        for name, content in {**CONTENTS, "manifest.json": manifest.to_bytes()}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    assert unpack(sink.getvalue()) == (manifest, CONTENTS)


def hostile(change: Callable[[tarfile.TarInfo], None]) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=tarfile.PAX_FORMAT) as tar:
        info = tarfile.TarInfo("DC1.pdf")
        change(info)
        tar.addfile(info, io.BytesIO(bytes(info.size)))
    return sink.getvalue()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "../evil", "name"),
        ("name", "/etc/passwd", "name"),
        ("name", "a/b.pdf", "name"),
        ("name", "a\\b.pdf", "name"),
        ("name", "..", "name"),
        ("name", "a\nb", "name"),
        ("name", "x" * 256, "name"),
        ("name", "d/" + "x" * 120, "name"),
        ("type", tarfile.SYMTYPE, "link"),
        ("type", tarfile.LNKTYPE, "link"),
        ("type", tarfile.CHRTYPE, "device"),
        ("type", tarfile.BLKTYPE, "device"),
        ("type", tarfile.DIRTYPE, "directory"),
        ("type", tarfile.FIFOTYPE, "fifo"),
        ("type", tarfile.CONTTYPE, "type"),
        ("pax_headers", {"linkpath": "/etc/passwd"}, "malformed"),
        ("pax_headers", {"GNU.sparse.size": "9"}, "malformed"),
        ("pax_headers", {"path": "../evil"}, "name"),
        ("pax_headers", {"comment": "x" * 70_000}, "malformed"),
    ],
)
def test_hostile_archives_are_refused_by_name(field: str, value: Any, code: str) -> None:
    assert code_of(hostile(lambda info: setattr(info, field, value))) == code


def test_duplicates_order_and_ends(manifest: Manifest) -> None:
    raw = pack(manifest, CONTENTS)
    body = raw[: -len(tarball.END)]
    first = body[:1024]
    late = io.BytesIO()
    tarball.write_member(late, "autre.pdf", 1, io.BytesIO(b"x"))
    assert code_of(body + late.getvalue() + tarball.END) == "not_last"
    assert code_of(first + body + tarball.END) == "duplicate"
    assert code_of(raw[:-1]) == "truncated"
    assert code_of(body) == "truncated"
    assert code_of(raw[:700]) == "truncated"
    assert code_of(body + bytes(512) + b"x" * 512) == "malformed"
    assert code_of(raw + b"x" * 512) == "trailing"
    assert unpack(raw + bytes(8192))[0] == manifest
    assert code_of(first + tarball.END) == "missing"
    assert code_of(b"\xff" * 512) == "malformed"
    assert code_of(raw, max_files=1) == "too_many"
    flipped = bytearray(raw)
    flipped[100] ^= 1
    assert code_of(bytes(flipped)) == "malformed"


def test_contents_that_are_not_the_manifests(manifest: Manifest) -> None:
    raw = pack(manifest, CONTENTS)
    changed = bytearray(raw)
    changed[512] ^= 1
    assert code_of(bytes(changed)) == "sha256"

    def forged(files: dict[str, bytes], listed: Manifest) -> bytes:
        sink = io.BytesIO()
        for name, content in {**files, "manifest.json": listed.to_bytes()}.items():
            tarball.write_member(sink, name, len(content), io.BytesIO(content))
        return sink.getvalue() + tarball.END

    assert code_of(forged({"DC1.pdf": b"x"}, manifest)) == "files"
    assert code_of(forged(dict(reversed(CONTENTS.items())), manifest)) == "files"
    assert code_of(forged({**CONTENTS, "DC1.pdf": b"x"}, manifest)) == "size"
    with pytest.raises(ManifestError, match="not the file listed"):
        pack(manifest, {**CONTENTS, "DC1.pdf": b"%PDF-1.7 candidaturf"})
    with pytest.raises(TarError):
        pack(manifest, {**CONTENTS, "DC1.pdf": b"x"})


def test_commitment_is_that_of_the_canonical_bytes(manifest: Manifest) -> None:
    assert manifest.commitment == hashlib.sha256(manifest.to_bytes()).hexdigest()
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest
    assert make_manifest(CONTENTS, salt="5b" * 32).commitment != manifest.commitment


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"kind": "other"},
        {"kind": "application"},
        {"siret": "123"},
        {"salt": "zz" * 32},
        {"lot": 1},
        {"extra": 1},
        {"files": [{"name": "a", "size": -1, "sha256": "00" * 32}]},
        {"files": [{"name": "a", "size": True, "sha256": "00" * 32}]},
        {"files": [{"name": "a", "size": 1, "sha256": "00"}]},
        {"files": [{"name": "a", "size": 1}]},
        {"files": [{"name": "a", "size": 1, "sha256": "00" * 32}] * 2},
        {"files": None},
    ],
)
def test_malformed_manifests(manifest: Manifest, change: dict[str, Any]) -> None:
    with pytest.raises(ManifestError):
        Manifest.from_json({**manifest.to_json(), **change})


def test_a_manifest_not_in_canonical_form_is_refused(manifest: Manifest) -> None:
    with pytest.raises(ManifestError):
        Manifest.from_bytes(json.dumps(manifest.to_json()).encode())


def test_context(manifest: Manifest) -> None:
    context: dict[str, Any] = {
        "commitment": manifest.commitment,
        "consultation": manifest.consultation,
        "kind": "bid",
        "lot": "1",
        "siret": manifest.siret,
        "key": manifest.key,
    }
    check_context(manifest, **context)
    for field in context:
        with pytest.raises(ManifestError) as caught:
            check_context(manifest, **{**context, field: "2"})
        assert caught.value.code == ("commitment" if field == "commitment" else "context")


def test_canonical_json() -> None:
    assert canonical_bytes({"é": 1, "a": [True, None, "\u0001\u20ac"]}) == '{"a":[true,null,"\\u0001€"],"é":1}'.encode()
    for bad in (1.5, 2**53, {"a": float("nan")}, b"x", "\ud800"):
        with pytest.raises(CanonicalError):
            canonical_bytes(bad)
    for raw in (b'{"a":1,"a":2}', b"1.0", b"NaN", b"\xff", b"{", b"[" * 100_000):
        with pytest.raises(CanonicalError):
            parse_json(raw)
    for text in ("AA", "AB==", "A A=", "é"):
        with pytest.raises(CanonicalError):
            unb64(text)
    with pytest.raises(CanonicalError):
        commit(bytes(31), {})
    assert commit(bytes(32), {"a": 1}) == hashlib.sha256(bytes(32) + b'{"a":1}').hexdigest()
