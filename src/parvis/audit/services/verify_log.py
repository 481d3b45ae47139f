"""Recompute the whole register from the facts of every authority, and name each line that is not what was signed."""

import hashlib
import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import rfc8785
from django.conf import settings
from django.db import connection

from parvis.audit.contracts import Fault, Report
from parvis.audit.models import Checkpoint, Fact, LogLeaf, LogPosition, PendingLeaf
from parvis.audit.rules import fold, grow, spans
from parvis.audit.selectors import nodes
from parvis.audit.services.anchor_leaves import last_note_file
from parvis.audit.services.platform_key import KeyLost, public_key
from parvis.kit import clock, scope
from parvis.sealing import checkpoint as notes
from parvis.sealing.canonical import CanonicalError
from parvis.sealing.merkle import leaf_hash

CHUNK = 2000
# From the stamp of a seal to the commit of its fact: nginx waits 300 s for an answer (ops/nginx.conf).
LATENESS = timedelta(seconds=330)
# A leaf has its place in a second, a minute if the worker was busy.
PATIENCE = timedelta(minutes=10)


def verify_log() -> Report:
    """Reads everything, writes nothing. Memory stays constant but for the list of faults."""
    return _Check().run()


class _Segment:
    """The lines between two checkpoints, which were signed together."""

    def __init__(self, start: int, signed: Checkpoint, key: bytes | None, report: Report) -> None:
        self.start, self.end = start, signed.size
        self.faults_before = len(report.faults)
        self.root: bytes | None = None
        self.at: datetime | None = None
        self.last_id: UUID | None = None
        try:
            note = notes.parse(signed.note)
            if key is not None:
                notes.verify(note, key, settings.LOG_ORIGIN)
                seconds = notes.verify_cosignatures(note, {settings.LOG_ORIGIN: key})[settings.LOG_ORIGIN]
                self.at = datetime.fromtimestamp(seconds, UTC)
                if note.size != signed.size or abs(self.at - signed.at) > timedelta(seconds=1):
                    raise notes.CheckpointError("malformed", "row and note differ")
            self.root = note.root
        except (notes.CheckpointError, CanonicalError, KeyError):
            text = (
                f"L’état signé du registre à {signed.size} lignes a été modifié ou n’est pas signé par la plateforme."
            )
            report.faults.append(Fault("checkpoint", text))


class _Check:
    def __init__(self) -> None:
        self.report = Report()
        self.edge: dict[tuple[int, int], bytes] | None = {}
        self.previous_at: datetime | None = None
        self.authorities: set[UUID] = set()
        try:
            self.key: bytes | None = public_key()
        except KeyLost as error:
            self.key = None
            self.report.faults.append(Fault("key", str(error)))

    def run(self) -> Report:
        start = 0
        for signed in Checkpoint.objects.order_by("size").iterator(chunk_size=CHUNK):
            segment = _Segment(start, signed, self.key, self.report)
            self._segment(segment)
            start = signed.size
            self.report.checkpoints += 1
        self.report.lines = start
        beyond = list(LogPosition.objects.filter(index__gte=start).order_by("index").values_list("index", flat=True))
        # Asked after, because the register goes on growing while it is checked.
        covered = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
        for index in (index for index in beyond if index >= covered):
            self._fault("added", index, None, "n’est couverte par aucun état signé du registre")
        self._outside_copy(start)
        self._waiting()
        self._facts_without_leaf()
        return self.report

    def _segment(self, segment: _Segment) -> None:
        hashes: list[bytes] = []
        for begin in range(segment.start, segment.end, CHUNK):
            hashes += self._lines(segment, begin, min(begin + CHUNK, segment.end))
        self._tree(segment, hashes)
        if segment.at is not None:
            if self.previous_at is not None and segment.at < self.previous_at:
                text = (
                    f"L’état signé à {segment.end} lignes est antérieur au précédent : l’horloge a reculé "
                    "ou l’ordre a changé."
                )
                self.report.faults.append(Fault("checkpoint", text))
            self.previous_at = segment.at

    def _lines(self, segment: _Segment, begin: int, end: int) -> list[bytes]:
        positions = {p.index: p for p in LogPosition.objects.filter(index__gte=begin, index__lt=end)}
        ids = [p.fact_id for p in positions.values()]
        leaves = dict(LogLeaf.objects.filter(fact_id__in=ids).values_list("fact_id", "leaf"))
        parsed = {fact_id: _parse(text) for fact_id, text in leaves.items()}
        found = self._facts({fact_id: leaf for fact_id, leaf in parsed.items() if leaf})
        hashes = []
        for index in range(begin, end):
            position = positions.get(index)
            if position is None:
                self._fault("removed", index, None, "a été retirée du registre")
                hashes.append(b"\0" * 32)
                continue
            fact_id, text = position.fact_id, leaves.get(position.fact_id)
            hashes.append(bytes(position.leaf_hash) if text is None else leaf_hash(text.encode()))
            if text is None:
                self._fault("removed", index, fact_id, "n’a plus son contenu : il a été supprimé")
            elif hashes[-1] != bytes(position.leaf_hash):
                self._fault("altered", index, fact_id, "a un contenu qui n’est plus celui inscrit au registre")
            else:
                self._leaf(segment, index, fact_id, parsed[fact_id], found.get(fact_id))
            if segment.last_id is not None and fact_id <= segment.last_id:
                self._fault("reordered", index, fact_id, "n’est plus à sa place : l’ordre du registre a été changé")
            segment.last_id = fact_id
        return hashes

    def _leaf(
        self, segment: _Segment, index: int, fact_id: UUID, leaf: dict[str, Any] | None, fact: Fact | None
    ) -> None:
        if leaf is None or leaf["id"] != str(fact_id):
            self._fault("altered", index, fact_id, "n’a plus la forme d’une ligne du registre")
            return
        if fact is None:
            self._fault("removed", index, fact_id, "ne correspond plus à aucun fait : le fait a été supprimé")
        elif difference := _difference(leaf, fact):
            self._fault("altered", index, fact_id, f"ne correspond plus au fait : {difference}")
        at = datetime.fromisoformat(leaf["at"])
        if segment.at is not None and at > segment.at + timedelta(seconds=1):
            self._fault("backdated", index, fact_id, f"porte une date ({leaf['at']}) postérieure à son inscription")
        elif self.previous_at is not None and at < self.previous_at - LATENESS:
            text = (
                f"est antidatée : elle porte la date {leaf['at']} et n’a été inscrite qu’après "
                f"{self.previous_at:%Y-%m-%dT%H:%M:%SZ}"
            )
            self._fault("backdated", index, fact_id, text)

    def _tree(self, segment: _Segment, hashes: list[bytes]) -> None:
        """The root over what the lines say now, against the signed one; then on from the signed one, so that faults do
        not spread.
        """
        stored = nodes(spans(0, segment.end))
        places = spans(0, segment.end)
        trusted = (
            segment.root is not None
            and all(p in stored for p in places)
            and fold([stored[p] for p in places]) == segment.root
        )
        if self.edge is not None:
            new = grow(segment.start, self.edge, hashes)
            known = {**self.edge, **new}
            right = segment.root is not None and fold([known[p] for p in places]) == segment.root
            self._stored_nodes(segment, new, right)
            if not right and segment.root is not None and len(self.report.faults) == segment.faults_before:
                text = (
                    f"Des lignes entre {segment.start + 1} et {segment.end} ont été modifiées ou "
                    "déplacées : l’empreinte signée ne correspond plus."
                )
                self.report.faults.append(Fault("altered", text, segment.start + 1))
            if right or segment.root is None:
                self.edge = {p: known[p] for p in places}
                return
        self.edge = {p: stored[p] for p in places} if trusted else None
        if self.edge is None:
            text = (
                f"La suite du registre après la ligne {segment.end} ne peut pas être recalculée tant que "
                "ce qui précède n’est pas rétabli."
            )
            self.report.faults.append(Fault("node", text))

    def _stored_nodes(self, segment: _Segment, new: dict[tuple[int, int], bytes], right: bool) -> None:
        """Compare the stored subtrees: false ones break proofs; where the root is wrong, the true ones point at the
        lines.
        """
        level_one = {place: value for place, value in new.items() if place[0] >= 1}
        stored = nodes(level_one) if level_one else {}
        wrong = [place for place, value in level_one.items() if stored.get(place) != value]
        if right:
            for level, index in wrong:
                lines = f"{(index << level) + 1} à {(index + 1) << level}"
                self.report.faults.append(
                    Fault(
                        "node",
                        f"Le nœud du registre sur les lignes {lines} a été modifié : les preuves en seraient fausses.",
                    )
                )
        elif len(self.report.faults) == segment.faults_before:
            for _, index in (place for place in wrong if place[0] == 1):
                for line in (2 * index, 2 * index + 1):
                    if segment.start <= line < segment.end:
                        self._fault("altered", line, None, "ou sa voisine n’est plus celle qui a été signée")

    def _facts(self, leaves: dict[UUID, dict[str, Any]]) -> dict[UUID, Fact]:
        by_authority: dict[UUID, list[UUID]] = defaultdict(list)
        for fact_id, leaf in leaves.items():
            by_authority[UUID(leaf["authority"])].append(fact_id)
        found: dict[UUID, Fact] = {}
        for authority_id, ids in by_authority.items():
            self.authorities.add(authority_id)
            with scope.authority(authority_id):
                found |= {fact.id: fact for fact in Fact.objects.filter(id__in=ids)}
        return found

    def _waiting(self) -> None:
        unplaced = LogLeaf.objects.exclude(fact_id__in=LogPosition.objects.values("fact_id"))
        leaves = list(unplaced.values_list("fact_id", "leaf"))
        queued = set(PendingLeaf.objects.values_list("fact_id", flat=True))
        for fact_id, text in leaves:
            leaf = _parse(text)
            if fact_id not in queued and LogPosition.objects.filter(fact_id=fact_id).exists():
                continue
            self.report.waiting += 1
            if leaf is None:
                self._fault("altered", None, fact_id, "n’a plus la forme d’une ligne du registre")
            elif fact_id not in queued:
                self._fault("removed", None, fact_id, "a été retirée du registre ou de sa file d’attente")
            elif datetime.fromisoformat(leaf["at"]) < clock.now() - PATIENCE:
                self._fault(
                    "unanchored",
                    None,
                    fact_id,
                    "attend sa place depuis plus de dix minutes : vérifiez que le travailleur tourne",
                )
            if leaf is not None:
                found = self._facts({fact_id: leaf}).get(fact_id)
                if found is None or _difference(leaf, found):
                    self._fault("altered", None, fact_id, "ne correspond plus au fait")

    def _facts_without_leaf(self) -> None:
        with connection.cursor() as cursor:
            # Names the table and not the room above: like the policies of kit/row_security.
            cursor.execute("SELECT id FROM authorities_authority")
            self.authorities |= {row[0] for row in cursor.fetchall()}
        for authority_id in sorted(self.authorities):
            with scope.authority(authority_id):
                bare = Fact.objects.exclude(id__in=LogLeaf.objects.values("fact_id")).order_by("id")
                for fact in bare.iterator(chunk_size=CHUNK):
                    self._fault(
                        "added",
                        None,
                        fact.id,
                        f"({fact.kind}) n’a pas de ligne au registre : le fait a été ajouté ou sa ligne supprimée",
                    )

    def _outside_copy(self, size: int) -> None:
        try:
            kept = notes.parse(last_note_file().read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except notes.CheckpointError:
            self.report.faults.append(
                Fault("checkpoint", f"La copie du dernier état signé ({last_note_file()}) est illisible.")
            )
            return
        row = Checkpoint.objects.filter(size=kept.size).first()
        if row is None or notes.parse(row.note).root != kept.root:
            text = (
                f"La plateforme a signé un registre de {kept.size} lignes ; la base n’en contient plus "
                f"que {size}, ou d’autres : la fin a été retirée."
            )
            self.report.faults.append(Fault("removed", text, kept.size))

    def _fault(self, kind: str, index: int | None, fact_id: UUID | None, text: str) -> None:
        line = None if index is None else index + 1
        name = f"La ligne n° {line}" if line else "La ligne"
        suffix = f" (fait {fact_id})." if fact_id else "."
        self.report.faults.append(Fault(kind, f"{name} {text}{suffix}", line, fact_id))


def _parse(text: str) -> dict[str, Any] | None:
    try:
        leaf = json.loads(text)
        datetime.fromisoformat(leaf["at"])
        UUID(leaf["authority"])
        return leaf if {"id", "kind", "subject", "commitment"} <= set(leaf) else None
    except (ValueError, TypeError, KeyError):
        return None


def _difference(leaf: dict[str, Any], fact: Fact) -> str:
    """What differs, in French; empty when the fact is the one committed to."""
    at = fact.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for name, told, is_now in (
        ("sa nature", leaf["kind"], fact.kind),
        ("son objet", leaf["subject"], str(fact.subject_id)),
        ("sa date", leaf["at"], at),
        ("sa collectivité", leaf["authority"], str(fact.authority_id)),
    ):
        if told != is_now:
            return f"{name} a changé"
    actor = fact.data.get("actor") if isinstance(fact.data, dict) else None
    if fact.actor_id is not None and str(fact.actor_id) != actor:
        return "son auteur a changé"
    try:
        commitment = hashlib.sha256(bytes(fact.salt) + rfc8785.dumps(fact.data)).hexdigest()
    except rfc8785.CanonicalizationError:
        commitment = ""
    return "" if commitment == leaf["commitment"] else "son contenu a été modifié"
