from django.apps import AppConfig


class PoolingConfig(AppConfig):
    name = "parvis.pooling"
    label = "pooling"
