from __future__ import annotations

import hashlib

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.sealing import merkle
from parvis.sealing.merkle import Edge, HashTree, ProofError

ENTRIES = [f"leaf {i}".encode() for i in range(70)]
HASHES = [merkle.leaf_hash(entry) for entry in ENTRIES]
TREE = HashTree(HASHES)


@pytest.fixture(scope="module")
def oracle() -> pymerkle.InmemoryTree:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in ENTRIES:
        tree.append_entry(entry)
    return tree


def test_roots_are_the_oracles(oracle: pymerkle.InmemoryTree) -> None:
    edge = Edge()
    for size, leaf in enumerate(HASHES, start=1):
        edge = edge.append(leaf)
        assert edge.root == TREE.root(size) == oracle.get_root(size)
    assert Edge().extend(HASHES) == edge
    assert Edge().root == TREE.root(0) == hashlib.sha256(b"").digest()


def test_known_roots_of_rfc_6962_test_data() -> None:
    """The reference log's inputs and roots for 1, 2 and 3 leaves."""
    leaves = [merkle.leaf_hash(bytes.fromhex(x)) for x in ("", "00", "10")]
    tree = HashTree(leaves)
    assert tree.root(1).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert tree.root(2).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert tree.root(3).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"


def test_proofs_are_the_oracles(oracle: pymerkle.InmemoryTree) -> None:
    for size in (1, 2, 3, 7, 8, 9, 64, 65, 70):
        for index in range(size):
            theirs = oracle.prove_inclusion(index + 1, size)
            path = TREE.inclusion(index, size)
            assert path == list(theirs.path)[1:]
            assert merkle.verify_inclusion(HASHES[index], index, size, path, oracle.get_root(size))
        for old in range(1, size + 1):
            path = TREE.consistency(old, size)
            assert merkle.verify_consistency(old, size, path, oracle.get_root(old), oracle.get_root(size))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_other_leaf_index_size_or_path_is_accepted(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    path, root = TREE.inclusion(index, size), TREE.root(size)
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index))
    assert not merkle.verify_inclusion(HASHES[other], index, size, path, root)
    assert not merkle.verify_inclusion(HASHES[index], other, size, path, root)
    assert not merkle.verify_inclusion(HASHES[index], index, size, path[:-1], root)
    assert not merkle.verify_inclusion(HASHES[index], index, size, [*path, bytes(32)], root)
    wrong = list(path)
    at = data.draw(st.integers(0, len(path) - 1))
    wrong[at] = bytes([wrong[at][0] ^ 1]) + wrong[at][1:]
    assert not merkle.verify_inclusion(HASHES[index], index, size, wrong, root)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_rewritten_past_is_never_consistent(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = HashTree([b"\x01" * 32 if i == changed else h for i, h in enumerate(HASHES[:size])])
    path = rewritten.consistency(old, size)
    assert merkle.verify_consistency(old, size, path, rewritten.root(old), rewritten.root(size))
    assert not merkle.verify_consistency(old, size, path, TREE.root(old), rewritten.root(size))
    assert not merkle.verify_consistency(old, size, TREE.consistency(old, size), TREE.root(old), rewritten.root(size))


def test_edges_and_proofs_outside_the_tree() -> None:
    with pytest.raises(ProofError):
        Edge(3, (bytes(32),))
    for index, size in ((-1, 5), (5, 5), (0, 71)):
        with pytest.raises(ProofError):
            TREE.inclusion(index, size)
    for old, size in ((0, 5), (6, 5)):
        with pytest.raises(ProofError):
            TREE.consistency(old, size)
    assert not merkle.verify_inclusion(HASHES[0], 0, 0, [], bytes(32))
    assert merkle.inclusion_proof(HASHES, 4, 9) == TREE.inclusion(4, 9)
    assert merkle.consistency_proof(HASHES, 4, 9) == TREE.consistency(4, 9)
