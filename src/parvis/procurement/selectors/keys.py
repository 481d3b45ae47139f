"""Who holds what of a consultation's keys, and whether they are ready for publication."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.accounts import facade as accounts
from parvis.authorities.facade import Role, people_with
from parvis.procurement.models import Consultation, CustodianKey, KeyShare, Lot, OpeningKey, RehearsalProof
from parvis.procurement.models.keys import KeyKind
from parvis.procurement.rules import expected_envelopes

CUSTODIAN_ROLES = (Role.BOARD_CHAIR, Role.BOARD_DELEGATE, Role.BOARD_MEMBER)


@dataclass(frozen=True, slots=True)
class NeededKey:
    kind: str
    lot: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Custodian:
    """A person whose role lets them hold a share; `key` is None until they made theirs in their browser."""

    person_id: UUID
    name: str
    role_label: str
    key: CustodianKey | None


def needed_keys(consultation: Consultation) -> list[NeededKey]:
    """One key for the applications, one for each lot's bids (or for the bids, without lots): the first round's."""
    kinds = expected_envelopes(consultation.procedure, consultation.application_expected)
    needed = [NeededKey("application", None, _("Candidatures"))] if "application" in kinds else []
    if "bid" not in kinds:
        return needed
    lots = list(Lot.objects.filter(consultation=consultation).order_by("number"))
    if not lots:
        return [*needed, NeededKey("bid", None, _("Offres"))]
    label = _("Offres du lot %(n)s\u202f: %(title)s")
    return [*needed, *(NeededKey("bid", lot.number, label % {"n": lot.number, "title": lot.title}) for lot in lots)]


def custodian_key(person_id: UUID) -> CustodianKey | None:
    found: CustodianKey | None = CustodianKey.objects.filter(person_id=person_id, replaced_at__isnull=True).first()
    return found


def possible_custodians(authority_id: UUID) -> list[Custodian]:
    """Chair first, then delegates and members, each person once."""
    keys = {key.person_id: key for key in CustodianKey.objects.filter(replaced_at__isnull=True)}
    hats = sorted(
        people_with(CUSTODIAN_ROLES, authority_id), key=lambda h: [r.value for r in CUSTODIAN_ROLES].index(h.role)
    )
    people = accounts.people({h.person_id for h in hats})
    found: dict[UUID, Custodian] = {}
    for hat in hats:
        found.setdefault(
            hat.person_id,
            Custodian(hat.person_id, people[hat.person_id].full_name, hat.role_label, keys.get(hat.person_id)),
        )
    return list(found.values())


def opening_keys(consultation_id: UUID, *, rehearsal: bool = False) -> list[OpeningKey]:
    keys = (
        OpeningKey.objects.filter(consultation_id=consultation_id).select_related("lot").order_by("kind", "lot__number")
    )
    return list(keys.filter(kind=KeyKind.REHEARSAL) if rehearsal else keys.exclude(kind=KeyKind.REHEARSAL))


def recipients(consultation: Consultation) -> list[dict[str, Any]]:
    """What a company's browser seals to, envelope by envelope."""
    return [
        {
            "kind": key.kind,
            "lot": str(key.lot.number) if key.lot else None,
            "label": envelope_label(key.kind, key.lot),
            "required": key.kind == KeyKind.APPLICATION or key.lot is None,
            "recipient": key.recipient,
            "fingerprint": key.fingerprint,
        }
        for key in opening_keys(consultation.id)
    ]


def envelope_label(kind: str, lot: Lot | None) -> str:
    """Candidature, Offre, or Offre, lot 2 : Charpente."""
    if kind == KeyKind.APPLICATION:
        return _("Candidature")
    if lot is None:
        return _("Offre")
    return _("Offre, lot %(number)s\u202f: %(title)s") % {"number": lot.number, "title": lot.title}


@dataclass(frozen=True, slots=True)
class RehearsalState:
    """`custodians`: (name, method or "" before they rehearsed)."""

    threshold: int
    custodians: tuple[tuple[str, str], ...]
    canary_opened: bool

    @property
    def complete(self) -> bool:
        return (
            self.canary_opened
            and all(m for _n, m in self.custodians)
            and any(m == "passphrase" for _n, m in self.custodians)
        )


def rehearsal_state(consultation_id: UUID) -> RehearsalState | None:
    """None before the key ceremony."""
    key = next(iter(opening_keys(consultation_id, rehearsal=True)), None)
    if key is None:
        return None
    methods = {p.custodian_id: p.method for p in RehearsalProof.objects.filter(consultation_id=consultation_id)}
    shares = list(KeyShare.objects.filter(opening_key=key).select_related("custodian"))
    people = accounts.people(s.custodian.person_id for s in shares)
    custodians = sorted((people[s.custodian.person_id].full_name, methods.get(s.custodian_id, "")) for s in shares)
    return RehearsalState(key.threshold, tuple(custodians), key.canary_opened_at is not None)


def keys_ready(consultation_id: UUID) -> list[str]:
    """What still stands between these keys and publication, in French; empty when nothing does."""
    consultation = Consultation.objects.get(id=consultation_id)
    made = {(k.kind, k.lot.number if k.lot else None) for k in opening_keys(consultation_id)}
    if not made:
        return [
            _(
                "Les clés d’ouverture ne sont pas créées\u202f: "
                "le président de la commission tient la cérémonie des clés."
            )
        ]
    if made != {(k.kind, k.lot) for k in needed_keys(consultation)}:
        return [_("Les lots ou les enveloppes ont changé depuis la cérémonie des clés\u202f: elle est à refaire.")]
    state = rehearsal_state(consultation_id)
    if state is None:
        return [_("La clé de répétition manque\u202f: la cérémonie des clés est à refaire.")]
    problems = [
        _("%(name)s n’a pas encore répété l’ouverture.") % {"name": name}
        for name, method in state.custodians
        if not method
    ]
    if not problems and not any(method == "passphrase" for _n, method in state.custodians):
        problems.append(
            _(
                "Un détenteur au moins répète avec sa phrase secrète\u202f: "
                "une clé d’accès peut se perdre avec son appareil."
            )
        )
    if not state.canary_opened:
        problems.append(
            ngettext(
                "Le témoin n’est pas encore ouvert\u202f: il s’ouvre dès la première répétition.",
                "Le témoin n’est pas encore ouvert\u202f: il s’ouvre quand %(k)s détenteurs ont répété.",
                state.threshold,
            )
            % {"k": state.threshold}
        )
    return problems
