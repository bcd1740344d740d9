"""Django's settings, read once from the environment.

Nothing here has a value that would be unsafe on the open net: DEBUG is off, the key is made on the
first start, and what cannot be read stops the start with the name of the variable.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any, cast

import django_stubs_ext
from csp.constants import NONE, SELF

from hetong.config.databases import Process, database
from hetong.config.environment import LOOPBACK_HOSTS, Environment, SettingError
from hetong.config.logs import logging_settings
from hetong.config.mail_address import mail_in, mail_settings, reply_address
from hetong.config.providers import sign_in_providers
from hetong.config.secret_key import fallback_keys, secret_key

# Lets Django's fields and querysets take type arguments at run time, as the type checker reads them.
django_stubs_ext.monkeypatch()

ENVIRONMENT = Environment(os.environ)
PACKAGE = Path(__file__).resolve().parent.parent

# --- Where things are kept -------------------------------------------------------------------
HOME = ENVIRONMENT.path("HETONG_HOME", Path("var"))
HETONG_HOME: Path = HOME
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
if HOME.stat().st_mode & stat.S_IWOTH:
    raise SettingError("HETONG_HOME", f"is {HOME}, in which everybody may write; run: chmod o-rwx {HOME}")

# Which kind of process this is: `hetong serve` says web, `hetong worker` worker.
PROCESS = cast("Process", ENVIRONMENT.text("HETONG_PROCESS", "command"))
DATABASES = {"default": database(ENVIRONMENT, HOME, PROCESS)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Address and secrets ---------------------------------------------------------------------
BASE_ADDRESS = ENVIRONMENT.web_address("HETONG_BASE_URL", "http://localhost:8000")
assert BASE_ADDRESS is not None  # noqa: S101  # the default is an address; this tells the type checker
BASE_URL = BASE_ADDRESS.geturl()
HTTPS = BASE_ADDRESS.scheme == "https"
DEBUG = ENVIRONMENT.flag("HETONG_DEBUG")
if DEBUG and BASE_ADDRESS.hostname not in LOOPBACK_HOSTS:
    raise SettingError("HETONG_DEBUG", "shows the program's insides to visitors; only for a base URL on this machine")
SECRET_KEY = secret_key(ENVIRONMENT, HOME)
SECRET_KEY_FALLBACKS = fallback_keys(ENVIRONMENT)
ALLOWED_HOSTS = sorted({str(BASE_ADDRESS.hostname), "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [BASE_URL]
# Addresses of the reverse proxies whose X-Forwarded-* headers are believed.
TRUSTED_PROXIES = ENVIRONMENT.text("HETONG_TRUSTED_PROXIES", "127.0.0.1")

# --- Other services (empty = not used) -------------------------------------------------------
STORAGE_URL = ENVIRONMENT.text("HETONG_STORAGE_URL", (HOME / "files").absolute().as_uri())
if not STORAGE_URL.startswith("file:///"):
    raise SettingError("HETONG_STORAGE_URL", "should look like file:///srv/hetong")
REDIS_URL = ENVIRONMENT.text("HETONG_REDIS_URL")
SIGNING_KEY_FILE = ENVIRONMENT.variables.get("HETONG_SIGNING_KEY_FILE", "")
TSA_URL = ENVIRONMENT.text("HETONG_TSA_URL")
SCAN_URL = ENVIRONMENT.text("HETONG_SCAN_URL")
# Hosts of our own that may lie inside and are still written to: an in-house chat, say.
OUTSIDE_HOSTS = ENVIRONMENT.words("HETONG_OUTSIDE_HOSTS")

_MAIL = mail_settings(ENVIRONMENT, HOME)
MAIL = _MAIL  # as read; the test runner puts another EMAIL_BACKEND in place
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _MAIL.get("EMAIL_FILE_PATH")
EMAIL_HOST = _MAIL.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _MAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _MAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = _MAIL.get("EMAIL_TIMEOUT")
DEFAULT_FROM_EMAIL = ENVIRONMENT.text("HETONG_EMAIL_FROM", f"Hetong <hetong@{BASE_ADDRESS.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Where answers to mails come in: the address that they go to (`box+secret@host`), and the box that is read.
REPLY_ADDRESS = reply_address(ENVIRONMENT)
MAIL_IN = mail_in(ENVIRONMENT)

# --- Apps, from the lowest floor to the highest ----------------------------------------------
OWN_APPS = [
    "hetong.ui",
    "hetong.jobs",
    "hetong.audit",
    "hetong.reference",
    "hetong.accounts",
    "hetong.files",
    "hetong.notifications",
    "hetong.todos",
    "hetong.search",
    "hetong.documents",
    "hetong.approvals",
    "hetong.signing",
    "hetong.discussions",
    "hetong.parties",
    "hetong.contracts",
    "hetong.billing",
    "hetong.exchange",
    "hetong.config",
]
INSTALLED_APPS = [
    *OWN_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hetong.config.static_files.StaticFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hetong.accounts.middleware.ActorMiddleware",
    "hetong.accounts.middleware.OnceMiddleware",
    "hetong.ui.middleware.ErrorMiddleware",
]
ROOT_URLCONF = "hetong.config.urls"
ASGI_APPLICATION = "hetong.config.asgi.application"
APPEND_SLASH = True

_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "hetong.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "hetong.ui.context.frame",
            ],
        },
    }
]

# --- People, sessions, throttles -------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": ENVIRONMENT.number("HETONG_PASSWORD_LENGTH", 10, least=8)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
ACCOUNT_ADAPTER = "hetong.accounts.adapter.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "50/15m/ip,10/15m/key",
    "reset_password": "20/15m/ip,5/h/key",
    "second_factor": "5/5m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
    "signup": "20/m/ip",
}
MFA_ADAPTER = "hetong.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {"authenticate": "hetong.accounts.forms.CodeForm"}
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off; used codes are kept longer than that (accounts.forms.once)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by administrators, not claimed
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = BASE_ADDRESS.hostname == "localhost" and not HTTPS
# Keys of roles that must have a second step; `all` means everybody.
SECOND_FACTOR = ENVIRONMENT.words("HETONG_SECOND_FACTOR")
# A session is noted when it begins; a write on every page would queue readers behind each other.
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_ADAPTER = "hetong.accounts.adapter.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads to another host is stopped by our own form-action
SOCIALACCOUNT_PROVIDERS = sign_in_providers(ENVIRONMENT)

# Browsers accept the __Host- prefix only from https, for the whole site and without a domain:
# a neighbouring site on the same domain cannot plant such a cookie.
_COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}hetong-session"
SESSION_COOKIE_AGE = ENVIRONMENT.number("HETONG_SESSION_HOURS", 24 * 7, least=1) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}hetong-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hetong.config.views.pages.csrf_failed"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_NAME = "hetong-language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Throttles count in the database, so that several processes share one count.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "hetong_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# --- What the browser is told ----------------------------------------------------------------
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "upgrade-insecure-requests": HTTPS,
    }
}
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES: dict[str, dict[str, Any]] = {
    # Uploaded files go through hetong.files, not through Django's storage; nothing should land here.
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
NOTICES_KEPT_DAYS = ENVIRONMENT.number("HETONG_NOTICES_KEPT_DAYS", 365, least=1)
MAX_UPLOAD_BYTES = ENVIRONMENT.number("HETONG_MAX_UPLOAD_MB", 100, least=1) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- Language and time -----------------------------------------------------------------------
USE_I18N = True
FORMAT_MODULE_PATH = ["hetong.config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
# Each language is named in itself, so these names are not translated.
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("sv", "Svenska")]
LOCALE_PATHS = [PACKAGE / "locale"]

# --- Log -------------------------------------------------------------------------------------
LOGGING = logging_settings(
    ENVIRONMENT.text("HETONG_LOG_FORMAT", "text"), ENVIRONMENT.text("HETONG_LOG_LEVEL", "INFO").upper()
)
