from procrastinate.contrib.django import app

from parvis.accounts.services import throttle


@app.periodic(cron="17 3 * * *")
@app.task(name="accounts.forget_attempts", queueing_lock="accounts.forget_attempts")
def forget_attempts(timestamp: int) -> None:
    throttle.forget_old()
