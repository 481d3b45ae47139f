from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q

from parvis.audit.contracts import CheckpointView, FactView
from parvis.audit.models import Checkpoint, Fact, LogLeaf, LogNode, LogPosition
from parvis.audit.rules import Place, consistency_ranges, fold, inclusion_ranges, spans
from parvis.sealing import checkpoint as notes
from parvis.sealing import receipt
from parvis.sealing.canonical import b64, parse_json


def facts(subject_ids: Iterable[UUID] | None = None, kinds: Iterable[str] | None = None) -> list[FactView]:
    """Facts of the authority in scope, in order of time."""
    found = Fact.objects.all()
    if subject_ids is not None:
        found = found.filter(subject_id__in=list(subject_ids))
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    return [FactView(f.id, f.kind, f.subject_id, f.actor_id, f.at, f.data) for f in found]


def fact_opening(fact_id: UUID) -> dict[str, Any]:
    """The data and salt (base64) that open the commitment of a fact of the authority in scope. Raises
    Fact.DoesNotExist.
    """
    fact = Fact.objects.get(id=fact_id)
    return {"data": fact.data, "salt": b64(bytes(fact.salt))}


def proof(fact_id: UUID) -> dict[str, Any] | None:
    """That the fact's leaf stands in the register, by its newest checkpoint; None while it has no place."""
    position = LogPosition.objects.filter(fact_id=fact_id).first()
    newest = Checkpoint.objects.order_by("-size").first()
    if position is None or newest is None or newest.size <= position.index:
        return None
    path = _roots(inclusion_ranges(position.index, newest.size))
    leaf = parse_json(LogLeaf.objects.get(fact_id=fact_id).leaf.encode())
    return receipt.proof(leaf, position.index, newest.size, path, newest.note)


def consistency(old: int) -> dict[str, Any] | None:
    """That the register's newest state extends the one of `old` lines; None when it never had that many."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None or not 0 < old <= newest.size:
        return None
    path = _roots(consistency_ranges(old, newest.size))
    return {"size": newest.size, "hashes": [b64(value) for value in path], "checkpoint": newest.note}


def _roots(ranges: list[tuple[int, int]]) -> list[bytes]:
    hashes = nodes({place for start, end in ranges for place in spans(start, end)})
    return [fold([hashes[place] for place in spans(start, end)]) for start, end in ranges]


def checkpoint() -> CheckpointView | None:
    """The register's last signed state; None before its first line."""
    newest = Checkpoint.objects.order_by("-size").first()
    return checkpoint_view(newest) if newest else None


def checkpoint_view(row: Checkpoint) -> CheckpointView:
    return CheckpointView(row.size, notes.parse(row.note).root, row.note, row.at)


def nodes(places: Iterable[Place]) -> dict[Place, bytes]:
    """Stored hashes of these subtrees; those that the database does not have are left out."""
    by_level: dict[int, list[int]] = defaultdict(list)
    for level, index in places:
        by_level[level].append(index)
    leaves = LogPosition.objects.filter(index__in=by_level.pop(0, []))
    found: dict[Place, bytes] = {(0, index): bytes(value) for index, value in leaves.values_list("index", "leaf_hash")}
    if by_level:
        wanted = reduce(or_, (Q(level=level, index__in=indexes) for level, indexes in by_level.items()))
        for level, index, value in LogNode.objects.filter(wanted).values_list("level", "index", "hash"):
            found[level, index] = bytes(value)
    return found


def tile(level: int, index: int, width: int) -> list[bytes]:
    """`width` hashes of the tree at level 8 × `level`, from place 256 × `index` on; fewer when the register does not
    reach.
    """
    if level > 6:
        return []
    places = [(8 * level, 256 * index + n) for n in range(width)]
    found = nodes(places)
    return [found[place] for place in places if place in found]
