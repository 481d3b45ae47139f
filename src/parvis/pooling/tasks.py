"""What happens alone: each area has its own few functions here, and its verbs in services/."""

from procrastinate.contrib.django import app

from parvis.authorities.facade import authorities
from parvis.kit import scope
from parvis.pooling.services.remind_of_committee import remind_of_committee


@app.periodic(cron="40 6 * * *")
@app.task(name="pooling.remind_of_committee", queueing_lock="pooling.remind_of_committee")
def watch_committees(timestamp: int) -> None:
    """Each coordinator hears once a month, from 1 October, of the committees that its groups still owe this year."""
    for house in authorities():
        with scope.authority(house.id):
            remind_of_committee()
