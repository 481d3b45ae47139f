from uuid import UUID

from parvis.authorities.models import CircleSeat


def give_seat(circle_id: UUID, member_id: UUID) -> None:
    """Let an authority read what a circle of the authority in scope shares; once is enough. The first seat of a circle
    makes its owner: it comes before any of its rows, which want a seat to be written.

    No seat is ever taken back: whoever took part may read the past. Raises IntegrityError for another's circle.
    """
    CircleSeat.objects.get_or_create(circle_id=circle_id, member_id=member_id)
