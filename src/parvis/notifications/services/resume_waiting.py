from datetime import timedelta

from procrastinate.contrib.django.models import ProcrastinateJob

from parvis.kit import clock
from parvis.notifications.models import DeliveryState, Message
from parvis.notifications.services.send_message import enqueue_delivery

FORGOTTEN_AFTER = timedelta(minutes=15)


def resume_waiting() -> int:
    """Give a job again to the waiting messages that have none any more; answers how many."""
    waiting = Message.objects.filter(state=DeliveryState.WAITING, created_at__lt=clock.now() - FORGOTTEN_AFTER)
    ids = {str(message_id): message_id for message_id in waiting.values_list("id", flat=True)[:1000]}
    jobs = ProcrastinateJob.objects.filter(task_name="notifications.deliver", status__in=["todo", "doing"])
    served = set(jobs.filter(lock__in=[f"message:{key}" for key in ids]).values_list("lock", flat=True))
    forgotten = [message_id for key, message_id in ids.items() if f"message:{key}" not in served]
    for message_id in forgotten:
        enqueue_delivery(message_id)
    return len(forgotten)
