from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parvis.authorities.facade import authorities
from parvis.documents.services.reconcile_storage import reconcile_storage
from parvis.documents.services.scan_file import scan_file
from parvis.kit.errors import RetryLater

AGAIN = RetryStrategy(
    max_attempts=60, wait=5, linear_wait=60, retry_exceptions=[RetryLater, OperationalError, InterfaceError]
)


@app.task(name="documents.scan", retry=AGAIN)
def scan(authority: str, file: str) -> None:
    scan_file(UUID(authority), UUID(file))


@app.periodic(cron="30 3 * * *")
@app.task(name="documents.reconcile", queueing_lock="documents.reconcile")
def reconcile(timestamp: int) -> None:
    for authority in authorities():
        reconcile_storage(authority.id)
