from django.apps import AppConfig


class Config(AppConfig):
    name = "unionhall.organisations"
    default_auto_field = "django.db.models.BigAutoField"
