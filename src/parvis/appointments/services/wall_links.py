"""The address of a waiting room's screen: its place and a keyed signature, never stored. It shows tickets only, so a
screen left alone keeps no agent's session open.
"""

from uuid import UUID

from django.core import signing

_SIGNER = signing.Signer(salt="parvis.appointments.wall", sep="~")


def wall_key(place_id: UUID) -> str:
    return _SIGNER.sign(place_id.hex)


def place_on_wall(key: str) -> UUID | None:
    """The place that a key opens, None for a key that we did not write."""
    try:
        return UUID(hex=_SIGNER.unsign(key))
    except (signing.BadSignature, ValueError):
        return None
