"""What receiving an invoice and typing one share: it adds up, it is not there yet, its file is kept whole."""

from io import BytesIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id
from parvis.pooling.models import Invoice, PaperKind
from parvis.pooling.rules.invoice import InvoiceRead, Level
from parvis.pooling.rules.invoice_json import invoice_json
from parvis.pooling.rules.words import day
from parvis.pooling.selectors.invoices import (
    candidates_for,
    known_invoice,
    likeliest,
    own_orders,
    sender_key,
    sentence_of,
)
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.save_checked import save_checked

MOST_CENTS = 10**13


class AlreadyReceived(Refusal):
    """The same seller and number are there; `invoice_id`: where, when it is known."""

    def __init__(self, message: str, invoice_id: UUID | None = None) -> None:
        super().__init__("already_received", message)
        self.invoice_id = invoice_id


def record_invoice(
    group_id: UUID, read: InvoiceRead, data: bytes, name: str, order_id: UUID | None, actor_id: UUID | None
) -> Invoice:
    """An invoice of the authority in scope, to be matched: `order_id`, else the likeliest order, is proposed.

    Raises Http404, Refusal no_order (none was issued), sums, too_much, already_received, unknown_order, too_large.
    """
    group, owner_id = group_in_reach(group_id), scope.current_authority()
    orders = {one.id for one in own_orders(group.id)}
    if not orders:
        message = _(
            "Votre collectivité n’a émis aucune commande dans ce groupement\u202f: aucune facture n’y est attendue. "
            "Choisissez le groupement de la commande."
        )
        raise Refusal("no_order", message)
    _require_sums(read)
    if order_id is not None and order_id not in orders:
        raise Refusal("unknown_order", _("Choisissez une commande émise par votre collectivité."), "order")
    if (known := known_invoice(read, owner_id)) is not None:
        raise _already(known)
    order_id = order_id or likeliest(candidates_for(read, group.id))
    try:
        with transaction.atomic():
            return _kept(group.id, read, data, name, order_id, actor_id)
    except IntegrityError as error:
        if "one_invoice_per_number" not in str(error):
            raise
        raise _already(known_invoice(read, owner_id)) from error


def _require_sums(read: InvoiceRead) -> None:
    if not read.adds_up:
        blocking = [one for one in read.problems if one.level is Level.BLOCKING]
        default = _("Ses trois totaux (hors taxes, TVA, TTC) ne se lisent pas. Demandez une facture corrigée.")
        raise Refusal("sums", sentence_of(blocking) or default)
    totals = (read.totals.ht, read.totals.vat, read.totals.ttc)
    if any(abs(cents or 0) > MOST_CENTS for cents in totals):
        message = _("Cette facture dépasse cent milliards d’euros. Demandez au titulaire une facture corrigée.")
        raise Refusal("too_much", message)


def _already(known: Invoice | None) -> AlreadyReceived:
    if known is None:
        return AlreadyReceived(_("Cette facture vient d’être enregistrée. Relisez la liste des factures."))
    message = _("La facture {number} de ce vendeur est déjà enregistrée depuis le {day}. Ouvrez-la pour la suite.")
    received_on = known.received_at.astimezone(clock.PARIS).date()
    return AlreadyReceived(message.format(number=known.number, day=day(received_on)), known.id)


def _kept(
    group_id: UUID, read: InvoiceRead, data: bytes, name: str, order_id: UUID | None, actor_id: UUID | None
) -> Invoice:
    invoice_id = new_id()
    paper = attach_paper(
        invoice_id, group_id, PaperKind.INVOICE, read.number, BytesIO(data),
        owner_id=scope.current_authority(), name=name, dated=read.issued_on, actor_id=actor_id,
    )  # fmt: skip
    invoice = Invoice(
        id=invoice_id,
        circle_id=group_id,
        order_id=order_id,
        paper=paper,
        number=read.number,
        type_code=read.type_code,
        issued_on=read.issued_on,
        due_on=read.due_on,
        seller_name=read.seller.name[:200],
        seller_siret=read.seller.siret or read.seller.siren,
        sender_key=sender_key(read),
        ht_cents=read.totals.ht or 0,
        vat_cents=read.totals.vat or 0,
        ttc_cents=read.totals.ttc or 0,
        content=invoice_json(read),
        received_by=actor_id,
    )
    save_checked(invoice)
    return invoice
