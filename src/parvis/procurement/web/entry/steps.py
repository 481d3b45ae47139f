"""The order of the entry, and where each missing thing is to be entered."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.procurement.contracts import Missing


@dataclass(frozen=True, slots=True)
class Step:
    slug: str
    label: str
    question: str


def entry_steps() -> tuple[Step, ...]:
    return (
        Step("objet", _("Objet"), _("Qu’achetez-vous\u202f?")),
        Step("procedure", _("Procédure"), _("Comment choisirez-vous l’entreprise\u202f?")),
        Step("lots", _("Lots"), _("Le marché est-il divisé en lots\u202f?")),
        Step("criteres", _("Critères"), _("Sur quoi jugerez-vous les offres\u202f?")),
        Step("enveloppes", _("Enveloppes"), _("Que déposent les entreprises, qu’ouvrez-vous d’abord\u202f?")),
        Step("documents", _("Documents"), _("Quels documents donnez-vous aux entreprises\u202f?")),
        Step("calendrier", _("Calendrier"), _("Jusqu’à quand les entreprises peuvent-elles déposer\u202f?")),
        Step("contact", _("Contact"), _("Qui les entreprises peuvent-elles joindre\u202f?")),
        Step("verification", _("Vérification"), _("Vérifiez vos réponses")),
    )


# Field of the rules -> step and id of the control.
_PLACES: dict[str, tuple[str, str]] = {
    "title": ("objet", "id_title"),
    "reference": ("objet", "id_reference"),
    "object": ("objet", "id_purpose"),
    "nature": ("objet", "id_nature_0"),
    "cpv": ("objet", "id_cpv"),
    "place_nuts": ("objet", "id_place_nuts"),
    "duration_months": ("objet", "id_duration_months"),
    "procedure": ("procedure", "id_procedure_0"),
    "technique": ("procedure", "id_framework"),
    "framework_min_cents": ("procedure", "id_framework_min_cents"),
    "framework_max_cents": ("procedure", "id_framework_max_cents"),
    "estimated_cents": ("procedure", "id_estimated_cents"),
    "lots": ("lots", "contenu"),
    "criteria": ("criteres", "contenu"),
    "envelopes": ("enveloppes", "id_application_expected"),
    "opening_order": ("enveloppes", "id_opening_order_0"),
    "documents_count": ("documents", "id_files"),
    "deadline_utc": ("calendrier", "id_deadline_day"),
    "questions_until": ("calendrier", "id_questions_day"),
    "contact_name": ("contact", "id_contact_name"),
    "contact_email": ("contact", "id_contact_email"),
}


def step_of(field: str) -> str:
    """The slug of the step where a field is entered; "" for the keys, which have their own pages."""
    return _PLACES[field][0] if field in _PLACES else ""


def step_url(slug: str, consultation_id: UUID, step: str) -> str:
    return reverse("edit_consultation", args=[slug, consultation_id, step])


def place_of(missing: Missing, slug: str, consultation_id: UUID) -> str:
    """The address of the control that answers, or of the key ceremony."""
    if missing.field in _PLACES:
        step, control = _PLACES[missing.field]
        return f"{step_url(slug, consultation_id, step)}#{control}"
    return reverse("ceremony", args=[slug, consultation_id])


def neighbours(slug: str) -> tuple[int, Step, Step | None, Step | None]:
    """(rank from 1, this step, the one before, the one after). KeyError for an unknown step."""
    steps = entry_steps()
    ranks = {step.slug: rank for rank, step in enumerate(steps)}
    rank = ranks[slug]
    before = steps[rank - 1] if rank else None
    after = steps[rank + 1] if rank + 1 < len(steps) else None
    return rank + 1, steps[rank], before, after
