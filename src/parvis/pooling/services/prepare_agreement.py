from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import AuthorityView, authority, give_seat
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.pooling.models import AgreementState, AgreementVersion, SharingAgreement
from parvis.pooling.rules.agreement import ONE_DAY, anniversary
from parvis.pooling.rules.agreement_terms import default_terms
from parvis.pooling.selectors.agreements import LIVE, agreements_of
from parvis.pooling.selectors.today import today
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_side import tell_side


@transaction.atomic
def prepare_agreement(
    commune_id: UUID, *, number: str = "", starts_on: date | None = None, actor_id: UUID | None = None
) -> SharingAgreement:
    """A draft with the model's articles and annex; the commune gets its seat, to read it and bring its deliberation.

    `number`: the next of the year by default. Beside an agreement in force, only in its last year. Raises Refusal
    not_the_agglomeration, not_a_commune, being_prepared, too_early, invalid.
    """
    house, commune = authority(scope.current_authority()), authority(commune_id)
    _check(house, commune)
    agreement = SharingAgreement(
        number=number.strip() or _next_number(), commune_id=commune_id, starts_on=starts_on, authority_id=house.id
    )
    agreement.circle_id = agreement.id
    give_seat(agreement.id, commune_id)
    save_checked(agreement)
    AgreementVersion.objects.create(
        agreement=agreement, circle_id=agreement.id, number=1, terms=default_terms(house.name, commune.name)
    )
    data = {"number": agreement.number, "commune": str(commune_id)}
    audit.record("agreement.prepared", subject=agreement.id, data=data, actor=actor_id)
    title = _("Une convention à lire\u202f: l’outil d’achat {of}").format(of=commune.of_name)
    text = _(
        "{name} a préparé la convention qui met gratuitement l’outil d’achat à la disposition de votre commune."
        " Lisez-la, puis joignez la délibération de votre conseil avec son numéro et sa date."
    ).format(name=house.name)
    tell_side(agreement, commune_id, title, text, once=f"agreement-prepared:{agreement.id}")
    return agreement


def _check(house: AuthorityView, commune: AuthorityView) -> None:
    if house.kind != "agglomeration":
        raise Refusal("not_the_agglomeration", _("C’est l’agglomération qui prépare la convention. Demandez-la-lui."))
    if commune.kind != "commune":
        raise Refusal("not_a_commune", _("Une convention se prépare avec une commune. Choisissez-en une."), "commune")
    rows = agreements_of(commune.id)
    if any(one.state == AgreementState.DRAFT for one in rows):
        message = _("Une convention est déjà en préparation avec {name}. Ouvrez-la plutôt.").format(name=commune.name)
        raise Refusal("being_prepared", message, "commune")
    last = max((one.ends_on for one in rows if one.state in LIVE and one.ends_on is not None), default=None)
    if last is not None and anniversary(today(), 1) < last:
        message = _(
            "La convention de {name} court jusqu’au {day}\u202f: la suivante se prépare dans sa dernière année."
        )
        raise Refusal("too_early", message.format(name=commune.name, day=date_long(last - ONE_DAY)), "commune")


def _next_number() -> str:
    """CMD-2027-001, then 002: a number that no other agreement bears."""
    year = today().year
    taken = set(SharingAgreement.objects.filter(number__startswith=f"CMD-{year}-").values_list("number", flat=True))
    return next(number for n in range(1, len(taken) + 2) if (number := f"CMD-{year}-{n:03d}") not in taken)
