"""The forms of a booking. What is right of an incomplete form is saved too: `answers()` gives it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.appointments.models import Booking
from parvis.appointments.rules.application_id import LENGTH, doubtful_signs, is_application_id, normalise
from parvis.appointments.rules.persons import (
    CASES,
    OTHER_NEEDS_LENGTH,
    Needs,
    contact_number,
    has_cases,
    needs_of,
    written_needs,
)
from parvis.appointments.rules.reasons import is_numbered
from parvis.appointments.services.save_booking import ContactAnswers, PersonAnswers
from parvis.appointments.web.forms import TOO_LONG, AddressField, PlainForm
from parvis.kit.errors import Refusal
from parvis.notifications import facade as notifications

PERSON_FIELDS = ("first_name", "last_name", "minor", "case", "application_id")


def _text(label: Any, missing: Any, length: int = 80, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, error_messages={"required": missing, "max_length": TOO_LONG}, **more
    )


class PeopleForm(PlainForm):
    """As many persons as the slot was held for. `vu`: the numbers whose other appointment was already shown."""

    def __init__(self, data: Any, booking: Booking) -> None:
        self.numbered, self.cases = is_numbered(booking.reason.code), has_cases(booking.reason.code)
        self.ranks = range(1, booking.persons + 1)
        people = {one.rank: one for one in booking.people.all()}
        super().__init__(
            data,
            initial={
                f"p{rank}-{name}": getattr(people[rank], name)
                for rank in self.ranks
                for name in PERSON_FIELDS
                if rank in people
            },
        )
        for rank in self.ranks:
            self._add_person(rank, booking.persons)
        self.fields["vu"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def _add_person(self, rank: int, persons: int) -> None:
        def said(alone: str, one_of_several: str) -> str:
            return alone if persons == 1 else one_of_several.format(rank=rank)

        new: dict[str, forms.Field] = {
            "first_name": _text(
                said(gettext("Prénom"), gettext("Prénom de la personne {rank}")),
                _("Écrivez le prénom de la personne qui vient."),
            ),
            "last_name": _text(
                said(gettext("Nom"), gettext("Nom de la personne {rank}")),
                _("Écrivez son nom de famille, comme sur la pré-demande ou la pièce d’identité."),
            ),
            "minor": forms.BooleanField(
                label=said(gettext("A moins de 18 ans"), gettext("La personne {rank} a moins de 18 ans")),
                required=False,
            ),
        }
        if self.cases:
            new["case"] = forms.ChoiceField(
                label=said(gettext("Que demandez-vous\u202f?"), gettext("Que demande la personne {rank}\u202f?")),
                choices=list(CASES.items()), widget=forms.RadioSelect,
                error_messages={"required": _("Choisissez une réponse\u202f: la liste des papiers en dépend.")},
            )  # fmt: skip
        if self.numbered:
            new["application_id"] = _text(
                said(gettext("Numéro de pré-demande"), gettext("Numéro de pré-demande de la personne {rank}")),
                _("Recopiez les 10 lettres et chiffres du récapitulatif de la pré-demande, par exemple AB12CD34EF."),
                length=40,
                help_text=_(
                    "10 lettres et chiffres, sur le récapitulatif de la pré-demande faite sur ants.gouv.fr "
                    "(France Titres). Chaque personne a le sien."
                ),
            )
        for name, one in new.items():
            self.fields[f"p{rank}-{name}"] = one

    def clean(self) -> None:
        seen: dict[str, int] = {}
        for rank in self.ranks:
            name = f"p{rank}-application_id"
            if name not in self.cleaned_data:
                continue
            number = normalise(self.cleaned_data[name])
            self.cleaned_data[name] = number
            if not is_application_id(number):
                self.add_error(name, _wrong_number(number))
            elif number in seen:
                message = gettext(
                    "C’est déjà le numéro de la personne {rank}. Chaque personne a le sien, sur son récapitulatif."
                )
                self.add_error(name, message.format(rank=seen[number]))
            else:
                seen[number] = rank

    def numbers(self) -> dict[int, str]:
        """rank -> well-formed number."""
        named = {rank: self.cleaned_data.get(f"p{rank}-application_id", "") for rank in self.ranks}
        return {rank: number for rank, number in named.items() if number}

    def answers(self) -> list[PersonAnswers]:
        return [PersonAnswers(rank, **self._typed(rank)) for rank in self.ranks]

    def _typed(self, rank: int) -> dict[str, Any]:
        names = {name: f"p{rank}-{name}" for name in PERSON_FIELDS}
        return {name: self.cleaned_data[key] for name, key in names.items() if key in self.cleaned_data}


def _wrong_number(number: str) -> str:
    if len(number) == LENGTH:
        return gettext("Ce numéro contient un signe inconnu\u202f: il n’a que des lettres sans accent et des chiffres.")
    return gettext("Un numéro de pré-demande a 10 lettres et chiffres, vous en avez écrit {count}.").format(
        count=len(number)
    )


def read_again(number: str) -> str:
    """Which signs of a number to look at again, or ""."""
    signs = doubtful_signs(number)
    return (
        gettext("Regardez bien\u202f: {signs}.").format(signs=", ".join(_SIGNS[one] for one in signs)) if signs else ""
    )


_SIGNS = {
    "O": "lettre O ou chiffre 0", "0": "chiffre 0 ou lettre O", "I": "lettre I ou chiffre 1",
    "1": "chiffre 1 ou lettre I", "S": "lettre S ou chiffre 5", "5": "chiffre 5 ou lettre S",
    "B": "lettre B ou chiffre 8", "8": "chiffre 8 ou lettre B",
}  # fmt: skip


class ContactForm(PlainForm):
    contact_name = _text(_("Votre nom"), _("Écrivez votre prénom et votre nom."), 120)
    guardian_name = _text(
        _("Parent ou responsable légal qui accompagne l’enfant"),
        _("Écrivez le nom de l’adulte qui vient avec l’enfant."),
        120,
        help_text=_("Un mineur ne vient pas seul\u202f: cette personne apporte sa pièce d’identité."),
    )
    email = AddressField(
        label=_("Adresse électronique"),
        help_text=_("Pour recevoir la confirmation, le rappel et le lien qui permet de déplacer ou d’annuler."),
        error_messages={
            "required": _("Écrivez votre adresse, ou cochez «\u202fJe n’ai pas d’adresse électronique\u202f»."),
        },
    )
    no_email = forms.BooleanField(label=_("Je n’ai pas d’adresse électronique"), required=False)
    phone = _text(
        _("Téléphone"), "", 30, required=False,
        help_text=_("Pour vous prévenir si le rendez-vous change au dernier moment."),
    )  # fmt: skip
    wants_sms = forms.BooleanField(
        label=_("Me rappeler le rendez-vous par SMS"), required=False, help_text=_("Sur un numéro de mobile.")
    )
    wheelchair = forms.BooleanField(label=_("Une personne vient en fauteuil roulant"), required=False)
    sign_language = forms.BooleanField(label=_("Une personne parle la langue des signes"), required=False)
    other = _text(
        _("Autre chose à savoir pour bien vous accueillir"), "", OTHER_NEEDS_LENGTH, required=False,
        help_text=_("Par exemple\u202f: mal voyant, poussette, besoin d’un siège."),
    )  # fmt: skip

    def __init__(self, data: Any, booking: Booking, own: tuple[str, str]) -> None:
        people = list(booking.people.filter(rank__lte=booking.persons))
        adult = next((f"{one.first_name} {one.last_name}".strip() for one in people if not one.minor), "")
        needs = needs_of(booking.needs)
        super().__init__(
            data,
            initial={
                "contact_name": booking.contact_name or own[0] or adult,
                "guardian_name": booking.guardian_name or own[0] or adult,
                "email": booking.email or own[1],
                "no_email": bool(booking.contact_name and not booking.email),
                "phone": notifications.shown_number(booking.phone) if booking.phone else "",
                "wants_sms": booking.wants_sms,
                "wheelchair": needs.wheelchair,
                "sign_language": needs.sign_language,
                "other": needs.other,
            },
        )
        if data is not None and data.get("no_email"):
            self.fields["email"].required = False
        if not any(one.minor for one in people):
            del self.fields["guardian_name"]
        if not notifications.sms_offered():
            del self.fields["wants_sms"]

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"]).strip()
        number = contact_number(typed) if typed else ""
        if number is None:
            raise ValidationError(
                _("Ce numéro est incomplet. Écrivez-le comme 03\u00a089\u00a000\u00a000\u00a000 ou +41\u00a079…")
            )
        return number

    def clean(self) -> None:
        typed = self.cleaned_data
        if typed.get("no_email"):
            typed["email"] = ""
            if "phone" in typed and not typed["phone"]:
                message = _("Sans adresse électronique, donnez un téléphone\u202f: l’accueil pourra vous joindre.")
                self.add_error("phone", message)
        if typed.get("wants_sms") and "phone" in typed:
            self._require_mobile(typed["phone"])

    def _require_mobile(self, phone: str) -> None:
        if not phone:
            self.add_error("phone", _("Pour recevoir un SMS, donnez un numéro de mobile, ou décochez le rappel."))
            return
        try:
            self.cleaned_data["phone"] = notifications.read_mobile(phone)
        except Refusal as refusal:
            self.add_error("phone", refusal.message)

    def answers(self) -> ContactAnswers:
        typed = self.cleaned_data
        needs = Needs(typed.get("wheelchair", False), typed.get("sign_language", False), typed.get("other", ""))
        names = ("contact_name", "guardian_name", "email", "phone", "wants_sms")
        kept = {name: typed[name] for name in names if name in typed}
        if "phone" not in kept:
            kept["wants_sms"] = False
        return ContactAnswers(needs=written_needs(needs), **kept)


class FindForm(PlainForm):
    email = AddressField(
        label=_("Votre adresse électronique"),
        help_text=_("Celle que vous aviez donnée en prenant le rendez-vous."),
        error_messages={
            "required": _("Écrivez votre adresse, par exemple camille@exemple.fr."),
        },
    )
