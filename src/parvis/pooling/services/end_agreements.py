from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.kit.jinja import date_long
from parvis.pooling.models import AgreementState, SharingAgreement
from parvis.pooling.selectors.agreements import LIVE, parties
from parvis.pooling.selectors.today import today
from parvis.pooling.services.hold_agreement import set_access
from parvis.pooling.services.tell_side import tell_side


def end_agreements() -> int:
    """Note the end of the agreements of the agglomeration in scope whose last day is past; how many.

    The access closed by itself, on its date; one that follows without a day between keeps it open.
    """
    rows = SharingAgreement.objects.select_for_update(of=("self",), skip_locked=True).filter(
        authority_id=scope.current_authority(), state__in=LIVE, ends_on__lte=today()
    )
    ended = list(rows)
    for agreement in ended:
        notice = agreement.state == AgreementState.NOTICE
        agreement.state = AgreementState.ENDED
        agreement.save(update_fields=["state"])
        set_access(agreement.commune_id, actor_id=None)
        audit.record("agreement.ended", subject=agreement.id, data={"by_notice": notice})
        _tell(agreement)
    return len(ended)


def _tell(agreement: SharingAgreement) -> None:
    whole, commune = parties(agreement)
    title = _("La convention {number} a pris fin").format(number=agreement.number)
    if commune.procurement_until is not None and commune.procurement_until > today():
        text = _("La convention suivante la remplace\u202f: l’outil d’achat {of} reste ouvert.")
    else:
        text = _(
            "L’outil d’achat {of} est en lecture seule depuis le {day}. Les consultations publiées vont jusqu’à leur"
            " ouverture, toutes les données se lisent et s’exportent, et rien n’est effacé."
        )
    day = date_long(agreement.ends_on) if agreement.ends_on else ""
    for side in (whole, commune):
        once = f"agreement-ended:{agreement.id}:{side.slug}"
        tell_side(agreement, side.id, title, text.format(of=commune.of_name, day=day), once=once)
