from django.apps import AppConfig


class Config(AppConfig):
    name = "unionhall.exchange"
    default_auto_field = "django.db.models.BigAutoField"
