from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from parvis.kit import row_security


@register(Tags.database)
def tenancy(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    if not databases or "default" not in databases:
        return []
    return [
        Error(
            fault,
            hint="Run ./parvis manage migrate as the owner, and serve as the application's role.",
            id="parvis.E001",
        )
        for fault in row_security.faults()
    ]
