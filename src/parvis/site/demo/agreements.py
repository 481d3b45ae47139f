"""The sharing agreements of the demo: most communes have one in force, one is leaving, one is being prepared."""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

from parvis.authorities.facade import AuthorityView
from parvis.kit import clock, scope
from parvis.site.demo.papers import paper
from parvis.site.demo.people import Seats
from parvis.site.demo.pooling_verbs import (
    PaperKind,
    SharingAgreement,
    attach_agreement_paper,
    give_notice,
    prepare_agreement,
    sign_agreement,
)

# By population, from the smallest up, leaving the demo's own village aside: none yet, being prepared, leaving.
NONE, DRAFT, LEAVING = (0, 1), 2, 3
# Days before the platform opens: they were signed one after the other.
_SIGNED = (30, 75, 120, 210, 320, 335)


def make_agreements(houses: Sequence[AuthorityView], where: Seats, actor_id: UUID) -> int:
    """Signed before the platform opened, and taken up on that day, which the clock tells; how many are in force."""
    others = sorted(houses[1:], key=lambda one: one.population)
    small = [one for one in others if one.id != where.village.id]
    in_force = 0
    for rank, commune in enumerate(others):
        if commune in [small[place] for place in NONE]:
            continue
        with scope.authority(where.agglomeration.id):
            row = prepare_agreement(commune.id, number=f"MAD-{rank + 1:02d}", actor_id=actor_id)
            signed_on = _today() - timedelta(days=_SIGNED[rank % len(_SIGNED)])
            _attach(row, PaperKind.DELIBERATION, where.agglomeration, signed_on - timedelta(days=24), actor_id)
            if commune == small[DRAFT]:
                continue
            _attach(row, PaperKind.COMMUNE_DELIBERATION, commune, signed_on - timedelta(days=12), actor_id)
            sign_agreement(row.id, signed_on=signed_on, starts_on=signed_on + timedelta(days=10), actor_id=actor_id)
            in_force += 1
    return in_force


def leave(houses: Sequence[AuthorityView], where: Seats, actor_id: UUID) -> None:
    """One small commune gives notice on the day that the clock tells."""
    small = sorted((one for one in houses[1:] if one.id != where.village.id), key=lambda one: one.population)
    with scope.authority(small[LEAVING].id):
        row = SharingAgreement.objects.get(commune_id=small[LEAVING].id)
        give_notice(
            row.id,
            letter="1A 000 000 0001 7",
            sent_on=_today() - timedelta(days=5),
            received_on=_today() - timedelta(days=2),
            reason="La commune rejoint l’outil d’un autre groupement.",
            actor_id=actor_id,
        )


def _attach(row: SharingAgreement, kind: PaperKind, house: AuthorityView, decided_on: date, actor_id: UUID) -> None:
    about = "Mise à disposition de l’outil d’achat"
    text = f"Le {decided_on:%d/%m/%Y}, l’assemblée approuve la mise à disposition gratuite et autorise sa signature."
    content = paper(f"Délibération {house.of_name}", house.name, about, (("Décision", text),))
    attach_agreement_paper(
        row.id, kind, title=f"DEL-{decided_on:%Y-%m}-{house.siren[-4:]}", dated=decided_on, stream=BytesIO(content),
        name="deliberation.pdf", actor_id=actor_id,
    )  # fmt: skip


def _today() -> date:
    return clock.now().astimezone(clock.PARIS).date()
