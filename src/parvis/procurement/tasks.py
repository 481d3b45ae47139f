from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parvis.procurement.services.complete_receipt import complete_receipt

# About five hours of patience, ever more slowly: a timestamp authority may be away for a night.
PATIENCE = RetryStrategy(max_attempts=40, wait=2, linear_wait=20)


@app.task(name="procurement.complete_receipt", retry=PATIENCE)
def complete_receipt_job(authority: str, submission: str) -> None:
    complete_receipt(UUID(authority), UUID(submission))
