"""Rows held for the length of a verb."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from parvis.authorities.facade import require_procurement
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.procurement.models import Award, Consultation
from parvis.procurement.states import ConsultationState, allowed


def locked_consultation(consultation_id: UUID, *verbs: str) -> Consultation:
    """The consultation, held FOR UPDATE until commit. Raises Http404 when the authority in scope has none such.

    Raises Refusal: not_now when states.CONSULTATION lets none of these verbs run in its present state;
    procurement_closed for a draft that its authority may no longer prepare: what is published goes on.
    """
    found: Consultation | None = Consultation.objects.select_for_update().filter(id=consultation_id).first()
    if found is None:
        raise Http404(_("Cette consultation n’existe pas, ou n’est pas celle de cette collectivité."))
    if not any(allowed(ConsultationState(found.state), verb) for verb in verbs):
        raise Refusal("not_now", _not_now(found) if found.published_at is None else _published(found))
    if found.state == ConsultationState.DRAFT:
        require_procurement()
    return found


def locked_award(award_id: UUID, verb: str) -> Award:
    """An award of the authority in scope, held FOR UPDATE with its consultation, if it has one. Raises Http404, and
    Refusal (code not_now) when states.CONSULTATION does not let the verb run.
    """
    row = Award.objects.filter(id=award_id, authority_id=scope.current_authority()).first()
    if row is None:
        raise Http404(_("Cette attribution n’existe pas, ou n’est pas celle de cette collectivité."))
    if row.consultation_id is not None:
        locked_consultation(row.consultation_id, verb)
    return Award.objects.select_for_update().get(id=award_id)


def _not_now(found: Consultation) -> str:
    state = found.get_state_display().lower()
    return _("Ce n’est plus possible\u202f: la consultation est à l’état «\u202f%(state)s\u202f».") % {"state": state}


def _published(found: Consultation) -> str:
    return _(
        "La consultation %(reference)s est déjà publiée\u202f: sa saisie est close. Son dossier montre ce qui est "
        "possible maintenant."
    ) % {"reference": found.reference}
