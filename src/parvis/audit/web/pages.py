"""The register in public: what it is, its signed state, the key that signed it, and the tree for whoever checks it."""

from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from parvis.audit.facade import checkpoint, public_key
from parvis.audit.selectors import consistency, tile
from parvis.sealing.canonical import b64
from parvis.sealing.checkpoint import key_id

TILE = 256


def register(request: HttpRequest) -> HttpResponse:
    key = public_key()
    identifier = key_id(settings.LOG_ORIGIN, key).hex()
    context = {
        "checkpoint": checkpoint(),
        "origin": settings.LOG_ORIGIN,
        "key": b64(key),
        "verifier_key": f"{settings.LOG_ORIGIN}+{identifier}+{b64(bytes([1]) + key)}",
    }
    return render(request, "audit/register.html", context)


def signed_state(request: HttpRequest) -> HttpResponse:
    newest = checkpoint()
    if newest is None:
        raise Http404(_("Le registre n’a encore aucune ligne."))
    return _plain(newest.note)


def key_file(request: HttpRequest) -> HttpResponse:
    key = Ed25519PublicKey.from_public_bytes(public_key())
    return _plain(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def tree_tile(request: HttpRequest, level: int, place: str) -> HttpResponse:
    """C2SP tlog-tiles: up to 256 hashes of level 8 × `level`, e.g. tile/0/x001/234 or tile/0/000.p/17."""
    index, width = _tile_place(place)
    hashes = tile(level, index, width)
    if len(hashes) != width:
        raise Http404(_("Cette partie du registre n’existe pas encore."))
    response = HttpResponse(b"".join(hashes), content_type="application/octet-stream")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def growth(request: HttpRequest, size: int) -> HttpResponse:
    """Proof that today's register extends the one that a receipt saw: what `parvis verify --register` asks for."""
    found = consistency(size)
    if found is None:
        raise Http404(_("Le registre n’a jamais eu ce nombre de lignes."))
    response = JsonResponse(found)
    response["Cache-Control"] = "no-cache"
    return response


def _tile_place(place: str) -> tuple[int, int]:
    path, partial, width = place.partition(".p/")
    groups = path.split("/")
    plain = [group.removeprefix("x") for group in groups[:-1]] + [groups[-1]]
    whole = all(g.startswith("x") for g in groups[:-1]) and all(
        len(g) == 3 and g.isascii() and g.isdigit() for g in plain
    )
    if not whole or len(plain) > 5 or (partial and not (width.isascii() and width.isdigit() and 0 < int(width) < TILE)):
        raise Http404(_("Cette adresse n’est pas celle d’une partie du registre."))
    return int("".join(plain)), int(width) if partial else TILE


def _plain(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


for view in (register, signed_state, key_file, tree_tile, growth):
    cast(Any, view).gate = "public"
