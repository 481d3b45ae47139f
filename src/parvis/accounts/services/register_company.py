from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.accounts.models import Company, CompanyMember
from parvis.accounts.rules import SIRET_LENGTH, BadSiret, parse_siret
from parvis.kit import clock
from parvis.kit.errors import Refusal

EXAMPLE = "216\u00a0800\u00a0722\u00a000011"


@dataclass(frozen=True, slots=True)
class Registered:
    """`accepted` is false when the company had people already: one of its managers must answer."""

    company_id: UUID
    accepted: bool


def register_company(person_id: UUID, siret: str, name: str, address: str) -> Registered:
    """Attach a person to the company of a SIRET, made now if nobody came before. Raises Refusal."""
    number = read_siret(siret)
    name = " ".join(name.split())
    with transaction.atomic():
        company = Company.objects.select_for_update().filter(siret=number).first()
        if company is None:
            if not name:
                raise Refusal("name_missing", _("Donnez le nom de l’entreprise, tel qu’il est au registre."), "name")
            Company.objects.get_or_create(siret=number, defaults={"name": name, "address": " ".join(address.split())})
            company = Company.objects.select_for_update().get(siret=number)
        if CompanyMember.objects.filter(company=company, person_id=person_id).exists():
            raise Refusal("already_member", _("Vous êtes déjà rattaché à cette entreprise."), "siret")
        first = not CompanyMember.objects.filter(company=company, accepted_at__isnull=False).exists()
        CompanyMember.objects.create(
            company=company, person_id=person_id, manages=first, accepted_at=clock.now() if first else None
        )
    return Registered(company.id, first)


def read_siret(text: str) -> str:
    """The 14 digits. Raises Refusal whose message says what is wrong with them."""
    try:
        return parse_siret(text)
    except BadSiret as fault:
        raise Refusal("bad_siret", _said(fault), "siret") from fault


def _said(fault: BadSiret) -> str:
    off = abs(SIRET_LENGTH - fault.digits)
    if fault.kind == "letters":
        what = _("Le numéro SIRET n’a que des chiffres, 14 en tout.")
    elif fault.kind == "short":
        what = ngettext(
            "Le numéro SIRET compte 14 chiffres\u202f; il en manque un.",
            "Le numéro SIRET compte 14 chiffres\u202f; il en manque %(off)d.",
            off,
        ) % {"off": off}
    elif fault.kind == "long":
        what = ngettext(
            "Le numéro SIRET compte 14 chiffres\u202f; il y en a un de trop.",
            "Le numéro SIRET compte 14 chiffres\u202f; il y en a %(off)d de trop.",
            off,
        ) % {"off": off}
    else:
        what = _(
            "Ce numéro SIRET n’existe pas\u202f: un de ses chiffres est faux."
            " Vérifiez-le sur un avis de l’Insee ou un Kbis."
        )
    return what + " " + _("Exemple\u202f: %(example)s") % {"example": EXAMPLE}
