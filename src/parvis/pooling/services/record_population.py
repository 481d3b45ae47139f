from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import DatedPopulation, Membership
from parvis.pooling.rules.populations import KINDS_OF_POPULATION, Counted
from parvis.pooling.selectors.reach import group_in_reach, require_coordinator
from parvis.pooling.services.save_checked import save_checked


@transaction.atomic
def record_population(group_id: UUID, counted: Sequence[Counted], *, source: str, actor_id: UUID | None = None) -> int:
    """Inhabitants of members as published, and where; a figure given again replaces the one before, for the splits to
    come. Returns how many figures were new or changed.

    Raises Http404, Refusal: not_coordinator, no_source, nothing, not_member, unknown_kind, impossible_year,
    impossible_number.
    """
    group = group_in_reach(group_id)
    require_coordinator(group)
    if not source.strip():
        message = _("Dites d’où viennent ces chiffres. Exemple\u202f: Insee, populations de référence 2022.")
        raise Refusal("no_source", message, "source")
    if not counted:
        raise Refusal("nothing", _("Écrivez au moins une population."))
    places = set(Membership.objects.filter(group=group).values_list("member_id", flat=True))
    for one in counted:
        _check(one, places)
    known = {(row.member_id, row.kind, row.year): row for row in DatedPopulation.objects.filter(group=group)}
    changed = []
    for one in counted:
        row = known.get((one.member_id, one.kind, one.year))
        if row is not None and (row.inhabitants, row.source) == (one.inhabitants, source.strip()):
            continue
        before = row.inhabitants if row else None
        row = row or DatedPopulation(
            group=group, circle_id=group.circle_id, member_id=one.member_id, kind=one.kind, year=one.year
        )
        row.inhabitants, row.source = one.inhabitants, source.strip()
        save_checked(row)
        known[one.member_id, one.kind, one.year] = row
        changed.append([str(one.member_id), one.kind, one.year, before, one.inhabitants])
    if changed:
        data = {"source": source.strip(), "changed": changed}
        audit.record("population.recorded", subject=group.id, data=data, actor=actor_id)
    return len(changed)


def _check(one: Counted, places: set[UUID]) -> None:
    if one.member_id not in places:
        raise Refusal("not_member", _("Cette collectivité n’est pas dans le groupement."), "member")
    if one.kind not in KINDS_OF_POPULATION:
        raise Refusal("unknown_kind", _("La population est totale, municipale ou DGF. Choisissez."), "kind")
    if not 1999 <= one.year <= 2100:
        raise Refusal("impossible_year", _("Écrivez l’année de référence en quatre chiffres, comme 2022."), "year")
    if not 0 <= one.inhabitants <= 100_000_000:
        message = _("Écrivez un nombre d’habitants, sans décimale. Exemple\u202f: 15362.")
        raise Refusal("impossible_number", message, "inhabitants")
