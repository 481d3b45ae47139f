from django.apps import AppConfig
from django.utils.translation import gettext

from parvis.procurement.rules.text import use_translator


class ProcurementConfig(AppConfig):
    name = "parvis.procurement"
    label = "procurement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        use_translator(gettext)
