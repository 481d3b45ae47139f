"""A statement as an open document: everything that the finance software, an auditor or a reader of paper needs.

Described in docs/formats-statements.md. Amounts are {"cents": 1234, "euros": "12.34"}.
"""

from collections.abc import Iterable
from typing import Any

from parvis.authorities.facade import AuthorityView, authorities
from parvis.pooling.models import CostKey, Payment, Statement, StatementLine
from parvis.pooling.rules.statement_csv import percent_text
from parvis.pooling.rules.vat import rate_of
from parvis.pooling.selectors.statements import lines_with_runs, standing

FORMAT = "parvis.statement/1"
Document = dict[str, Any]


def statement_document(statement: Statement) -> Document:
    """As it stands now: payments and state are today's, the rest never changes."""
    houses = {one.id: one for one in authorities([statement.authority_id, statement.debtor_id])}
    now = standing(statement)
    cancelled_by = Statement.objects.filter(mirrors=statement).first()
    return {
        "format": FORMAT,
        "currency": "EUR",
        "group": {"id": str(statement.group_id), "name": statement.group.name},
        "id": str(statement.id),
        "number": statement.number,
        "kind": statement.kind,
        "rank": statement.rank,
        "instalments": statement.group.instalments,
        "year": statement.year,
        "issued_on": statement.issued_on.isoformat(),
        "due_on": statement.due_on.isoformat(),
        "creditor": _party(houses[statement.authority_id]),
        "debtor": {
            **_party(houses[statement.debtor_id]),
            "service_code": statement.service_code,
            "commitment": statement.commitment,
        },
        "lines": [_line(one) for one in lines_with_runs(statement)],
        "total": _three(statement.ht_cents, statement.vat_cents, statement.ttc_cents),
        "state": statement.state,
        "payments": [
            {"paid_on": one.paid_on.isoformat(), "amount": amount(one.amount_cents), "reference": one.reference}
            for one in Payment.objects.filter(statement=statement)
        ],
        "paid": amount(now.paid),
        "due": amount(now.due),
        "cancels": statement.mirrors.number if statement.mirrors else None,
        "cancelled_by": cancelled_by.number if cancelled_by else None,
        "reason": statement.reason,
    }


def csv_rows(statements: Iterable[Statement]) -> list[dict[str, str | int]]:
    """One row a line of each statement, by the heads of rules.statement_csv.COLUMNS."""
    found = list(statements)
    houses = {one.id: one for one in authorities({i for one in found for i in (one.authority_id, one.debtor_id)})}
    lines = StatementLine.objects.filter(statement__in=found).select_related("run")
    by_statement: dict[Any, list[StatementLine]] = {}
    for line in lines.order_by("position"):
        by_statement.setdefault(line.statement_id, []).append(line)
    return [
        _row(one, line, houses[one.authority_id], houses[one.debtor_id])
        for one in found
        for line in by_statement.get(one.id, [])
    ]


def amount(cents: int) -> dict[str, Any]:
    sign = "-" if cents < 0 else ""
    return {"cents": cents, "euros": f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"}


def vat_rate(record: Document) -> int | None:
    """Hundredths of a percent of a kept computation; None when its cost mixes several rates."""
    cost = record["cost"]
    if cost["vat_cents"] is None:
        return int(cost["vat_rate"])
    return rate_of(cost["ht_cents"], cost["vat_cents"])


def key_decisions(document: Document) -> dict[tuple[str, int], CostKey]:
    """The versions of keys that the lines of a document were computed with, by code and version, with the committee's
    decision that made each where there is one.
    """
    wanted = {(key["code"], key["version"]) for line in document["lines"] for key in line["keys"]}
    rows = CostKey.objects.filter(group_id=document["group"]["id"]).select_related("decision__meeting")
    return {(one.code, one.version): one for one in rows if (one.code, one.version) in wanted}


def _party(house: AuthorityView) -> Document:
    return {"name": house.name, "siret": house.siret}


def _line(line: StatementLine) -> Document:
    record = line.run.record
    numerator, denominator = line.share.split("/")
    return {
        "label": line.label,
        "kind": record["cost"]["kind"],
        "key": line.key,
        "keys": [
            {one: key[one] for one in ("code", "version", "name", "formula", "weight", "from_on")}
            for key in record["keys"]
        ],
        # As texts: they pass the whole numbers that most readers of JSON keep exact.
        "share": {"numerator": numerator, "denominator": denominator},
        "populations": [
            {"siren": siren, "kind": kind, "year": year, "inhabitants": value}
            for siren, kind, year, value in record["populations"]
        ],
        **_three(line.ht_cents, line.vat_cents, line.ttc_cents),
        "vat_percent": percent_text(vat_rate(record)).replace(",", ".") or None,
        "why": line.why,
        "computation": {"digest": line.run.digest, "computed_at": line.run.computed_at.isoformat(), "record": record},
    }


def _three(ht: int, vat: int, ttc: int) -> Document:
    return {"ht": amount(ht), "vat": amount(vat), "ttc": amount(ttc)}


def _row(one: Statement, line: StatementLine, creditor: AuthorityView, debtor: AuthorityView) -> dict[str, str | int]:
    return {
        "siret_creancier": creditor.siret,
        "creancier": creditor.name,
        "siret_debiteur": debtor.siret,
        "debiteur": debtor.name,
        "code_service": one.service_code,
        "numero_engagement": one.commitment,
        "releve": one.number,
        "nature": str(one.get_kind_display()).lower(),
        "acompte": one.rank,
        "exercice": one.year,
        "emis_le": one.issued_on.isoformat(),
        "echeance": one.due_on.isoformat(),
        "annule": one.mirrors.number if one.mirrors else "",
        "ligne": line.position + 1,
        "libelle": line.label,
        "cle": line.key,
        "fraction": line.share,
        "ht": line.ht_cents,
        "taux_tva": percent_text(vat_rate(line.run.record)),
        "tva": line.vat_cents,
        "ttc": line.ttc_cents,
        "etat": str(one.get_state_display()).lower(),
        "empreinte": line.run.digest,
    }
