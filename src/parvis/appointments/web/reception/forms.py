"""What an agent types for somebody: as little as the desk needs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.appointments.models import Reason
from parvis.appointments.rules.persons import contact_number
from parvis.appointments.rules.reasons import is_numbered
from parvis.appointments.services.book_for_somebody import Somebody
from parvis.appointments.web.forms import TOO_LONG, AddressField, PlainForm


def _text(label: Any, length: int, help_text: Any = "", *, missing: Any = "") -> forms.CharField:
    messages = {"max_length": TOO_LONG, "required": missing}
    return forms.CharField(
        label=label, max_length=length, help_text=help_text, required=bool(missing), error_messages=messages
    )


class AskingForm(PlainForm):
    """`asked`: fields that a rule further down requires, so that the page does not call them optional."""

    asked: tuple[str, ...] = ()

    def for_page(self) -> "AskingForm":
        """Call it once the form was checked."""
        for name in self.asked:
            self.fields[name].required = True
        return self


class WalkInForm(AskingForm):
    """Nothing of the person is asked: a first name, for those who like to be called by it."""

    reason = forms.ChoiceField(
        label=_("Motif"), widget=forms.RadioSelect, error_messages={"required": _("Choisissez un motif.")}
    )
    persons = forms.IntegerField(
        label=_("Personnes"), min_value=1, max_value=20, initial=1,
        error_messages={
            "required": _("Écrivez un nombre de personnes, par exemple 1."),
            "invalid": _("Écrivez un nombre de personnes, par exemple 1."),
            "min_value": _("Une personne au moins."),
            "max_value": _("20 personnes au plus."),
        },
    )  # fmt: skip
    first_name = _text(
        _("Prénom"), 80, _("Seulement si la personne le souhaite. L’écran montre le ticket, jamais le nom.")
    )
    needs = _text(_("Pour bien l’accueillir"), 200, _("Par exemple\u202f: fauteuil roulant, langue des signes."))
    why = _text(_("Pourquoi la recevoir au-delà du nombre prévu"), 200, _("Reste dans la note du rendez-vous."))

    def __init__(self, data: Any, reasons: list[Reason], *, over: bool, several: bool) -> None:
        super().__init__(data, initial={"reason": str(reasons[0].id) if len(reasons) == 1 else ""})
        self.reasons = {str(one.id): one for one in reasons}
        labels = [
            (key, f"{one.label} ({one.agenda.name})" if several else one.label) for key, one in self.reasons.items()
        ]
        self.fields["reason"].choices = labels  # type: ignore[attr-defined]
        if over:
            self.asked = ("why",)
        else:
            del self.fields["why"]

    def chosen(self) -> Reason:
        return self.reasons[self.cleaned_data["reason"]]


class CallerForm(AskingForm):
    """Who the appointment is for, with a number for each person where the reason asks for one."""

    contact_name = _text(_("Nom de la personne"), 120, missing=_("Écrivez le prénom et le nom de la personne."))
    phone = _text(_("Téléphone"), 30, _("Pour la prévenir si le rendez-vous change."))
    email = AddressField(
        label=_("Adresse électronique"), required=False,
        help_text=_("Elle reçoit la confirmation et son lien. Sans adresse, imprimez le papier."),
    )  # fmt: skip
    needs = _text(_("Pour bien l’accueillir"), 200, _("Par exemple\u202f: fauteuil roulant, langue des signes."))

    def __init__(self, data: Any, reason: Reason, persons: int) -> None:
        super().__init__(data)
        self.numbered, self.ranks = is_numbered(reason.code), range(1, persons + 1)
        if not self.numbered:
            return
        for rank in self.ranks:
            who = _("Personne {rank}\u202f: ").format(rank=rank) if persons > 1 else ""
            if persons > 1:
                same = _("Si vous n’écrivez rien, la personne nommée plus haut.") if rank == 1 else ""
                self.fields[f"name_{rank}"] = _text(f"{who}{_('prénom et nom')}", 120, same)
            self.fields[f"application_id_{rank}"] = _text(
                f"{who}{_('numéro de pré-demande')}" if who else _("Numéro de pré-demande"), 30,
                _("Dix lettres ou chiffres, un par personne. Exemple\u202f: A1B2C3D4E5."),
            )  # fmt: skip
        self.fields["on_paper"] = forms.BooleanField(
            label=_("Formulaire papier\u202f: la personne le remplira au guichet, sans numéro"), required=False
        )
        self.asked = tuple(f"application_id_{rank}" for rank in self.ranks)
        people = [f"{name}_{rank}" for rank in self.ranks for name in ("name", "application_id")]
        self.order_fields(["contact_name", *people, "on_paper"])

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"]).strip()
        number = contact_number(typed) if typed else ""
        if number is None:
            raise ValidationError(_("Ce numéro est incomplet. Écrivez-le comme 03\u00a089\u00a000\u00a000\u00a000."))
        return number

    def people(self) -> tuple[Somebody, ...]:
        """One for each person; the first one's name is the caller's where no other is written."""
        typed = self.cleaned_data
        found = []
        for rank in self.ranks:
            name = typed.get(f"name_{rank}", "") or (typed.get("contact_name", "") if rank == 1 else "")
            first, _blank, last = name.strip().partition(" ")
            found.append(Somebody(first, last, typed.get(f"application_id_{rank}", "")))
        return tuple(found)


class WhyForm(PlainForm):
    """Why a desk moves or cancels: the person reads it."""

    why = _text(
        _("Pourquoi"), 200, _("La personne le lira. Exemple\u202f: l’agent est absent ce jour-là."),
        missing=_("Écrivez pourquoi\u202f: la personne le lira."),
    )  # fmt: skip


class NoteForm(PlainForm):
    desk_note = _text(_("Note de l’accueil"), 300, _("Pour les agents. Restez aux faits utiles à l’accueil."))
