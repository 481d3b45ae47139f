from datetime import timedelta

from parvis.appointments.coordination.registry import coordination
from parvis.appointments.selectors.declarations import left_over
from parvis.appointments.services.declare_booking import declare_booking
from parvis.authorities.facade import authorities
from parvis.kit import clock, scope
from parvis.kit.errors import RetryLater

FORGOTTEN_AFTER = timedelta(minutes=15)
AT_MOST = 200
PATIENCE = 3


def declare_left_over() -> int:
    """What no job did: a worker was killed, or the service was configured only afterwards. How many calls succeeded.

    Gives up after three bookings in a row without an answer: the service is down, and the next turn will tell.
    """
    if coordination() is None:
        return 0
    now, waiting = clock.now(), []
    for house in authorities():
        with scope.authority(house.id):
            waiting += [(house.id, one) for one in left_over(now, now - FORGOTTEN_AFTER)]
    done = silent = 0
    for authority_id, booking_id in waiting[:AT_MOST]:
        try:
            done += declare_booking(authority_id, booking_id)
            silent = 0
        except RetryLater:
            silent += 1
            if silent == PATIENCE:
                break
    return done
