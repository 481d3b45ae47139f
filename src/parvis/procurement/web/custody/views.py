from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.authorities.facade import desk_page, refusal_response
from parvis.kit.errors import Refusal
from parvis.procurement.models import CustodianKey, KeyShare, RehearsalProof
from parvis.procurement.models.keys import KeyKind
from parvis.procurement.selectors.consultations import consultation_for_desk
from parvis.procurement.selectors.keys import (
    custodian_key,
    keys_ready,
    needed_keys,
    opening_keys,
    possible_custodians,
    rehearsal_state,
)
from parvis.procurement.services.hold_key_ceremony import NewKey, SealedShare, hold_key_ceremony
from parvis.procurement.services.rehearse import open_canary, rehearse
from parvis.procurement.services.save_custodian_key import save_custodian_key
from parvis.procurement.web.json_body import MALFORMED, json_body, malformed
from parvis.procurement.web.wasm import wasm
from parvis.sealing.canonical import b64, unb64


def answers_refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turns a Refusal into the JSON error that the page's script shows; a malformed value likewise."""

    @wraps(view)
    def inside(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refusal_response(refusal)
        except MALFORMED:
            return refusal_response(malformed(), 400)

    return inside


@wasm
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
@desk_page("keys.hold")
@answers_refusals
def my_key(request: Any) -> HttpResponse:
    if request.method == "GET":
        key = custodian_key(request.actor.person_id)
        return render(
            request,
            "procurement/custody/my_key.html",
            {"key": key, "data_url": reverse("my_key_data", args=[request.authority.slug])},
        )
    data = json_body(request)
    key = save_custodian_key(
        request.actor.person_id,
        str(data["recipient"]),
        data.get("sealed_by_passphrase") or "",
        data.get("sealed_by_passkey") or "",
    )
    return JsonResponse({"id": str(key.id)}, status=201)


@require_GET
@desk_page("keys.hold")
def my_key_data(request: Any) -> HttpResponse:
    key = custodian_key(request.actor.person_id)
    return JsonResponse(
        {
            "person": str(request.actor.person_id),
            "name": request.actor.full_name,
            "key": {"id": str(key.id), "fingerprint": key.fingerprint, **_sealed(key)} if key else None,
            "post_url": reverse("my_key", args=[request.authority.slug]),
        }
    )


def _sealed(key: CustodianKey | None) -> dict[str, str | None]:
    if key is None:
        return {"recipient": None, "sealed_by_passphrase": None, "sealed_by_passkey": None}
    return {
        "recipient": key.recipient,
        "sealed_by_passphrase": key.sealed_by_passphrase or None,
        "sealed_by_passkey": key.sealed_by_passkey or None,
    }


@wasm
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
@desk_page("keys.ceremony")
@answers_refusals
def ceremony(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    if request.method == "GET":
        context = {
            "consultation": found,
            "needed": needed_keys(found),
            "custodians": possible_custodians(request.authority.id),
            "made": opening_keys(found.id),
            "data_url": reverse("ceremony_data", args=[request.authority.slug, found.id]),
        }
        return render(request, "procurement/custody/ceremony.html", context)
    data = json_body(request)
    keys = tuple(_new_key(item, item["kind"]) for item in data["keys"])
    hold_key_ceremony(
        found.id, request.actor.person_id, int(data["threshold"]), keys, _new_key(data["rehearsal"], KeyKind.REHEARSAL)
    )
    return JsonResponse({}, status=201)


def _new_key(item: dict[str, Any], kind: str) -> NewKey:
    shares = tuple(SealedShare(UUID(s["custodian"]), unb64(s["sealed"]), str(s["commitment"])) for s in item["shares"])
    lot = item.get("lot")
    return NewKey(
        kind=str(kind),
        lot=None if lot is None else int(lot),
        recipient=str(item["recipient"]),
        shares=shares,
        canary=unb64(item["canary"]) if item.get("canary") else b"",
        canary_commitment=str(item.get("canary_commitment", "")),
    )


@require_GET
@desk_page("keys.ceremony")
def ceremony_data(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    holders = [c for c in possible_custodians(request.authority.id) if c.key]
    where = [request.authority.slug, found.id]
    return JsonResponse(
        {
            "consultation": str(found.id),
            "needed": [
                {"kind": n.kind, "lot": None if n.lot is None else str(n.lot), "label": n.label}
                for n in needed_keys(found)
            ],
            "custodians": [
                {"id": str(c.key.id), "name": c.name, "recipient": c.key.recipient} for c in holders if c.key
            ],
            "threshold": 2 if len(holders) > 2 else 1,
            "post_url": reverse("ceremony", args=where),
            "next_url": reverse("rehearsal", args=where),
        }
    )


@wasm
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
@desk_page("keys.hold")
@answers_refusals
def rehearsal(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    key = custodian_key(request.actor.person_id)
    if request.method == "GET":
        holds = key is not None and KeyShare.objects.filter(custodian=key, opening_key__consultation=found).exists()
        context = {
            "consultation": found,
            "holds": holds,
            "state": rehearsal_state(found.id),
            "problems": keys_ready(found.id) if found.state == "draft" else [],
            "data_url": reverse("rehearsal_data", args=[request.authority.slug, found.id]),
        }
        return render(request, "procurement/custody/rehearsal.html", context)
    data = json_body(request)
    if key is None:
        raise Refusal("no_key", _("Vous n’avez pas encore de clé. Créez-la d’abord sur la page « Ma clé »."))
    proofs = {UUID(p["key_id"]): str(p["commitment"]) for p in data["proofs"]}
    released = rehearse(found.id, key, str(data["method"]), proofs, unb64(data["rehearsal_share"]))
    state = rehearsal_state(found.id)
    return JsonResponse({"released": [b64(share) for share in released], "threshold": state.threshold if state else 0})


@require_GET
@desk_page("keys.hold")
def rehearsal_data(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    key = custodian_key(request.actor.person_id)
    rehearsal_key = next(iter(opening_keys(found.id, rehearsal=True)), None)
    if rehearsal_key is None or key is None:
        raise Http404(_("Les clés de cette consultation ne sont pas encore créées."))
    shares = KeyShare.objects.filter(custodian=key, opening_key__consultation=found).select_related("opening_key__lot")
    proofs = list(RehearsalProof.objects.filter(consultation=found).order_by("at"))
    where = [request.authority.slug, found.id]
    return JsonResponse(
        {
            **_sealed(key),
            "shares": [
                {
                    "key_id": str(s.opening_key_id),
                    "kind": s.opening_key.kind,
                    "lot": str(s.opening_key.lot.number) if s.opening_key.lot else None,
                    "key": s.opening_key.recipient,
                    "sealed": b64(bytes(s.sealed)),
                }
                for s in shares
            ],
            "rehearsal": {
                "key_id": str(rehearsal_key.id),
                "key": rehearsal_key.recipient,
                "canary": b64(bytes(rehearsal_key.canary or b"")),
                "threshold": rehearsal_key.threshold,
                "released": [b64(bytes(p.share)) for p in proofs],
            },
            "done": any(p.custodian_id == key.id for p in proofs),
            "canary_opened": rehearsal_key.canary_opened_at is not None,
            "post_url": reverse("rehearsal", args=where),
            "canary_url": reverse("canary", args=where),
        }
    )


@require_POST
@desk_page("keys.hold")
@answers_refusals
def canary(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    open_canary(found.id, request.actor.person_id, unb64(json_body(request)["canary"]))
    return JsonResponse({})
