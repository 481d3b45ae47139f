"""The order as issued, in canonical JSON signed by the platform: the contractor checks that nothing changed since."""

from typing import Any

from parvis.audit import facade as audit
from parvis.authorities.facade import authorities, authority
from parvis.pooling.models import PurchaseOrder
from parvis.pooling.rules.order_totals import quantity_words
from parvis.pooling.selectors.orders import lines_of, party_ids, totals_of
from parvis.sealing.canonical import b64, canonical_bytes, canonical_hash

DOMAIN = b"parvis-order-v1\n"


def sign_order(order: PurchaseOrder) -> dict[str, Any]:
    """{"order", "digest" (SHA-256 of its canonical form), "signature": {"public_key", "ed25519"}}, base64."""
    content = order_json(order)
    public_key, signature = audit.sign(DOMAIN + canonical_bytes(content))
    return {
        "order": content,
        "digest": canonical_hash(content),
        "signature": {"public_key": b64(public_key), "ed25519": b64(signature)},
    }


def order_json(order: PurchaseOrder) -> dict[str, Any]:
    """What the order says, in JSON values; amounts in cents."""
    assert order.issued_at
    framework, made = order.framework, totals_of(order)
    buyer = authority(order.authority_id)
    ids = party_ids(order)
    return {
        "v": 1,
        "number": order.number,
        "title": order.title,
        "issued_at": order.issued_at.isoformat(timespec="microseconds"),
        "signatory": order.signatory,
        "buyer": {"name": buyer.name, "siret": buyer.siret, "address": buyer.address, "postcode": buyer.postcode},
        "contractor": {"name": framework.contractor_name, "siret": framework.contractor_siret},
        "framework": {"reference": framework.reference, "title": framework.title},
        "group": framework.group.name,
        "deliver_to": order.deliver_to,
        "deliver_by": order.deliver_by.isoformat() if order.deliver_by else None,
        "commitment": order.commitment,
        "service_code": order.service_code,
        "remark": order.remark,
        "parties": [{"name": one.name, "siret": one.siret} for one in authorities(ids)],
        "lines": [
            {
                "code": one.price.code, "label": one.label, "quantity": quantity_words(one.quantity_hundredths),
                "unit": one.unit, "unit_cents": one.unit_cents, "vat_rate": one.vat_rate, "ht_cents": one.ht_cents,
            }
            for one in lines_of(order)
        ],
        "vat": [{"rate": rate, "ht_cents": ht, "vat_cents": vat} for rate, ht, vat in made.rates],
        "ht_cents": made.ht_cents,
        "vat_cents": made.vat_cents,
        "ttc_cents": made.ttc_cents,
    }  # fmt: skip
