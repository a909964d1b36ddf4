from django.apps import AppConfig


class Config(AppConfig):
    name = "unionhall.jobs"
    default_auto_field = "django.db.models.BigAutoField"
