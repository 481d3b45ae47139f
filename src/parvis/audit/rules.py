"""Which stored subtrees make a root, a proof or an append: arithmetic of the RFC 9162 tree, no database."""

from collections.abc import Iterable, Mapping, Sequence

from parvis.sealing.merkle import node_hash

# (level, index): the subtree of the 2^level leaves from index << level on.
Place = tuple[int, int]


def spans(start: int, end: int) -> list[Place]:
    """Complete subtrees that make up leaves [start, end), left to right; `start` is aligned as the tree is."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The leaf ranges whose roots are the audit path of `index` in a tree of `size`, lowest sibling first. Raises
    ValueError.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf in this tree")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(old: int, size: int) -> list[tuple[int, int]]:
    """The leaf ranges whose roots prove that a tree of `size` extends the tree of `old` leaves (RFC 9162, 2.1.4.1).
    Raises ValueError.
    """
    if not 0 < old <= size:
        raise ValueError("the earlier tree has 1 to size leaves")
    start, end, whole, path = 0, size, True, []
    while old < end:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start, whole = middle, False
    if not whole:
        path.append((start, end))
    return path[::-1]


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees given left to right. Raises ValueError when there is none."""
    if not hashes:
        raise ValueError("no subtree to fold")
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def grow(size: int, edge: Mapping[Place, bytes], leaves: Iterable[bytes]) -> dict[Place, bytes]:
    """Every node (leaves are level 0) that appending leaf hashes completes. `edge` holds `spans(0, size)` at least."""
    known, new = dict(edge), {}
    for index, leaf in enumerate(leaves, start=size):
        level, position, carried = 0, index, leaf
        new[0, index] = known[0, index] = leaf
        while position & 1:
            carried = node_hash(known[level, position - 1], carried)
            level, position = level + 1, position >> 1
            new[level, position] = known[level, position] = carried
    return new
