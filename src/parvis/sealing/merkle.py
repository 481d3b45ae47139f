"""The register's tree (RFC 9162, section 2.1): appending, roots, inclusion and consistency proofs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class ProofError(ValueError):
    """An index or a size lies outside the tree."""


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Edge:
    """The right edge of a tree: its size and the roots of its complete subtrees, largest first.

    All that appending needs; `hashes` holds as many 32-byte values as `size` has binary ones.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ProofError("the edge does not fit its size")

    def append(self, leaf: bytes) -> Edge:
        """The edge after one more *leaf hash*."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> Edge:
        hashes = list(self.hashes)
        size = self.size
        for leaf in leaves:
            carried, position = leaf, size
            while position & 1:
                carried = node_hash(hashes.pop(), carried)
                position >>= 1
            hashes.append(carried)
            size += 1
        return Edge(size, tuple(hashes))

    @property
    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


class HashTree:
    """A tree over stored leaf hashes, from which any proof at any earlier size is O(log² n).

    Keeps the complete subtrees only (64 bytes a leaf), so that one load serves a whole batch of proofs.
    """

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaf_hashes:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        height = 0
        self._levels[0].append(leaf)
        while len(self._levels[height]) % 2 == 0:
            level = self._levels[height]
            if height + 1 == len(self._levels):
                self._levels.append([])
            self._levels[height + 1].append(node_hash(level[-2], level[-1]))
            height += 1

    def root(self, size: int | None = None) -> bytes:
        end = self._checked(size)
        return self._range(0, end) if end else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Audit path of leaf `index` in the tree of `size` leaves, lowest sibling first."""
        end = self._checked(size)
        if not 0 <= index < end:
            raise ProofError("no such leaf in this tree")
        path: list[bytes] = []
        start = 0
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """Proof that the first `old` leaves of the tree of `size` leaves are the earlier tree."""
        end = self._checked(size)
        if not 0 < old <= end:
            raise ProofError("the earlier tree has 1 to size leaves")
        path: list[bytes] = []
        start, whole = 0, True
        while old < end:
            middle = start + _split(end - start)
            if old <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start, whole = middle, False
        if not whole:
            path.append(self._range(start, end))
        return path[::-1]

    def _checked(self, size: int | None) -> int:
        if size is None:
            return len(self)
        if not 0 <= size <= len(self):
            raise ProofError("the tree has fewer leaves")
        return size

    def _range(self, start: int, end: int) -> bytes:
        """Root of leaves [start, end), where start is a multiple of the largest power of two below the width."""
        width = end - start
        if width & (width - 1) == 0:
            height = width.bit_length() - 1
            return self._levels[height][start >> height]
        middle = start + _split(width)
        return node_hash(self._range(start, middle), self._range(middle, end))


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, size: int) -> list[bytes]:
    return HashTree(leaf_hashes[:size]).inclusion(index, size)


def consistency_proof(leaf_hashes: Sequence[bytes], old: int, size: int) -> list[bytes]:
    return HashTree(leaf_hashes[:size]).consistency(old, size)


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the *leaf hash* is number `index` of the tree of this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or any(len(h) != HASH_SIZE for h in path):
        return False
    position, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            value = node_hash(sibling, value)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            value = node_hash(value, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and hmac.compare_digest(value, root)


def verify_consistency(old: int, size: int, path: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether the tree of `size` leaves extends the tree of `old` leaves (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= size or any(len(h) != HASH_SIZE for h in path):
        return False
    if old == size:
        return not path and hmac.compare_digest(old_root, root)
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    position, last = old - 1, size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    earlier = later = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            earlier, later = node_hash(sibling, earlier), node_hash(sibling, later)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            later = node_hash(later, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and hmac.compare_digest(earlier, old_root) and hmac.compare_digest(later, root)


def _split(width: int) -> int:
    """The largest power of two below `width` (at least 2)."""
    return 1 << ((width - 1).bit_length() - 1)
