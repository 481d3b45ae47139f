"""The figures of one invoice, added up again: the rules of EN 16931 that decide on money (BR-CO-10 to BR-CO-17)."""

from collections.abc import Iterator
from fractions import Fraction

from parvis.kit.money import euros
from parvis.pooling.rules.invoice import CREDIT_TYPES, Difference, InvoiceLine, InvoiceRead, Level, VatPart
from parvis.pooling.rules.vat import order_vat
from parvis.pooling.rules.words import NARROW, quoted, rate

_ASK_AGAIN = f"Demandez au titulaire une facture corrigée{NARROW}: un total faux ne se paie pas."


def wrong_sums(invoice: InvoiceRead) -> tuple[Difference, ...]:
    """What does not add up. An amount that could not be read is passed over: the reading said so already."""
    return (*_totals(invoice), *_breakdown(invoice), *_lines(invoice), *_sign(invoice))


def _totals(invoice: InvoiceRead) -> Iterator[Difference]:
    t = invoice.totals
    if t.ht is not None and t.vat is not None and t.ttc is not None and t.ht + t.vat != t.ttc:
        yield _wrong(
            "ttc_sum",
            f"Le total TTC annoncé est de {euros(t.ttc)}, alors que {euros(t.ht)} HT et {euros(t.vat)} de TVA font "
            f"{euros(t.ht + t.vat)}.",
        )
    if t.ht is not None and t.lines is not None and t.allowances is not None and t.charges is not None:
        found = t.lines - t.allowances + t.charges
        if found != t.ht:
            yield _wrong(
                "ht_sum",
                f"Le total HT annoncé est de {euros(t.ht)}, alors que les lignes, remises et frais compris, font "
                f"{euros(found)}.",
            )
    if t.ttc is not None and t.due is not None and t.paid is not None and t.rounding is not None:
        found = t.ttc - t.paid + t.rounding
        if found != t.due:
            yield _wrong(
                "due_sum",
                f"Le net à payer annoncé est de {euros(t.due)}, alors que le total TTC moins les acomptes fait "
                f"{euros(found)}.",
            )


def _breakdown(invoice: InvoiceRead) -> Iterator[Difference]:
    parts, t = invoice.vat_parts, invoice.totals
    vats = [part.vat_cents for part in parts if part.vat_cents is not None]
    bases = [part.base_cents for part in parts if part.base_cents is not None]
    if parts and t.vat is not None and len(vats) == len(parts) and sum(vats) != t.vat:
        yield _wrong(
            "vat_sum",
            f"La TVA annoncée est de {euros(t.vat)}, alors que le détail par taux fait {euros(sum(vats))}.",
        )
    if parts and t.ht is not None and len(bases) == len(parts) and sum(bases) != t.ht:
        yield _wrong(
            "base_sum",
            f"Le total HT annoncé est de {euros(t.ht)}, alors que les bases de TVA font {euros(sum(bases))}.",
        )
    for part in parts:
        yield from _one_rate(part, len(invoice.lines))


def _one_rate(part: VatPart, lines: int) -> Iterator[Difference]:
    """The standard rounds once per rate; many sellers round each line, so one cent a line is let through."""
    if part.rate is None or part.base_cents is None or part.vat_cents is None:
        return
    expected = order_vat(part.base_cents, part.rate)
    if abs(expected - part.vat_cents) > max(1, lines):
        yield _wrong(
            "vat_of_rate",
            f"La TVA à {rate(part.rate)} est annoncée pour {euros(part.vat_cents)}, alors que {rate(part.rate)} de "
            f"{euros(part.base_cents)} font {euros(expected)}.",
        )


def _lines(invoice: InvoiceRead) -> Iterator[Difference]:
    counted = [line for line in invoice.lines if line.counts]
    nets = [line.net_cents for line in counted if line.net_cents is not None]
    said = invoice.totals.lines
    if counted and said is not None and len(nets) == len(counted) and sum(nets) != said:
        yield _wrong(
            "lines_sum",
            f"Le total des lignes annoncé est de {euros(said)}, alors qu’elles font {euros(sum(nets))}.",
        )
    for line in counted:
        yield from _one_line(line)


def _one_line(line: InvoiceLine) -> Iterator[Difference]:
    if line.quantity is None or line.unit_price is None or line.net_cents is None or line.extras_cents is None:
        return
    if line.price_quantity <= 0:
        return
    exact = Fraction(line.quantity) * Fraction(line.unit_price) * 100 / Fraction(line.price_quantity)
    expected = round(exact) + line.extras_cents
    if abs(expected - line.net_cents) > 1:
        yield Difference(
            "line_sum",
            Level.TO_CHECK,
            f"La ligne {quoted(line.label)} annonce {euros(line.net_cents)} HT, alors que sa quantité et son prix font "
            f"{euros(expected)}.",
            "Comparez cette ligne au bon de commande, puis demandez au titulaire de la corriger ou de l’expliquer.",
        )


def _sign(invoice: InvoiceRead) -> Iterator[Difference]:
    ttc = invoice.totals.ttc
    if invoice.type_code in CREDIT_TYPES and ttc is not None and ttc < 0:
        yield Difference(
            "negative_credit",
            Level.BLOCKING,
            f"Cet avoir porte un total négatif ({euros(ttc)}){NARROW}: on ne sait pas s’il rend ou s’il réclame.",
            "Demandez au titulaire un avoir dont les montants sont positifs.",
        )


def _wrong(code: str, sentence: str) -> Difference:
    return Difference(code, Level.BLOCKING, sentence, _ASK_AGAIN)
