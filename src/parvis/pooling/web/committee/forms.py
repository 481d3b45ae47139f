"""Forms of the steering committee: a meeting with its agenda, who came, what was decided, the minutes."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis.kit.clock import PARIS
from parvis.pooling.models import Attendance, CommitteeMeeting, CostKey, DecisionKind, Formula, Presence
from parvis.pooling.rules.key_terms import KeyTerms
from parvis.pooling.rules.words import decimal
from parvis.pooling.services.record_attendance import Came
from parvis.pooling.web.forms import PlainForm, day_field

POPULATIONS = (("totale", _("Totale")), ("municipale", _("Municipale")), ("dgf", _("DGF")))


class MeetingForm(PlainForm):
    title = forms.CharField(label=_("Intitulé"), max_length=160, initial=_("Comité de pilotage"))
    day = day_field(_("Jour"))
    hour = forms.TimeField(
        label=_("Heure"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Écrivez l’heure ainsi\u202f: 14:00.")},
    )  # fmt: skip
    place = forms.CharField(
        label=_("Lieu, ou lien de visioconférence"), max_length=200,
        help_text=_("Exemple\u202f: Hôtel de ville, salle du conseil."),
    )  # fmt: skip
    agenda = forms.CharField(
        label=_("Ordre du jour"), widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Un point par ligne, dans l’ordre. Ces points viennent de ce qui se passe\u202f: changez-les."),
    )  # fmt: skip

    @property
    def meets_at(self) -> datetime:
        """In Paris."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], PARIS)

    @property
    def items(self) -> list[str]:
        return str(self.cleaned_data["agenda"]).splitlines()


def meeting_initial(meeting: CommitteeMeeting) -> dict[str, Any]:
    local = meeting.meets_at.astimezone(PARIS)
    agenda = "\n".join(one.title for one in meeting.items.all())
    return {"title": meeting.title, "day": local.date(), "hour": local.time(), "place": meeting.place, "agenda": agenda}


class CancelForm(PlainForm):
    reason = forms.CharField(label=_("Pourquoi"), max_length=300)

    def __init__(self, data: Any, *, was_called: bool) -> None:
        super().__init__(data)
        reason = self.fields["reason"]
        reason.required = was_called
        reason.help_text = _("Les membres convoqués le liront.") if was_called else ""
        reason.error_messages["required"] = _(
            "Les membres sont convoqués\u202f: écrivez-leur pourquoi il n’a pas lieu."
        )


class AttendanceForm(PlainForm):
    """Two answers a member; a name written without an answer means that the member was present."""

    def __init__(self, data: Any, seats: Sequence[Attendance]) -> None:
        super().__init__(data)
        self.seats = seats
        for seat in seats:
            expected = seat.presence == Presence.EXPECTED
            self.fields[f"presence-{seat.member_id}"] = forms.ChoiceField(
                label=_("{name}, présence").format(name=seat.member.name), required=False,
                choices=[("", _("À dire")), *(one for one in Presence.choices if one[0] != Presence.EXPECTED)],
                initial="" if expected else seat.presence,
            )  # fmt: skip
            self.fields[f"delegate-{seat.member_id}"] = forms.CharField(
                label=_("{name}, représentée par").format(name=seat.member.name), max_length=120, required=False,
                initial=seat.delegate,
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[str, Any, Any]]:
        """Name of the member, its presence, who came for it."""
        return [
            (one.member.name, self[f"presence-{one.member_id}"], self[f"delegate-{one.member_id}"])
            for one in self.seats
        ]

    @property
    def came(self) -> dict[UUID, Came]:
        found = {}
        for one in self.seats:
            delegate = self.cleaned_data[f"delegate-{one.member_id}"]
            presence = self.cleaned_data[f"presence-{one.member_id}"] or (Presence.PRESENT if delegate else "")
            found[one.member_id] = Came(presence, delegate)
        return found


class DecisionForm(PlainForm):
    kind = forms.ChoiceField(
        label=_("Nature"), widget=forms.RadioSelect, initial=DecisionKind.PROJECT,
        choices=[one for one in DecisionKind.choices if one[0] != DecisionKind.KEY],
    )  # fmt: skip
    text = forms.CharField(
        label=_("Décision"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("En une ou deux phrases, comme elle sera lue dans le compte rendu."),
    )  # fmt: skip
    effective_on = day_field(_("S’applique à partir du"), required=False)


# A percentage of two decimals at most, or a fraction of small numbers.
_PART = re.compile(r"(?P<whole>\d{1,3})(\.\d{1,2}|/(?P<of>[1-9]\d{0,3}))?")


class PartField(forms.CharField):
    """A part of one, as a fraction, from « 50 », « 33,3 » or « 1/3 »."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).replace("%", "").replace(",", ".").strip()
        found = _PART.fullmatch(text)
        part = Fraction(int(found["whole"]), int(found["of"])) if found and found["of"] else None
        if found and not found["of"]:
            part = Fraction(text) / 100
        if part is None or part > 1:
            raise ValidationError(_now("Écrivez un pourcentage de 0 à 100, ou une fraction, comme 50 ou 1/3."))
        return part


class KeyDecisionForm(PlainForm):
    """The next version of one key, which starts as the last one is."""

    text = DecisionForm.base_fields["text"]
    in_force_on = day_field(_("S’applique à partir du"))
    name = forms.CharField(label=_("Nom de la clé"), max_length=120)
    formula = forms.ChoiceField(label=_("Formule"), choices=Formula.choices)
    weight = PartField(
        label=_("Part des téléservices, en %"), max_length=20,
        help_text=_("Pour la formule pondérée seulement\u202f; le reste suit la population. Par exemple 50, ou 1/3."),
    )  # fmt: skip
    population_kind = forms.ChoiceField(label=_("Population"), choices=POPULATIONS)
    reference_year = forms.IntegerField(label=_("Année de référence"), min_value=2000, max_value=2100)
    agglomeration = forms.ChoiceField(
        label=_("Population de l’agglomération"),
        choices=[*(CostKey._meta.get_field("agglomeration").choices or ())],
    )
    payer = forms.TypedChoiceField(
        label=_("Qui paie seul"), required=False, coerce=UUID, empty_value=None,
        help_text=_("Pour la formule «\u202fUne seule collectivité paie\u202f»."),
    )  # fmt: skip

    def __init__(self, data: Any, members: Iterable[tuple[UUID, str]], terms: KeyTerms) -> None:
        super().__init__(data, initial=_initial(terms))
        payer = self.fields["payer"]
        assert isinstance(payer, forms.TypedChoiceField)
        payer.choices = [("", _("Personne en particulier")), *((str(key), name) for key, name in members)]

    @property
    def terms(self) -> KeyTerms:
        given = self.cleaned_data
        return KeyTerms(
            name=given["name"], formula=given["formula"], reference_year=given["reference_year"],
            weight=given["weight"], population_kind=given["population_kind"], agglomeration=given["agglomeration"],
            payer_id=given["payer"] if given["formula"] == Formula.SINGLE_PAYER else None,
        )  # fmt: skip


def _initial(terms: KeyTerms) -> dict[str, Any]:
    part = terms.weight * 100
    exact = (part * 100).denominator == 1
    return {
        "name": terms.name, "formula": terms.formula, "population_kind": terms.population_kind,
        "weight": decimal(part, 2) if exact else f"{terms.weight.numerator}/{terms.weight.denominator}",
        "reference_year": terms.reference_year, "agglomeration": terms.agglomeration,
        "payer": str(terms.payer_id) if terms.payer_id else "",
    }  # fmt: skip


class MinutesForm(PlainForm):
    text = forms.CharField(
        label=_("Compte rendu"), widget=forms.Textarea(attrs={"rows": 20}),
        help_text=_("Un premier texte est proposé, d’après les présences, l’ordre du jour et les décisions."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Fichier"), required=False,
        help_text=_("Le compte rendu signé, par exemple. PDF de préférence, 20\u00a0Mo au plus."),
    )  # fmt: skip
