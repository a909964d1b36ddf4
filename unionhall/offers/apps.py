from django.apps import AppConfig


class Config(AppConfig):
    name = "unionhall.offers"
    default_auto_field = "django.db.models.BigAutoField"
