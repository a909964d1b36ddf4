from django.apps import AppConfig


class Config(AppConfig):
    name = "unionhall.journal"
    default_auto_field = "django.db.models.BigAutoField"
