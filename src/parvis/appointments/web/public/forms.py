from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.appointments.rules.paris import day_of, monday_of
from parvis.appointments.rules.release import LOOK_AHEAD
from parvis.appointments.selectors.search import Offered, Wanted
from parvis.appointments.web.forms import day_field
from parvis.appointments.words import persons_words
from parvis.kit import clock

WHEN = (
    ("", gettext_lazy("Dès que possible")),
    ("semaine", gettext_lazy("Dans les 7 jours")),
    ("prochaine", gettext_lazy("La semaine prochaine")),
    ("samedi", gettext_lazy("Un samedi")),
)
WEEK = timedelta(days=7)
SUNDAY = timedelta(days=6)


class FindForm(forms.Form):
    """The search, from the address of the page. Only the reason is asked for: all the rest has a sensible default."""

    motif = forms.ChoiceField(
        label=gettext_lazy("Pour quoi venez-vous\u202f?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choisissez pour quoi vous venez."),
            "invalid_choice": gettext_lazy("Ce motif n’existe plus. Choisissez-en un autre."),
        },
    )
    personnes = forms.TypedChoiceField(
        label=gettext_lazy("Combien de personnes ont une demande à faire\u202f?"),
        coerce=int,
        error_messages={"invalid_choice": gettext_lazy("Choisissez un nombre de la liste.")},
    )
    pres = forms.CharField(
        label=gettext_lazy("Près de"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Une adresse, une commune ou un code postal."),
    )
    quand = forms.ChoiceField(label=gettext_lazy("Quand"), choices=WHEN, required=False)
    avant = day_field(gettext_lazy("Au plus tard le"), required=False)
    sans_marche = forms.BooleanField(
        label=gettext_lazy("Accès sans marche seulement (plain-pied ou ascenseur)"), required=False
    )

    def __init__(self, data: Any, choices: list[Offered], *, asked: bool) -> None:
        said = {"personnes": "1", **{name: data[name] for name in data if name in self.base_fields}}
        super().__init__(said if asked else None, initial=said)
        self.fields["motif"].choices = [(one.code, one.label) for one in choices]  # type: ignore[attr-defined]
        most = max((one.max_persons for one in choices), default=1)
        persons = [(number, persons_words(number)) for number in range(1, most + 1)]
        self.fields["personnes"].choices = persons  # type: ignore[attr-defined]

    def clean_avant(self) -> date | None:
        last: date | None = self.cleaned_data.get("avant")
        if last is not None and last < day_of(clock.now()):
            raise forms.ValidationError(_("Cette date est passée. Choisissez-en une autre."))
        return last

    def wanted(self, point: tuple[float, float] | None, by_time: bool) -> Wanted:
        """What a valid form asks for."""
        values, today = self.cleaned_data, day_of(clock.now())
        first, last = {
            "semaine": (today, today + SUNDAY),
            "prochaine": (monday_of(today) + WEEK, monday_of(today) + WEEK + SUNDAY),
        }.get(values["quand"], (None, None))
        before = values["avant"]
        if before is not None:
            last = min(last or before, before, day_of(clock.now() + LOOK_AHEAD))
        return Wanted(
            code=values["motif"],
            persons=values["personnes"],
            point=point,
            first=first,
            last=last,
            saturday=values["quand"] == "samedi",
            step_free=values["sans_marche"],
            by_time=by_time,
        )
