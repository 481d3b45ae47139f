from procrastinate import JobContext
from procrastinate.contrib.django import app

# A worker that was killed leaves its jobs "doing": nobody else would ever take them.
SILENT_SECONDS = 60


@app.periodic(cron="* * * * *")
@app.task(name="kit.retry_stalled", queueing_lock="kit.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give back to the queue the jobs whose worker has not been heard of for a minute; every job is idempotent."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        await manager.retry_job(job)
