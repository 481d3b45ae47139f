from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siret as siret_number

from parvis.authorities.facade import AuthorityView
from parvis.kit.money import euros
from parvis.pooling.invoices.fields import LONGEST_NUMBER
from parvis.pooling.invoices.reading import MAX_FILE
from parvis.pooling.models import PurchaseOrder
from parvis.pooling.rules.hand_entry import HandEntry
from parvis.pooling.web.forms import EurosField, PlainForm, day_field

INVOICE, CREDIT = "invoice", "credit"
LONGEST_REASON = 1000


class FileForm(PlainForm):
    """A file, and the order that it is for when the person knows it better than the invoice says it."""

    file = forms.FileField(label=_("Fichier de la facture"), allow_empty_file=True)
    order = forms.ChoiceField(label=_("Commande"), required=False)

    def __init__(self, *arguments: Any, orders: list[PurchaseOrder], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [(str(one.id), order_words(one)) for one in orders]
        self.fields["order"].choices = [("", _now("La retrouver d’après la facture")), *choices]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            message = _now("«\u202f{name}\u202f» dépasse 10\u00a0Mo. Choisissez un fichier plus léger.")
            raise ValidationError(message.format(name=file.name))
        return file

    @property
    def order_id(self) -> UUID | None:
        return UUID(self.cleaned_data["order"]) if self.cleaned_data["order"] else None

    def content(self) -> tuple[bytes, str]:
        file = self.cleaned_data["file"]
        return file.read(), file.name


class DepositForm(FileForm):
    pass


class HandForm(FileForm):
    kind = forms.ChoiceField(
        label=_("Vous recopiez"), widget=forms.RadioSelect, initial=INVOICE,
        choices=[(INVOICE, _("une facture, à payer")), (CREDIT, _("un avoir, qui rend tout ou partie d’une facture"))],
    )  # fmt: skip
    number = forms.CharField(label=_("Numéro"), max_length=LONGEST_NUMBER)
    corrects = forms.CharField(
        label=_("Facture que l’avoir corrige"), max_length=LONGEST_NUMBER, required=False,
        help_text=_("Pour un avoir seulement\u202f: le numéro de la facture qu’il cite."),
    )  # fmt: skip
    issued_on = day_field(_("Date de la facture"))
    due_on = day_field(_("À payer pour le"), required=False)
    seller_name = forms.CharField(label=_("Entreprise qui facture"), max_length=200)
    seller_siret = forms.CharField(
        label=_("SIRET de cette entreprise"), max_length=20, required=False,
        help_text=_("14 chiffres, en bas de la facture. Vide si elle ne le donne pas."),
    )  # fmt: skip
    buyer_siret = forms.CharField(
        label=_("SIRET de l’acheteur, tel qu’il est écrit"), max_length=20, required=False,
        help_text=_("Vérifiez que la facture vous est bien adressée. Vide si elle ne le donne pas."),
    )  # fmt: skip
    order_reference = forms.CharField(
        label=_("Numéro d’engagement ou de commande, tel qu’il est écrit"), max_length=80, required=False
    )
    ht = EurosField(label=_("Total hors taxes"), allow_zero=False)
    vat = EurosField(label=_("Total de la TVA"))
    ttc = EurosField(label=_("Total TTC"), allow_zero=False)

    field_order = (
        "kind", "number", "corrects", "issued_on", "due_on", "seller_name", "seller_siret", "buyer_siret",
        "order_reference", "ht", "vat", "ttc", "order", "file",
    )  # fmt: skip

    def __init__(self, *arguments: Any, house: AuthorityView, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.house = house
        self.fields["file"].label = _("Scan ou PDF de la facture")
        self.fields["buyer_siret"].initial = house.siret

    def clean_seller_siret(self) -> str:
        return _siret(self.cleaned_data["seller_siret"])

    def clean_buyer_siret(self) -> str:
        given = "".join(self.cleaned_data["buyer_siret"].split())
        return given if given == self.house.siret else _siret(given)

    def clean_ht(self) -> int:
        return _amount(self.cleaned_data["ht"])

    def clean_ttc(self) -> int:
        return _amount(self.cleaned_data["ttc"])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        credit = values.get("kind") == CREDIT
        if credit and not values.get("corrects"):
            self.add_error("corrects", _now("Recopiez le numéro de la facture que cet avoir corrige."))
        if not credit:
            values["corrects"] = ""
        return values

    def entry(self) -> HandEntry:
        values = self.cleaned_data
        return HandEntry(
            number=values["number"],
            issued_on=values["issued_on"],
            due_on=values["due_on"],
            seller_name=values["seller_name"],
            seller_siret=values["seller_siret"],
            buyer_name=self.house.name if values["buyer_siret"] == self.house.siret else "",
            buyer_siret=values["buyer_siret"],
            order_reference=values["order_reference"],
            corrects=values["corrects"],
            ht_cents=values["ht"],
            vat_cents=values["vat"],
            ttc_cents=values["ttc"],
        )


class MatchForm(PlainForm):
    """`accepted`: the codes of the differences that the page showed, separated by spaces."""

    order = forms.UUIDField(widget=forms.HiddenInput)
    accepted = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Pourquoi vous l’acceptez malgré ces points"), required=False, max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ReasonForm(PlainForm):
    reason = forms.CharField(
        label=_("Pourquoi"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip


class RefuseForm(ReasonForm):
    tell = forms.BooleanField(required=False, initial=True)

    def __init__(self, *arguments: Any, address: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["reason"].label = _("Pourquoi, en mots que le titulaire comprendra")
        if address:
            self.fields["tell"].label = _now("L’écrire au titulaire, à {address}").format(address=address)
        else:
            del self.fields["tell"]


class PaymentForm(PlainForm):
    """`left`: what the page said would go back to the framework, in cents."""

    paid_on = day_field(_("Payé le"))
    reference = forms.CharField(
        label=_("Numéro du mandat"), max_length=60, help_text=_("Celui de votre comptable, pour retrouver le paiement.")
    )
    left = forms.IntegerField(widget=forms.HiddenInput)


def order_words(order: PurchaseOrder) -> str:
    """BC-2026-014 · Titre · 7 350,00 € HT."""
    return _now("{number} · {title} · {amount} HT").format(
        number=order.number, title=order.title, amount=euros(order.ht_cents)
    )


def _amount(cents: int | None) -> int:
    if not cents:
        raise ValidationError(_now("Écrivez un montant positif, en euros. Exemple\u202f: 1 250,50"))
    return cents


def _siret(text: str) -> str:
    given = "".join(text.split())
    if given and not siret_number.is_valid(given):
        figures = sum(c.isdigit() for c in given)
        message = _now("Un SIRET compte 14 chiffres, et celui-ci n’est pas juste (il en a {figures}). Relisez-le.")
        raise ValidationError(message.format(figures=figures))
    return given
