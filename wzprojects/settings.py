"""The one settings file; everything that differs between installations is read from the environment."""

import logging
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from wzprojects.databases import databases
from wzprojects.operations import log_lines

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

# What an installation says of itself --------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# The demo: published accounts and invented sample data. checks.py refuses it in production.
DEMO = env.bool("DEMO", default=False)
DEMO_SECRET_KEY = "demo-only-not-a-secret-" + "0" * 40
SECRET_KEY = env.str("SECRET_KEY", default=DEMO_SECRET_KEY if DEMO or DEBUG else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The business date of the demo (YYYY-MM-DD); empty means the real date.
WZ_TODAY = env.str("WZ_TODAY", default="")
# True where a proxy in front ends TLS: cookies are then sent over https only.
HTTPS = env.bool("HTTPS", default=not (DEBUG or DEMO))

# Applications -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "wzprojects.apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "django_celery_beat",
    "axes",
    "csp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "wzprojects.operations",
    "accounts",
    "projects",
    "indicators",
    "exchange",
    "summaries",
    "reading",
]

MIDDLEWARE = [
    "wzprojects.operations.door.Door",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "wzprojects.operations.request_log.RequestLog",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.PasswordChangeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "wzprojects.urls"
WSGI_APPLICATION = "wzprojects.wsgi.application"
ASGI_APPLICATION = "wzprojects.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wzprojects.context.site",
            ],
            "builtins": ["office.templatetags.parts"],
        },
    },
    {
        # The frame, components and rows: see docs/adr/0019-lean-pages.md.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "APP_DIRS": False,
        "OPTIONS": {"autoescape": True, "environment": "wzprojects.rendering.environment"},
    },
]
FORM_RENDERER = "wzprojects.rendering.FormRenderer"

# Data ---------------------------------------------------------------------------------------------

DATABASES = databases(env, VAR_DIR)
# A streaming replica of DATABASE_URL, for work that only reads: see office/replica.py.
REPLICA_URL = env.str("REPLICA_URL", default="")
DATABASE_ROUTERS = ["office.replica.Router"] if REPLICA_URL else []
# Seconds that such work waits for the replica to have all that the primary has.
REPLICA_PATIENCE = env.float("REPLICA_PATIENCE", default=0.5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6399/0")
CACHES = {
    "default": {
        "BACKEND": "office.redis_cache.Cache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "wz",
    },
}

# Jobs ---------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than the longest job; a message of a killed worker comes back after it at the latest.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("JOB_REDELIVERY_SECONDS", default=600),
    "global_keyprefix": env.str("REDIS_KEY_PREFIX", default="wz:"),
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "raise-data-questions": {
        "task": "summaries.tasks.raise_data_questions",
        "schedule": timedelta(days=1),
    },
    "refresh-cells": {
        "task": "summaries.tasks.refresh_cells",
        "schedule": timedelta(seconds=5),
        # While no worker runs the next one is as good.
        "options": {"expires": 5},
    },
    "fail-lost-runs": {
        "task": "summaries.tasks.fail_lost_runs",
        "schedule": timedelta(minutes=1),
    },
    "fail-lost-imports": {
        "task": "exchange.tasks.fail_lost_imports",
        "schedule": timedelta(minutes=1),
    },
    "fail-lost-readings": {
        "task": "reading.tasks.fail_lost_readings",
        "schedule": timedelta(minutes=1),
    },
    "sweep-documents": {
        "task": "summaries.tasks.sweep_documents",
        "schedule": timedelta(days=1),
    },
    "open-and-lock-periods": {
        "task": "projects.tasks.open_and_lock_periods",
        "schedule": crontab(hour="0", minute="5"),
    },
    "seal-histories": {
        "task": "projects.tasks.seal_histories",
        "schedule": crontab(hour="0", minute="20"),
    },
    "escalate-obstacles": {
        "task": "projects.tasks.escalate_obstacles",
        "schedule": crontab(hour="6", minute="0"),
    },
    "send-reminders": {
        "task": "projects.tasks.send_reminders",
        "schedule": crontab(hour="8", minute="30"),
    },
    "build-open-data": {
        "task": "projects.tasks.build_open_data",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3000},
    },
    "deliver-webhooks": {
        "task": "projects.tasks.deliver_webhooks",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 14},
    },
    "deliver-mail": {
        "task": "projects.tasks.deliver_mail",
        "schedule": timedelta(minutes=1),
        # While no worker runs the next one is as good.
        "options": {"expires": 55},
    },
}

# People -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "summaries:home"
LOGOUT_REDIRECT_URL = "accounts:login"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
# Locked by user name whatever the address: guesses from many machines count together.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429

# API ----------------------------------------------------------------------------------------------

# Everything below this address answers in JSON, its refusals too.
API_ADDRESS = "/api/"
# Requests of one person, whatever the number of tokens: "number/second|minute|hour|day".
API_RATES = {
    "read": env.str("API_READ_RATE", default="600/minute"),
    "write": env.str("API_WRITE_RATE", default="120/minute"),
}
API_BODY_BYTES = 1024 * 1024
KNOX_TOKEN_MODEL = "accounts.ApiToken"
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "wz_"}
# Knox's own table is swapped for ours: without its migrations it is not made.
MIGRATION_MODULES = {"knox": None}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "accounts.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.access.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.throttling.PersonThrottle"],
    "DEFAULT_PARSER_CLASSES": ["office.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["office.api.rendering.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "office.api.schema.TitledSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "office.api.problems.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("Key-project office: API"),
    "DESCRIPTION": _(
        "What the pages show and do, for programs. Money is in 10,000 yuan, as decimal strings."
        " Differences between percentages are percentage points. A missing figure is null, never 0."
    ),
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_NAME_OVERRIDES": {
        "Stage": "projects.models.Stage",
        "ProjectStatus": "projects.models.Status",
        "PlanLevel": "projects.models.Level",
        "Light": "projects.models.Light",
        "ReportState": "projects.models.ReportState",
        "ReportAction": "projects.models.ReportAction",
        "PlanAction": "projects.models.PlanAction",
        "RegionLevel": "accounts.models.people.Region.Level",
        "MilestoneKind": "projects.models.Milestone.Kind",
        "ObstacleKind": "projects.models.ObstacleKind",
        "ObstacleLevel": "projects.models.ObstacleLevel",
        "ObstacleState": "projects.models.ObstacleState",
        "ObstacleAction": "projects.models.ObstacleAction",
        "QuestionState": "projects.models.DataQuestion.State",
        "ObservationStatus": "indicators.models.Observation.Status",
        "CommitmentKind": "indicators.models.Commitment.Kind",
        "DocumentKind": "summaries.models.DocumentRun.Kind",
        "DocumentState": "summaries.models.DocumentRun.State",
    },
    "ENUM_SUFFIX": "",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "tagsSorter": "alpha"},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "office.api.schema.add_refusals",
    ],
}

# Sessions and security ----------------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Language and time --------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "wzprojects.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FIRST_DAY_OF_WEEK = 1

# Files --------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Photos of sites and documents. No address leads there: the site itself hands them out, to who may
# see them.
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))
FIXTURES_DIR = BASE_DIR / "fixtures"

DJANGO_TABLES2_PAGE_RANGE = 7
# A list of no more rows is counted, summed up and sorted by any column whenever it is shown; of a
# longer one that is done when somebody asks for it (docs/adr/0020-pages-by-key.md).
LIST_COUNTED = env.int("LIST_COUNTED", default=2000)

# Open data ----------------------------------------------------------------------------------------

# The prefix of our projects' identifiers, as the standard's help desk gives it out: oc4ids- and six
# letters or figures.
OC4IDS_PREFIX = env.str("OC4IDS_PREFIX", default="oc4ids-000000")
OPEN_DATA_PUBLISHER = env.str("OPEN_DATA_PUBLISHER", default="重庆市万州区发展和改革委员会")
# The address of the licence, and what it is called.
OPEN_DATA_LICENSE = env.str("OPEN_DATA_LICENSE", default="")
OPEN_DATA_LICENSE_NAME = env.str("OPEN_DATA_LICENSE_NAME", default="")

# Webhooks -----------------------------------------------------------------------------------------

# Only https addresses in the wide world are written to, unless http is allowed, and names of the
# installation's own network are listed.
WEBHOOK_ALLOW_HTTP = env.bool("WEBHOOK_ALLOW_HTTP", default=False)
WEBHOOK_OWN_HOSTS = env.list("WEBHOOK_OWN_HOSTS", default=[])

# E-mail -------------------------------------------------------------------------------------------

# The address that links in e-mails begin with.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
# smtp+tls://user:password@host:587, smtp+ssl://…, filemail:///folder; printed where nothing is set.
_email = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default=_email["EMAIL_BACKEND"])
EMAIL_HOST = _email["EMAIL_HOST"] or "localhost"
EMAIL_PORT = _email["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"] or None
EMAIL_TIMEOUT = 10  # less than a writer waits for SQLite: a row is locked while its mail is sent
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="office@localhost")

# Watching -----------------------------------------------------------------------------------------

LOGGING = log_lines.configuration(as_json=not (DEBUG or DEMO))
# Of a request the line that ends it is enough, of a job too.
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
AXES_CLIENT_STR_CALLABLE = "wzprojects.operations.log_lines.somebody"

# What Prometheus has to bring to /metrics/; without one there is no such address.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Seconds. A list page takes hundredths, a query thousandths.
PROMETHEUS_LATENCY_BUCKETS = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    float("inf"),
)
