"""What happens alone: each area has its own few functions here, and its verbs in services/."""

from collections.abc import Callable
from uuid import UUID

from procrastinate.contrib.django import app

from parvis.authorities.facade import authorities
from parvis.kit import scope
from parvis.pooling.services.end_agreements import end_agreements
from parvis.pooling.services.end_groups import end_groups
from parvis.pooling.services.remind_agreements import remind_agreements
from parvis.pooling.services.remind_groups import remind_groups
from parvis.pooling.services.remind_of_committee import remind_of_committee
from parvis.pooling.services.remind_statements import remind_statements
from parvis.pooling.services.send_order import send_order
from parvis.pooling.services.warn_of_answers import warn_of_answers


def _in_each(run: Callable[[], object]) -> None:
    """In every authority, one transaction each: what fails in one stops no other, and is raised once all had theirs."""
    failures = []
    for house in authorities():
        try:
            with scope.authority(house.id):
                run()
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("some authorities failed", failures)


@app.periodic(cron="40 6 * * *")
@app.task(name="pooling.remind_of_committee", queueing_lock="pooling.remind_of_committee")
def watch_committees(timestamp: int) -> None:
    """Each coordinator hears once a month, from 1 October, of the committees that its groups still owe this year."""
    _in_each(remind_of_committee)


@app.periodic(cron="*/15 * * * *")
@app.task(name="pooling.warn_of_answers", queueing_lock="pooling.warn_of_answers", lock="pooling.warn_of_answers")
def end_of_answers(timestamp: int) -> None:
    """Whoever orders hears that the delay of the mutual information has passed."""
    _in_each(warn_of_answers)


@app.task(name="pooling.send_order")
def order_to_contractor(authority: str, order: str) -> None:
    send_order(UUID(authority), UUID(order))


@app.periodic(cron="5 0 * * *")
@app.task(name="pooling.end_agreements", queueing_lock="pooling.end_agreements", lock="pooling.end_agreements")
def note_ends(timestamp: int) -> None:
    """Sharing agreements whose last day is past; their access closed by itself on its date."""
    _in_each(end_agreements)


@app.periodic(cron="30 7 * * *")
@app.task(name="pooling.remind_agreements", queueing_lock="pooling.remind_agreements", lock="pooling.remind_agreements")
def remind_of_agreements(timestamp: int) -> None:
    """Before the end of a sharing agreement, and before it renews itself; each reminder leaves once."""
    _in_each(remind_agreements)


@app.periodic(cron="10 0 * * *")
@app.task(name="pooling.end_groups", queueing_lock="pooling.end_groups", lock="pooling.end_groups")
def note_terms(timestamp: int) -> None:
    """Groups whose term has come end, and their memberships with them."""
    _in_each(end_groups)


@app.periodic(cron="0 7 * * *")
@app.task(name="pooling.remind_groups", queueing_lock="pooling.remind_groups", lock="pooling.remind_groups")
def remind_coordinators(timestamp: int) -> None:
    """The coordinator's tasks a week before and once late, and the terms of groups six and one months before."""
    _in_each(remind_groups)


@app.periodic(cron="20 7 * * *")
@app.task(name="pooling.remind_statements", queueing_lock="pooling.remind_statements", lock="pooling.remind_statements")
def remind_of_payments(timestamp: int) -> None:
    """A week before what is called is due, and once it is late; each reminder leaves once."""
    _in_each(remind_statements)
