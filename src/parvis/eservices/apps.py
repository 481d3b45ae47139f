from django.apps import AppConfig


class EServicesConfig(AppConfig):
    name = "parvis.eservices"
    label = "eservices"
    default_auto_field = "django.db.models.BigAutoField"
