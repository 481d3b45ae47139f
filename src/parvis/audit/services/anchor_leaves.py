"""Give waiting leaves their place and sign the register's new state. One at a time, never inside a writer's
transaction.
"""

from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from parvis.audit.models import Checkpoint, LogLeaf, LogNode, LogPosition, PendingLeaf
from parvis.audit.rules import fold, grow, spans
from parvis.audit.selectors import nodes
from parvis.audit.services.platform_key import platform_key
from parvis.kit import clock
from parvis.sealing import checkpoint as notes
from parvis.sealing.merkle import leaf_hash

BATCH = 2000
# Any fixed number: the name of the lock that two anchorings share.
LOCK = 0x5041525649530001
LAST_NOTE = "register.checkpoint"


def anchor_leaves() -> int:
    """Anchor all that waits; answers how many leaves got their place. Raises KeyLost."""
    total = 0
    while placed := _anchor_batch():
        total += placed
    return total


def _anchor_batch() -> int:
    key = platform_key()
    with transaction.atomic():
        _lock()
        # Within a batch the order is that of the ids: verify_log relies on it.
        waiting = LogLeaf.objects.filter(fact_id__in=PendingLeaf.objects.values("fact_id")).order_by("fact_id")
        leaves = list(waiting.values_list("fact_id", "leaf")[:BATCH])
        if not leaves:
            return 0
        last = LogPosition.objects.order_by("-index").values_list("index", flat=True).first()
        size = 0 if last is None else last + 1
        hashes = [leaf_hash(leaf.encode()) for _, leaf in leaves]
        edge = nodes(spans(0, size))
        new = grow(size, edge, hashes)
        end = size + len(leaves)
        rows = zip(leaves, hashes, strict=True)
        LogPosition.objects.bulk_create(
            LogPosition(index=size + n, fact_id=fact_id, leaf_hash=value)
            for n, ((fact_id, _), value) in enumerate(rows)
        )
        LogNode.objects.bulk_create(LogNode(level=a, index=b, hash=value) for (a, b), value in new.items() if a)
        PendingLeaf.objects.filter(fact_id__in=[fact_id for fact_id, _ in leaves]).delete()
        known, now = {**edge, **new}, clock.now()
        signed = notes.sign(settings.LOG_ORIGIN, end, fold([known[place] for place in spans(0, end)]), key)
        signed = notes.cosign(signed, settings.LOG_ORIGIN, key, int(now.timestamp()))
        Checkpoint.objects.create(size=end, note=signed.note, at=now)
    _keep_outside(signed.note)
    return len(leaves)


def _lock() -> None:
    """Until the end of the transaction, whoever else anchors waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def last_note_file() -> Path:
    return Path(settings.DATA) / "keys" / LAST_NOTE


def _keep_outside(note: str) -> None:
    """A copy out of the database's reach, by which verify_log sees a register cut short."""
    path = last_note_file()
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(note, encoding="utf-8")
    draft.replace(path)
