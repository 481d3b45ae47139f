"""A statement on paper: who owes what to whom, then the computation of each line in plain words."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.kit import clock
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.kit.pdf import render_pdf
from parvis.pooling.models import CostKey, Statement, StatementKind
from parvis.pooling.rules.words import ratio
from parvis.pooling.selectors.statement_document import key_decisions, statement_document
from parvis.pooling.selectors.statements import standing

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "statement.typ"


def statement_pdf(statement: Statement) -> bytes:
    """As it stands today: what was paid since it left is on it."""
    made = statement_document(statement)
    creditor, debtor = authority(statement.authority_id), authority(statement.debtor_id)
    keys = key_decisions(made)
    address = reverse("statement", args=[creditor.slug, statement.group_id, statement.id])
    data = {
        "title": title_words(statement),
        "number": statement.number,
        "year": statement.year,
        "group": statement.group.name,
        "agreement": date_long(statement.group.signed_on) if statement.group.signed_on else "",
        "issued": date_long(statement.issued_on),
        "due_on": date_long(statement.due_on),
        "today": date_long(clock.now()),
        "creditor": _party(creditor),
        "debtor": {**_party(debtor), "service_code": statement.service_code, "commitment": statement.commitment},
        "ask": ask_words(statement),
        "lines": [_line(one) for one in made["lines"]],
        "annex": [_annex(one, keys) for one in made["lines"]],
        "ht": _euros(made["total"]["ht"]), "vat": _euros(made["total"]["vat"]), "ttc": _euros(made["total"]["ttc"]),
        "payments": [
            {
                "day": date_long(date.fromisoformat(one["paid_on"])), "amount": _euros(one["amount"]),
                "reference": one["reference"],
            }
            for one in made["payments"]
        ],
        "paid": _euros(made["paid"]), "due": _euros(made["due"]),
        "cancelled": _("Annulé par l’avoir {number}.").format(number=made["cancelled_by"])
        if made["cancelled_by"] else "",
        "reason": statement.reason,
        "address": settings.PUBLIC_URL + address,
    }  # fmt: skip
    return render_pdf(TEMPLATE, data)


def title_words(statement: Statement) -> str:
    if statement.kind == StatementKind.INSTALMENT:
        words = _("Acompte {rank} sur {count} de {year}")
        return words.format(rank=statement.rank, count=statement.group.instalments, year=statement.year)
    if statement.kind == StatementKind.CLOSING:
        return _("Solde de {year}").format(year=statement.year)
    mirrored = statement.mirrors.number if statement.mirrors else ""
    return _("Avoir sur le relevé {number}").format(number=mirrored)


def ask_words(statement: Statement) -> str:
    """What is asked of whom now, in one sentence."""
    now = standing(statement)
    words = {
        "amount": euros(abs(now.due)), "payer": authority(now.payer_id).name, "paid": authority(now.paid_id).name,
        "day": date_long(statement.due_on),
    }  # fmt: skip
    if now.cancelled:
        return _("Rien n’est dû sur ce relevé\u202f: un avoir l’annule.")
    if not now.due:
        return _("Rien ne reste dû sur ce relevé.")
    if now.due < 0:
        return _("{payer} rend {amount} à {paid}, pour le {day}.").format(**words)
    return _("{payer} doit {amount} à {paid}, pour le {day}.").format(**words)


def _party(house: Any) -> dict[str, str]:
    siret = house.siret
    spaced = "\u00a0".join((siret[:3], siret[3:6], siret[6:9], siret[9:]))
    return {"name": house.name, "siret": spaced, "address": house.address, "postcode": house.postcode}


def _line(one: dict[str, Any]) -> dict[str, str]:
    share = one["share"]
    rate = (one["vat_percent"] or "").replace(".", ",")
    return {
        "label": one["label"], "key": one["key"],
        "share": ratio(int(share["numerator"]), int(share["denominator"])) if share["denominator"] != "1"
        else share["numerator"],
        "ht": _euros(one["ht"]), "vat": _euros(one["vat"]), "ttc": _euros(one["ttc"]),
        "rate": f"{rate}\u00a0%" if rate else "",
    }  # fmt: skip


def _annex(one: dict[str, Any], keys: dict[tuple[str, int], CostKey]) -> dict[str, Any]:
    found = [keys[key["code"], key["version"]] for key in one["keys"] if (key["code"], key["version"]) in keys]
    return {
        "label": one["label"],
        "why": one["why"],
        "keys": [key_words(key) for key in found],
        "digest": one["computation"]["digest"],
    }


def key_words(key: CostKey) -> str:
    """Which version of a key, since when, and the committee that decided it."""
    text = _("Clé «\u202f{name}\u202f», version {version}, en vigueur depuis le {day}.").format(
        name=key.name, version=key.version, day=date_long(key.in_force_on)
    )
    if key.decision is None:
        return text
    met = _("Décidée par le comité de pilotage du {day}.").format(day=date_long(key.decision.meeting.meets_at))
    return f"{text} {met}"


def _euros(amount: dict[str, Any]) -> str:
    return euros(amount["cents"])
