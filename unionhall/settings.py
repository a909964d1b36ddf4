"""Every setting, read from the environment once; what is missing or wrong stops the process with its name.

docs/operators/settings.md describes each; a test fails when one is not described there.
"""

from pathlib import Path

from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from unionhall.apps import CONCEPTS, DOORS
from unionhall.tenancy import database

env = Env(prefix="UNIONHALL_")

HOME = env.path("HOME", default=Path.cwd() / "var")
"""Where this installation keeps its own files: the embedded database, keys, uploads."""

DEMO = env.bool("DEMO", default=(HOME / "demonstration").exists())
"""A demonstration: its accounts and their passwords may be shown on the sign-in page. `unionhall demo` leaves the mark."""

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
_secret_file = HOME / "secret_key"
if not SECRET_KEY:
    if _secret_file.exists():
        SECRET_KEY = _secret_file.read_text().strip()
    else:
        raise ImproperlyConfigured(
            "UNIONHALL_SECRET_KEY is not set and there is no file secret_key under UNIONHALL_HOME; "
            "`unionhall migrate` makes one."
        )

KEY_FILE = env.path("KEY_FILE", default=HOME / "keys.json")
"""The sealing keys. Keep it, and its backup, apart from the database's."""

CIPHER = env.str("CIPHER", default="aes-gcm")
if CIPHER not in ("aes-gcm", "sm4-gcm"):
    raise ImproperlyConfigured(f"UNIONHALL_CIPHER: aes-gcm or sm4-gcm, not {CIPHER}")

ANCHOR = env.path("ANCHOR", default=HOME / "anchor.log")
"""Where the seals of the audit chain are told outside the database: a file only ever appended to. Ship it off the machine."""

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
DISTRICT_NAME = env.str("DISTRICT_NAME", default="")
"""The name on the pages; empty: the root of the tree of places."""

DATABASES = {"default": database(env.str("DATABASE_URL", default=f"sqlite:///{HOME / 'unionhall.sqlite3'}"))}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    *CONCEPTS,
    *DOORS,
]
MIDDLEWARE = [
    "unionhall.web.trace.TraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "unionhall.web.errors.ErrorPagesMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "unionhall.web.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "unionhall.web.gate.GuardedMiddleware",
]
ROOT_URLCONF = "unionhall.urls"
WSGI_APPLICATION = "unionhall.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "unionhall.web.frame.frame",
            ],
        },
    },
]

CRISPY_TEMPLATE_PACK = CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

AUTH_USER_MODEL = "organisations.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["unionhall.web.passwords.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "public"
CSRF_FAILURE_VIEW = "unionhall.web.errors.csrf_failure"
SESSION_ENGINE = "unionhall.web.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600  # the row in the database ends a session, long before for staff
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_COOKIES = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-session" if SECURE_COOKIES else "session"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None

SECOND_FACTOR = env.str("SECOND_FACTOR", default="offered" if DEMO else "required")
if SECOND_FACTOR not in ("required", "offered"):
    raise ImproperlyConfigured(f"UNIONHALL_SECOND_FACTOR: required or offered, not {SECOND_FACTOR}")
PROFILE = env.str("PROFILE", default="asvs")
if PROFILE not in ("asvs", "dengbao3"):
    raise ImproperlyConfigured(f"UNIONHALL_PROFILE: asvs or dengbao3, not {PROFILE}")
PROXIES = env.list("PROXIES", default=["127.0.0.1", "::1"])
"""Whose word about the visitor's address (X-Forwarded-For) is taken."""
SMS = env.str("SMS", default="console" if DEBUG else "")
WECHAT = env.str("WECHAT", default="console" if DEBUG else "")
EMAIL = env.str("EMAIL", default="console" if DEBUG else "")
"""The ways out of a message: "console", an address, or the dotted name of an adapter; empty: none."""
_HTTP, _SMTP = ("https://", "http://127.0.0.1:", "http://localhost:"), ("smtp://", "smtps://")
for _name, _way, _schemes in (("SMS", SMS, _HTTP), ("WECHAT", WECHAT, _HTTP), ("EMAIL", EMAIL, _SMTP)):
    if _way not in ("", "console") and not _way.startswith(_schemes) and ("://" in _way or "." not in _way):
        raise ImproperlyConfigured(
            f"UNIONHALL_{_name}: console, an address {_schemes[0]}…, or the dotted name of an adapter"
        )
SMS_TOKEN = env.str("SMS_TOKEN", default="")
WECHAT_APP_ID = env.str("WECHAT_APP_ID", default="")
WECHAT_SECRET = env.str("WECHAT_SECRET", default="")
WECHAT_TEMPLATE = env.str("WECHAT_TEMPLATE", default="")
WECHAT_FIELDS = env.list("WECHAT_FIELDS", default=["thing1", "time2"])
if "://" in WECHAT and not (WECHAT_APP_ID and WECHAT_SECRET and WECHAT_TEMPLATE and len(WECHAT_FIELDS) == 2):
    raise ImproperlyConfigured(
        "UNIONHALL_WECHAT needs UNIONHALL_WECHAT_APP_ID, _SECRET, _TEMPLATE and two names in UNIONHALL_WECHAT_FIELDS"
    )
EMAIL_FROM = env.str("EMAIL_FROM", default="")
if "://" in EMAIL and "@" not in EMAIL_FROM:
    raise ImproperlyConfigured("UNIONHALL_EMAIL needs UNIONHALL_EMAIL_FROM, the address it is sent from")
SECURE_HSTS_SECONDS = 31536000 if SECURE_COOKIES else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
FORMAT_MODULE_PATH = ["unionhall.web.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # no page asks for a file by its plain name; each is compressed once
MEDIA_ROOT = HOME / "files"
LARGEST_UPLOAD = env.int("LARGEST_UPLOAD", default=100) * 2**20
"""Bytes of a file to import; the setting is in megabytes."""
FILE_UPLOAD_HANDLERS = ["unionhall.web.desk.imports.incoming.WithinLimit", "unionhall.web.desk.imports.incoming.Aside"]
TASKS = {"default": {"BACKEND": "unionhall.jobs.backend.Backend", "QUEUES": ["default", "reading"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "unionhall": {"handlers": ["console"], "level": "INFO"},
        # What a visitor was refused is one line of unionhall.web, with its trace number; not a traceback besides.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING"), "propagate": False},
    },
}
