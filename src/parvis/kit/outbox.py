"""Effects leave once: a job is written in the transaction of the change it follows, and run by the worker after commit.

Jobs are named, so that a lower floor never imports the room that handles them; each is idempotent by its arguments.
"""

from typing import Any

from procrastinate.contrib.django import app


def enqueue(task: str, /, *, lock: str | None = None, **arguments: Any) -> None:
    """Put a job in the same transaction. `task` is its dotted name; arguments must be JSON values.

    Jobs that share `lock` run one after the other.
    """
    app.configure_task(task, allow_unknown=True, lock=lock).defer(**arguments)
