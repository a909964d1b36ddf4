from django.apps import AppConfig


class Config(AppConfig):
    name = "unionhall.messages"
    label = "outbox"  # "messages" is Django's own, for what a page says once
    default_auto_field = "django.db.models.BigAutoField"
