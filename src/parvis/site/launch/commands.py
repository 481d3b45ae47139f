"""Command lines of Parvis's own processes."""

import sys

_PYTHON = (sys.executable, "-P", "-m")


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """`python -m NAME`, with the current folder left out of the import path."""
    return (*_PYTHON, name, *arguments)


def manage(*arguments: str) -> tuple[str, ...]:
    return module("parvis.site.manage", *arguments)


def worker() -> tuple[str, ...]:
    """The processor of background jobs; concurrency stays below the size of its connection pool."""
    return manage("work", "--concurrency", "4")


def granian(address: tuple[str, ...], workers: int, blocking_threads: int | None, patience: int) -> tuple[str, ...]:
    """The web server. `address`: ("--host", h, "--port", p) or ("--uds", path); `patience` seconds to end a request.

    `blocking_threads` None leaves one to each open request: PARVIS_THREADS bounds how many work at once, behind the
    clock that dates the deposits (`site/edge.py`). A small number here would date them after the queue.
    """
    fixed = ("--interface", "wsgi", "--no-ws", "--respawn-failed-workers", "--respawn-interval", "0.5")
    scale: tuple[str, ...] = ("--workers", str(workers))
    if blocking_threads is not None:
        scale += ("--blocking-threads", str(blocking_threads))
    end = ("--workers-kill-timeout", str(patience), "--log-level", "error", "parvis.site.wsgi:application")
    return module("granian", *fixed, *address, *scale, *end)
