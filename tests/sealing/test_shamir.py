from __future__ import annotations

import itertools
import os

import pyshamir
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.sealing import age, shamir
from parvis.sealing.shamir import ShareError


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=40), st.integers(2, 6), st.integers(0, 4), st.randoms())
def test_pyshamir_joins_ours_and_we_join_its(secret: bytes, k: int, spare: int, random: object) -> None:
    n = k + spare
    ours = shamir.split(secret, n, k)
    chosen = random.sample(ours, k)  # type: ignore[attr-defined]
    assert bytes(pyshamir.combine([bytearray(share) for share in chosen])) == secret
    assert shamir.combine(chosen, k) == secret
    theirs = [bytes(share) for share in pyshamir.split(secret, n, k)]
    assert shamir.combine(random.sample(theirs, k), k) == secret  # type: ignore[attr-defined]


def test_every_quorum_of_two_in_three_opens_and_one_alone_does_not() -> None:
    identity = age.generate_identity()
    recipient = age.recipient_of(identity)
    shares = shamir.split(age.secret_of(identity), 3, 2)
    for pair in itertools.permutations(shares, 2):
        assert shamir.combine_opening_key(pair, 2, recipient) == identity
    assert shamir.combine_opening_key(shares, 2, recipient) == identity
    with pytest.raises(ShareError) as caught:
        shamir.combine_opening_key(shares[:1], 2, recipient)
    assert caught.value.code == "too_few"


def test_too_few_shares_of_a_higher_quorum_are_found_by_the_recipient() -> None:
    identity = age.generate_identity()
    shares = shamir.split(age.secret_of(identity), 4, 3)
    with pytest.raises(ShareError) as caught:
        shamir.combine_opening_key(shares[:2], 2, age.recipient_of(identity))
    assert caught.value.code == "recipient"


def test_a_share_of_another_key_is_found_by_the_recipient() -> None:
    identity = age.generate_identity()
    mixed = [shamir.split(age.secret_of(identity), 3, 2)[0], shamir.split(os.urandom(32), 3, 2)[1]]
    if mixed[0][-1] == mixed[1][-1]:
        mixed[1] = mixed[1][:-1] + bytes([mixed[1][-1] % 255 + 1])
    with pytest.raises(ShareError) as caught:
        shamir.combine_opening_key(mixed, 2, age.recipient_of(identity))
    assert caught.value.code == "recipient"


def test_quorum_of_one_gives_the_secret_itself_to_each() -> None:
    identity = age.generate_identity()
    shares = shamir.split(age.secret_of(identity), 3, 1)
    assert shares == [age.secret_of(identity)] * 3
    assert shamir.combine_opening_key(shares[1:2], 1, age.recipient_of(identity)) == identity


def test_shares_of_one_secret_have_distinct_coordinates_and_differ_each_time() -> None:
    first, second = shamir.split(bytes(32), 255, 2), shamir.split(bytes(32), 255, 2)
    assert {share[-1] for share in first} == set(range(1, 256))
    assert first != second


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ([b"ab\x01"], "too_few"),
        ([b"ab\x01", b"abc\x02"], "length"),
        ([b"ab\x01", b"cd\x01"], "duplicate"),
        ([b"ab\x00", b"cd\x01"], "coordinate"),
    ],
)
def test_shares_that_cannot_be_joined(shares: list[bytes], code: str) -> None:
    with pytest.raises(ShareError) as caught:
        shamir.combine(shares, 2)
    assert caught.value.code == code


@pytest.mark.parametrize(("n", "k"), [(1, 2), (256, 2), (0, 0), (3, 0)])
def test_impossible_quorums(n: int, k: int) -> None:
    with pytest.raises(ShareError):
        shamir.split(b"secret", n, k)


def test_a_share_made_by_hand() -> None:
    """secret 0x2a with slope 0x53: f(1) = 0x79, f(2) = 0x2a ^ 0xa6 = 0x8c, f(0xca) = 0x2a ^ 0x01 (FIPS 197's pair)."""
    assert shamir.combine([b"\x79\x01", b"\x8c\x02"], 2) == b"\x2a"
    assert shamir.combine([b"\x79\x01", b"\x2b\xca"], 2) == b"\x2a"
