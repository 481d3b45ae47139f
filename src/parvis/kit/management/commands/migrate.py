from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection

from parvis.kit import row_security


class Command(Migrate):
    """Django's migrate, as the owner of the tables; then policies, foreign keys and grants for the role that serves."""

    # The tables that the checks look at are about to be made; they run before `handle`.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        served_as = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(settings.OWNER_LOGIN, OPTIONS=settings.OWNER_OPTIONS)
        try:
            super().handle(*args, **options)
            if options["plan"] or options["check_unapplied"]:
                return
            row_security.secure(served_as["USER"])
        finally:
            connection.close()
            connection.settings_dict.update({k: served_as[k] for k in (*settings.OWNER_LOGIN, "OPTIONS")})
