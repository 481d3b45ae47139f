"""Forms of an order: what is ordered, what the others answer, the issue, the delivery, the reason to give up."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis.eservices.facade import EServiceView
from parvis.pooling.models import AnswerKind, OrderLine, PriceLine, PurchaseOrder
from parvis.pooling.rules.order_content import Delivery, Lifting, NewEService, OrderContent
from parvis.pooling.rules.order_totals import parse_quantity, quantity_words
from parvis.pooling.web.forms import PlainForm, day_field

THEMES = (
    ("identity", _("Papiers et état civil")), ("family", _("Famille et école")), ("housing", _("Logement, urbanisme")),
    ("surroundings", _("Cadre de vie")), ("leisure", _("Culture et loisirs")), ("associations", _("Associations")),
    ("solidarity", _("Solidarité")), ("business", _("Entreprises")), ("other", _("Autre")),
)  # fmt: skip


class QuantityField(forms.CharField):
    """Hundredths from « 1,5 »; None when it is left empty or at zero: that line is not ordered."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=12, required=False, **options)
        self.widget.attrs.update(inputmode="decimal", autocomplete="off", size="6")

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text or not text.strip("0,. "):
            return None
        try:
            return parse_quantity(text)
        except ValueError as error:
            message = _now("«\u202f%s\u202f» n’est pas une quantité. Écrivez par exemple 1 ou 2,5.")
            raise ValidationError(message % text) from error


class OrderForm(PlainForm):
    """One quantity a line of the schedule: what is left empty is not ordered."""

    title = forms.CharField(
        label=_("Que commandez-vous\u202f?"), max_length=200,
        help_text=_("Exemple\u202f: inscription scolaire en ligne, deux jours de formation."),
    )  # fmt: skip
    deliver_to = forms.CharField(label=_("Lieu de livraison ou d’exécution"), max_length=300, required=False)
    deliver_by = day_field(_("À livrer pour le"), required=False)
    commitment = forms.CharField(
        label=_("Numéro d’engagement"), max_length=40, required=False,
        help_text=_("Celui de votre comptabilité\u202f: le titulaire le rappelle sur sa facture."),
    )  # fmt: skip
    service_code = forms.CharField(label=_("Code service"), max_length=40, required=False)
    remark = forms.CharField(
        label=_("Précisions pour le titulaire"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
    )  # fmt: skip

    def __init__(self, *arguments: Any, prices: Iterable[PriceLine], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.prices = {f"q-{one.id.hex}": one for one in prices}
        for name, price in self.prices.items():
            self.fields[name] = QuantityField(label=_now("Quantité, {label}").format(label=price.label))

    @property
    def quantities(self) -> list[tuple[PriceLine, forms.BoundField]]:
        return [(price, self[name]) for name, price in self.prices.items()]

    def content(self) -> OrderContent:
        values = dict(self.cleaned_data)
        quantities = [(price.id, values.pop(name)) for name, price in self.prices.items()]
        return OrderContent(**values, lines=tuple((key, quantity) for key, quantity in quantities if quantity))


def order_initial(order: PurchaseOrder, lines: Iterable[OrderLine], prices: Iterable[PriceLine]) -> dict[str, Any]:
    """A line whose price was followed by another is found again by its code."""
    named = {name: getattr(order, name) for name in OrderForm.base_fields}
    by_code = {one.code: one for one in prices}
    for line in lines:
        if (price := by_code.get(line.price.code)) is not None:
            named[f"q-{price.id.hex}"] = quantity_words(line.quantity_hundredths)
    return named


class AnswerForm(PlainForm):
    kind = forms.ChoiceField(
        label=_("Votre réponse"), widget=forms.RadioSelect,
        choices=[
            (AnswerKind.SEEN, _("Vu, sans remarque")),
            (AnswerKind.COMMENT, _("J’ai une remarque")),
            (AnswerKind.JOIN, _("Nous voulons nous joindre à cette commande et en partager le coût")),
        ],
    )  # fmt: skip
    text = forms.CharField(
        label=_("Votre remarque"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=_("Lue par tous les membres du groupement."),
    )  # fmt: skip


class IssueForm(PlainForm):
    """`reasoned`: somebody of the order was not named at the launch, and the reason is asked for."""

    signatory = forms.CharField(
        label=_("Nom et qualité du signataire"), max_length=160,
        help_text=_("Exemple\u202f: Claude Martel, adjointe aux finances. Écrit sur le bon de commande."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Pourquoi commander quand même"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Gardé avec votre nom et la date."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, reasoned: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not reasoned:
            del self.fields["reason"]


class DeliveryForm(PlainForm):
    """`online`: the order puts an e-service online, and says which and since when."""

    delivered_on = day_field(_("Reçu le"))
    report = forms.CharField(
        label=_("Ce que vous avez constaté"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text=_("Exemple\u202f: tout est conforme à la commande."),
    )  # fmt: skip
    reserves = forms.CharField(
        label=_("Réserves"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text=_("Ce que le titulaire doit encore corriger. Vide\u202f: réception sans réserve."),
    )  # fmt: skip
    serves_from = day_field(
        _("Téléservice ouvert aux habitants à partir du"),
        help_text=_("Il compte dans les parts de ses membres à partir de ce jour."),
    )
    eservice = forms.ChoiceField(label=_("Quel téléservice\u202f?"), required=False)
    new_name = forms.CharField(
        label=_("Ou le nom du nouveau"), required=False, max_length=120,
        help_text=_("S’il n’est pas encore au catalogue."),
    )  # fmt: skip
    new_code = forms.SlugField(
        label=_("Son code"), required=False, max_length=40, help_text=_("Court, sans espace. Exemple\u202f: ecole.")
    )
    new_theme = forms.ChoiceField(label=_("Son thème"), required=False, choices=THEMES, initial="other")
    file = forms.FileField(
        label=_("Procès-verbal de réception"), required=False,
        help_text=_("Un fichier PDF de préférence, 20\u00a0Mo au plus."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, online: bool, catalogue: Sequence[EServiceView], **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not online:
            for name in ("serves_from", "eservice", "new_name", "new_code", "new_theme"):
                del self.fields[name]
            return
        field = self.fields["eservice"]
        assert isinstance(field, forms.ChoiceField)
        listed = [(str(one.id), f"{one.name} ({one.authority_name})") for one in catalogue]
        field.choices = [("", _("Nouveau téléservice")), *listed]

    def delivery(self) -> Delivery:
        values = self.cleaned_data
        name, code, chosen = values.get("new_name", ""), values.get("new_code", ""), values.get("eservice", "")
        return Delivery(
            delivered_on=values["delivered_on"], report=values["report"], reserves=values["reserves"],
            serves_from=values.get("serves_from"), eservice_id=UUID(chosen) if chosen else None,
            new_eservice=NewEService(code, name, values.get("new_theme") or "other") if name or code else None,
        )  # fmt: skip


class LiftForm(PlainForm):
    lifted_on = day_field(_("Corrigé le"))
    put_right = forms.CharField(
        label=_("Ce qui a été corrigé"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text=_("Exemple\u202f: le formulaire se remplit au clavier."),
    )  # fmt: skip
    file = forms.FileField(label=_("Document qui le montre"), required=False)

    def lifting(self) -> Lifting:
        return Lifting(self.cleaned_data["lifted_on"], self.cleaned_data["put_right"])


class CancelForm(PlainForm):
    reason = forms.CharField(
        label=_("Pourquoi"), max_length=300, help_text=_("Écrit au titulaire et aux membres informés.")
    )
