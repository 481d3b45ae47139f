from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from parvis.appointments.models import Waiting
from parvis.appointments.rules.paris import day_of
from parvis.appointments.selectors.places import places
from parvis.appointments.selectors.waiting import WaitedFor
from parvis.appointments.services.join_waiting import Wish
from parvis.appointments.web.forms import AddressField, PlainForm, day_field
from parvis.appointments.words import persons_words
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.notifications import facade as notifications

USUAL_WAIT = timedelta(days=30)


class WishForm(PlainForm):
    """What somebody waits for, for a reason that is chosen already."""

    personnes = forms.TypedChoiceField(
        label=gettext_lazy("Combien de personnes viennent\u202f?"),
        coerce=int,
        error_messages={"invalid_choice": gettext_lazy("Choisissez un nombre de la liste.")},
    )
    lieux = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Dans quels lieux\u202f?"),
        help_text=gettext_lazy("Rien de coché\u202f: tous les lieux, donc plus de chances."),
        required=False,
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Un de ces lieux ne reçoit plus. Choisissez-en d’autres.")},
    )
    apres = day_field(
        gettext_lazy("À partir du"), missing=gettext_lazy("Choisissez le premier jour qui vous convient.")
    )
    avant = day_field(
        gettext_lazy("Jusqu’au"),
        missing=gettext_lazy("Choisissez le dernier jour qui vous convient."),
        help_text=gettext_lazy("Ensuite nous n’écrirons plus. Vous avez déjà un rendez-vous\u202f? Mettez la veille."),
    )

    def __init__(self, data: Any, wanted: WaitedFor, initial: dict[str, Any]) -> None:
        today = day_of(clock.now())
        self.wanted = wanted
        super().__init__(data, initial={"personnes": 1, "apres": today, "avant": today + USUAL_WAIT, **initial})
        persons = [(number, persons_words(number)) for number in range(1, wanted.max_persons + 1)]
        self.fields["personnes"].choices = persons  # type: ignore[attr-defined]
        shown = places(ids=wanted.place_ids)
        self.fields["lieux"].choices = [  # type: ignore[attr-defined]
            (str(one.id), one.name if one.city in one.name else f"{one.city}, {one.name}") for one in shown
        ]
        if len(shown) < 2:
            del self.fields["lieux"]

    def wish(self) -> Wish:
        """Of a valid form."""
        said = self.cleaned_data
        chosen = tuple(said.get("lieux") or ())
        return Wish(self.wanted.code, said["personnes"], chosen, said["apres"], said["avant"])


class JoinForm(WishForm):
    email = AddressField(
        label=gettext_lazy("Votre adresse électronique"),
        help_text=gettext_lazy("Nous vous écrivons tout de suite\u202f: ouvrez le lien du message pour confirmer."),
        error_messages={
            "required": gettext_lazy("Écrivez votre adresse\u202f: c’est là que nous vous préviendrons."),
        },
    )
    phone = forms.CharField(
        label=gettext_lazy("Votre téléphone mobile"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("Pour un SMS en plus, entre 9\u00a0h et 20\u00a0h\u202f: une place se prend vite."),
    )

    def __init__(self, data: Any, wanted: WaitedFor, initial: dict[str, Any]) -> None:
        super().__init__(data, wanted, initial)
        if not notifications.sms_offered():
            del self.fields["phone"]

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"]).strip()
        if not typed:
            return ""
        try:
            return notifications.read_mobile(typed)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from refusal


def initial_of(waiting: Waiting) -> dict[str, Any]:
    return {
        "personnes": waiting.persons,
        "lieux": waiting.place_ids,
        "apres": waiting.after,
        "avant": waiting.before,
    }


def read_places(text: str) -> list[UUID]:
    """The places of an address, `lieux=<uuid>,<uuid>`; what is no id is left out."""
    found = []
    for part in text.split(",")[:100]:
        try:
            found.append(UUID(part))
        except ValueError:
            continue
    return found
