from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "parvis.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from parvis.kit import checks  # noqa: F401, PLC0415  (registers itself once the apps are loaded)
