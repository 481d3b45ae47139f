from typing import cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority, require_procurement
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.procurement.contracts import Nature
from parvis.procurement.models import Consultation
from parvis.procurement.rules import next_reference

_TRIES = 5


def create_consultation(
    *, title: str, nature: Nature, actor_id: UUID, is_test: bool = False, reference: str = ""
) -> Consultation:
    """A new draft of the authority in scope, under its own reference or the next free one of the year.

    Raises Refusal: procurement_closed, reference_taken (the given reference serves already).
    """
    require_procurement()
    for attempt in range(_TRIES):
        try:
            with transaction.atomic():
                return _create(title, nature, actor_id, is_test, reference)
        except IntegrityError as error:
            # Another buyer has just taken the same number.
            if reference or attempt == _TRIES - 1:
                message = _("Une consultation porte déjà la référence %(reference)s. Choisissez-en une autre.")
                raise Refusal("reference_taken", message % {"reference": reference}, "reference") from error
    raise AssertionError("unreachable")


def _create(title: str, nature: Nature, actor_id: UUID, is_test: bool, reference: str) -> Consultation:
    year = clock.now().astimezone(clock.PARIS).year
    taken = Consultation.objects.values_list("reference", flat=True)
    consultation = Consultation.objects.create(
        reference=reference or next_reference(year, nature, taken),
        title=title,
        nature=nature,
        is_test=is_test,
        contact_name=authority(scope.current_authority()).desk_name,
        created_by=actor_id,
    )
    audit.record(
        "consultation.created",
        subject=consultation.id,
        actor=actor_id,
        data={"reference": consultation.reference, "title": title, "test": is_test},
    )
    return cast(Consultation, consultation)
