"""What every verb of an agreement begins with: who asks, the row held in its owner's name, the state that allows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.authorities.facade import set_procurement_access
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling import states
from parvis.pooling.models import SharingAgreement, Side
from parvis.pooling.rules.agreement import access_window
from parvis.pooling.selectors.agreements import agreement_in_reach, side_of, signed_spans
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.today import today


@contextmanager
def hold_agreement(
    agreement_id: UUID, verb: str, *, both_sides: bool = False
) -> Iterator[tuple[SharingAgreement, Side]]:
    """The agreement locked, in the scope of the agglomeration, and the side that acts.

    Raises Http404 (out of reach), Refusal not_the_agglomeration, wrong_state.
    """
    side = side_of(agreement_in_reach(agreement_id))
    if side is Side.COMMUNE and not both_sides:
        message = _("Seule l’agglomération peut le faire. Écrivez-lui ce que vous souhaitez changer.")
        raise Refusal("not_the_agglomeration", message)
    with scope.authority(agreement_in_reach(agreement_id).authority_id):
        agreement = reach(SharingAgreement, agreement_id, lock=True)
        if not states.allowed(states.AgreementState(agreement.state), verb):
            raise Refusal("wrong_state", _too_late(agreement))
        yield agreement, side


def _too_late(agreement: SharingAgreement) -> str:
    label = agreement.get_state_display().lower()
    return _("Ce n’est plus possible\u202f: la convention est «\u202f{state}\u202f». Relisez sa page.").format(
        state=label
    )


def set_access(commune_id: UUID, *, actor_id: UUID | None) -> None:
    """Write on the commune the days that its signed agreements open; none left to come or past: closed from today."""
    day = today()
    first, end = access_window(signed_spans(commune_id), day) or (day, day)
    set_procurement_access(commune_id, first, end, actor_id=actor_id)
