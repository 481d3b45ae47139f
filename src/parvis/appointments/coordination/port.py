from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ApplicationState(StrEnum):
    """What the service says of a number. Only VALIDATED may be booked."""

    VALIDATED = "validated"
    DECLARED = "declared"
    UNKNOWN = "unknown"
    CONSUMED = "consumed"
    EXPIRED = "expired"


# With one of these no appointment is given: the desk could do nothing with it.
REFUSED = frozenset({ApplicationState.UNKNOWN, ApplicationState.CONSUMED, ApplicationState.EXPIRED})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An appointment that some editor declared, ourselves included.

    `management_url` is an http(s) address that may be shown as a link, or "" when what was given is not one. `at` is
    aware, in UTC, or None when the date cannot be read.
    """

    management_url: str
    meeting_point: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    application_id: str
    state: ApplicationState
    appointments: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class Declaration:
    """One person's appointment, as the service is to know it. Raises ValueError for a naive `at`.

    `management_url` must differ from one number to the next, even within one booking: the service refuses an address
    that it has already. `meeting_point_id` and `meeting_point` are those that the hub knows the place by.
    """

    application_id: str
    meeting_point_id: str
    meeting_point: str
    at: datetime
    management_url: str

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("an appointment needs a time zone")


class Coordination(Protocol):
    """Every call is remote: never inside a transaction. Raises RetryLater and Permanent, nothing else."""

    def status(self, application_ids: Iterable[str], meeting_point_id: str) -> dict[str, Status]:
        """What is known of each number, within 4 s. A number that the service does not answer about, or about which
        it says a word that we do not know, is left out: take it as not checked.
        """

    def declare(self, declaration: Declaration) -> None:
        """Make the appointment known, within 10 s. Safe to repeat; one with the same address and another date or name
        is replaced. Permanent when the number takes no appointment.
        """

    def withdraw(self, declaration: Declaration) -> None:
        """Take it back, within 10 s. Safe to repeat: one that is not there is done. The same address at another date,
        which a move leaves behind, stays.
        """
