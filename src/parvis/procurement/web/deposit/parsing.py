"""Reads the seal's JSON strictly: what is not exactly of the agreed shape is refused with a sentence."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.services.seal_submission import Seal, SealedEnvelope

MAX_BODY, MAX_ENVELOPES = 16 * 1024, 50
_LOT = re.compile(r"[1-9][0-9]{0,3}")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stamp_of(request: HttpRequest) -> datetime:
    """When the last byte of the request arrived at the edge, in UTC microseconds; now where no edge stands (tests)."""
    nanoseconds = request.META.get("parvis.stamp_ns")
    if nanoseconds is None:
        return clock.now()
    return _EPOCH + timedelta(microseconds=int(nanoseconds) // 1000) + clock.offset()


def parse_seal(request: HttpRequest) -> Seal:
    """Raises Refusal for a body that is too long, cut short, or not of the agreed shape."""
    stamp = stamp_of(request)
    malformed = Refusal(
        "malformed",
        _("La demande de dépôt n’est pas arrivée entière. Recommencez\u202f: vos fichiers déjà envoyés sont gardés."),
    )
    if request.META.get("parvis.cut_short"):
        raise malformed
    body = request.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        message = _(
            "La demande de dépôt est trop longue\u202f: un pli compte 50 enveloppes au plus. "
            "Écrivez au service indiqué en bas de page."
        )
        raise Refusal("too_long", message)
    try:
        data = json.loads(body)
        envelopes = tuple(_envelope(item) for item in data["envelopes"])
        if not 1 <= len(envelopes) <= MAX_ENVELOPES:
            raise malformed
        return Seal(UUID(data["key"]), envelopes, stamp)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise malformed from error


def _envelope(item: dict[str, Any]) -> SealedEnvelope:
    size, lot = item["size"], item["lot"]
    if type(size) is not int or size <= 0 or not all(_HEX64.fullmatch(item[name]) for name in ("sha256", "commitment")):
        raise ValueError(item)
    if lot is not None and not _LOT.fullmatch(lot):
        raise ValueError(item)
    return SealedEnvelope(
        kind=str(item["kind"]), lot=None if lot is None else int(lot), upload=UUID(item["upload"]), size=size,
        sha256=item["sha256"], commitment=item["commitment"],
    )  # fmt: skip
