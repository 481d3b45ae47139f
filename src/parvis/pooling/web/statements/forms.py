from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.pooling.web.forms import EurosField, PlainForm, day_field


class CallForm(PlainForm):
    """`seen`: the total that the preview showed, in cents."""

    due_on = day_field(_("À payer pour le"))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CreditForm(PlainForm):
    reason = forms.CharField(
        label=_("Pourquoi ce relevé est annulé"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class PaymentForm(PlainForm):
    """`amount_cents` is typed positive, also when it is given back."""

    amount_cents = EurosField(label=_("Montant payé"), allow_zero=False)
    paid_on = day_field(_("Payé le"))
    reference = forms.CharField(label=_("Référence du paiement"), max_length=60, required=False)

    def __init__(self, *arguments: Any, giving_back: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if giving_back:
            self.fields["amount_cents"].label = _("Montant rendu")
            self.fields["paid_on"].label = _("Rendu le")


class CorrectionForm(PlainForm):
    reason = forms.CharField(label=_("Pourquoi vous le reprenez"), max_length=300)


class BillingForm(PlainForm):
    service_code = forms.CharField(label=_("Code service"), max_length=40, required=False)
    commitment = forms.CharField(label=_("Numéro d’engagement"), max_length=40, required=False)
