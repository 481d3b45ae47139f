from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parvis.procurement.services.complete_receipt import complete_receipt, resume_receipts

# The register answers within seconds, a timestamp authority may be away for a night: then resume_receipts takes over.
PATIENCE = RetryStrategy(max_attempts=10, wait=2, linear_wait=3)


@app.task(name="procurement.complete_receipt", retry=PATIENCE)
def complete_receipt_job(authority: str, submission: str) -> None:
    complete_receipt(UUID(authority), UUID(submission))


@app.periodic(cron="*/5 * * * *")
@app.task(name="procurement.resume_receipts", queueing_lock="procurement.resume_receipts")
def resume_receipts_job(timestamp: int) -> None:
    resume_receipts()
