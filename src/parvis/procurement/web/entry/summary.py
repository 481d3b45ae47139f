"""What is entered so far, in words, beside every page of the entry and on its last one."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.authorities.facade import AuthorityView
from parvis.kit.jinja import date_time_long
from parvis.kit.money import euros
from parvis.procurement.contracts import Advice, Deadline, DraftView
from parvis.procurement.labels import group_words, nature_label, procedure_label
from parvis.procurement.models import Consultation
from parvis.procurement.models.consultation import OpeningOrder
from parvis.procurement.rules import long_date
from parvis.procurement.rules.weights import written
from parvis.procurement.selectors.drafts import advice_for, draft_view, earliest_for, missing_entry
from parvis.procurement.selectors.group import group_names
from parvis.procurement.web.entry.codes import cpv_list, department_choices
from parvis.procurement.web.entry.steps import entry_steps, place_of, step_of, step_url

NOT_YET = "—"
Section = tuple[str, str, list[tuple[str, str, str]]]


@dataclass(frozen=True, slots=True)
class ToDo:
    message: str
    url: str
    step: str


@dataclass(frozen=True, slots=True)
class Summary:
    """`sections`: (slug of the step, its label, [(label, value, url of it)]). `here`: what the present step lacks.

    `earliest_day`: in words, or "".
    """

    sections: list[Section]
    todo: list[ToDo]
    here: list[ToDo]
    advice: list[Advice]
    earliest: Deadline | None
    earliest_day: str


def summary(found: Consultation, house: AuthorityView, step: str = "") -> Summary:
    todo = [
        ToDo(one.message, place_of(one, house.slug, found.id), step_of(one.field))
        for one in missing_entry(found, house)
    ]
    advice = advice_for(found, house)
    earliest = earliest_for(found, house)
    return Summary(
        sections=_sections(found, house, draft_view(found)),
        todo=todo,
        here=[one for one in todo if one.step == step],
        advice=[one for one in advice if not step or step == "verification" or step_of(one.field) == step],
        earliest=earliest,
        earliest_day=long_date(earliest.date) if earliest and earliest.date else "",
    )


def _sections(found: Consultation, house: AuthorityView, view: DraftView) -> list[Section]:
    values = {
        "objet": _subject(view, found),
        "procedure": _procedure(found),
        "lots": _lots(view),
        "criteres": _criteria(view),
        "enveloppes": _envelopes(found, view),
        "documents": [(_("Documents"), _documents(view.documents_count))],
        "calendrier": _calendar(found),
        "contact": [
            (_("Contact"), " · ".join(x for x in (found.contact_name, found.contact_email, found.contact_phone) if x))
        ],
    }
    sections: list[Section] = [
        (
            step.slug,
            step.label,
            [
                (label, value or NOT_YET, step_url(house.slug, found.id, step.slug))
                for label, value in values[step.slug]
            ],
        )
        for step in entry_steps()
        if step.slug in values
    ]
    if group := group_names(found):
        # Named by the joint procurement itself: no step of the entry changes it.
        sections[0][2].append((_("Groupement de commandes"), group_words(group.leader, group.members), ""))
    return sections


def _subject(view: DraftView, found: Consultation) -> list[tuple[str, str]]:
    known = cpv_list()
    label = (known.label(view.cpv) if known and view.cpv else None) or ""
    return [
        (_("Intitulé"), view.title),
        (_("Référence"), view.reference),
        (_("Nature"), nature_label(view.nature or "")),
        (_("Objet"), view.object),
        (_("Code CPV"), f"{view.cpv} {label}".strip()),
        (_("Lieu"), " · ".join(x for x in (found.place, _place(view.place_nuts)) if x)),
        (
            _("Durée"),
            ngettext("%(n)d mois", "%(n)d mois", view.duration_months) % {"n": view.duration_months}
            if view.duration_months
            else "",
        ),
    ]


def _place(code: str) -> str:
    return dict(department_choices()).get(code, code)


def _procedure(found: Consultation) -> list[tuple[str, str]]:
    lines = [(_("Procédure"), procedure_label(found.procedure, found.framework))]
    if found.framework:
        low = euros(found.framework_min_cents) if found.framework_min_cents is not None else _("sans minimum")
        high = euros(found.framework_max_cents) if found.framework_max_cents is not None else NOT_YET
        lines.append((_("Minimum et maximum, HT"), f"{low} · {high}"))
    estimate = euros(found.estimated_cents) if found.estimated_cents is not None else ""
    lines.append((_("Valeur estimée HT, confidentielle"), estimate))
    return lines


def _lots(view: DraftView) -> list[tuple[str, str]]:
    if not view.lots:
        return [(_("Lots"), _("Un seul marché, sans lots"))]
    return [(_("Lot %(n)d") % {"n": lot.number}, lot.title) for lot in view.lots]


def _criteria(view: DraftView) -> list[tuple[str, str]]:
    if not view.criteria:
        return [(_("Critères"), "")]
    return [
        (
            one.label or NOT_YET,
            _("%(weight)s %%") % {"weight": written(one.weight_hundredths)}
            + (_(" · lot %(n)d") % {"n": one.lot} if one.lot else ""),
        )
        for one in view.criteria
    ]


def _envelopes(found: Consultation, view: DraftView) -> list[tuple[str, str]]:
    names = {"application": _("candidature"), "bid": _("une offre par lot") if view.lots else _("offre")}
    return [
        (_("Enveloppes"), ", ".join(names[kind] for kind in view.envelopes)),
        (_("Ouverture"), str(OpeningOrder(found.opening_order).label) if len(view.envelopes) > 1 else ""),
        (_("Copie de sauvegarde"), _("admise") if found.backup_copy else _("non admise")),
    ]


def _documents(count: int) -> str:
    return ngettext("%(n)d document", "%(n)d documents", count) % {"n": count} if count else ""


def _calendar(found: Consultation) -> list[tuple[str, str]]:
    return [
        (_("Date limite de dépôt"), date_time_long(found.deadline) if found.deadline else ""),
        (_("Questions jusqu’au"), date_time_long(found.questions_until) if found.questions_until else ""),
    ]
