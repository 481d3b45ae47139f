import time

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parvis.audit.selectors import checkpoint
from parvis.audit.services.anchor_leaves import anchor_leaves
from parvis.kit import clock

PACE = 1.0


# No job lock: one killed while it held it would stop the register; anchor_leaves has the database's own.
@app.periodic(cron="* * * * *")
@app.task(
    name="audit.anchor",
    queueing_lock="audit.anchor",
    retry=RetryStrategy(max_attempts=3, wait=2, retry_exceptions=[OperationalError, InterfaceError]),
)
def anchor(timestamp: int = 0) -> None:
    """At most about one checkpoint a second: what comes meanwhile waits for the next."""
    last = checkpoint()
    since = (clock.now() - last.at).total_seconds() if last else PACE
    if 0 <= since < PACE:
        time.sleep(PACE - since)
    anchor_leaves()
