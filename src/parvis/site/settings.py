"""Settings of the one Django project, all read from the environment by the table of `environment.py`."""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

from parvis.kit import clock
from parvis.site.environment import env
from parvis.site.static_headers import add_headers

django_stubs_ext.monkeypatch()  # lets generic classes of Django be written with their type

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent

if "pytest" in sys.modules:
    os.environ.setdefault("PARVIS_ENV", "test")
PARVIS_ENV = env("PARVIS_ENV")
LOCAL = PARVIS_ENV in {"demo", "test"}
if LOCAL:
    os.environ.setdefault("PARVIS_SECRET_KEY", "not-secret-only-for-demo-and-test-" + "x" * 32)
    os.environ.setdefault("PARVIS_DATABASE_URL", "postgresql://parvis_app@/parvis")
    if env("PARVIS_CLOCK_FILE"):
        clock.use_offset_file(Path(env("PARVIS_CLOCK_FILE")))

DATA = Path(env("PARVIS_DATA")).resolve()
PUBLIC_URL = env("PARVIS_PUBLIC_URL").rstrip("/")
SECRET_KEY = env("PARVIS_SECRET_KEY")
DEBUG = False
_public = urlsplit(PUBLIC_URL)
_hosts = [h for h in env("PARVIS_HOSTS").split(",") if h]
OWN_HOSTS = [*_hosts, *(["commune.localhost"] if LOCAL else [])]  # those that an authority may take as its own
ALLOWED_HOSTS = [_public.hostname or "", *OWN_HOSTS, *(["localhost", "127.0.0.1", "testserver"] if LOCAL else [])]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL, *(f"https://{h}" for h in _hosts)]
HTTPS = _public.scheme == "https"


def login(url: str) -> dict[str, Any]:
    """Django's connection settings from a postgresql:// URL; a `host` in its query wins (folder of a socket)."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(query.pop("port", parts.port or "")),
    }


def libpq_options(url: str) -> dict[str, Any]:
    """What the URL's query asks of the connection beyond where it leads, such as sslmode and sslrootcert."""
    asked = {key: values[-1] for key, values in parse_qs(urlsplit(url).query).items()}
    return {key: value for key, value in asked.items() if key not in {"host", "port"}}


_threads = int(env("PARVIS_THREADS"))
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **login(env("PARVIS_DATABASE_URL")),
        "OPTIONS": libpq_options(env("PARVIS_DATABASE_URL")),
    }
}
if PARVIS_ENV != "test":
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _threads + 4, "timeout": 30}
_owner_url = env("PARVIS_DATABASE_OWNER_URL") or env("PARVIS_DATABASE_URL")
OWNER_OPTIONS: dict[str, Any] = libpq_options(_owner_url)
_owner = login(_owner_url)
OWNER_LOGIN = {key: _owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}

INSTALLED_APPS = [
    "parvis.kit",
    "parvis.audit",
    "parvis.accounts",
    "parvis.authorities",
    "parvis.documents",
    "parvis.notifications",
    "parvis.appointments",
    "parvis.eservices",
    "parvis.procurement",
    "parvis.pooling",
    "parvis.portal",
    "parvis.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "procrastinate.contrib.django",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "parvis.site.middleware.no_zero_byte",
    "parvis.site.middleware.host_authority",
]
ROOT_URLCONF = "parvis.site.urls"
WSGI_APPLICATION = "parvis.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            str(PACKAGE / room / "templates")
            for room in (
                "kit",
                "accounts",
                "authorities",
                "procurement",
                "appointments",
                "pooling",
                "portal",
                "site",
                "notifications",
                "documents",
                "audit",
            )
        ],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "parvis.kit.jinja.environment",
            "context_processors": ["django.contrib.messages.context_processors.messages", "parvis.site.context.page"],
        },
    },
    # Only for templates inside allauth that we do not show (its mails have ours).
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if PARVIS_ENV == "test" else []),
]
if PARVIS_ENV == "test":
    PASSWORD_HASHERS.reverse()
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "choose_hat"
LOGIN_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "parvis.accounts.web.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "parvis.accounts.web.sign_up.SignUpExtra"
ACCOUNT_FORMS = {
    "login": "parvis.accounts.web.forms.SignInForm",
    "signup": "parvis.accounts.web.forms.SignUpForm",
    "add_email": "parvis.accounts.web.forms.AddressForm",
    "change_password": "parvis.accounts.web.forms.PasswordChangeForm",
    "set_password": "parvis.accounts.web.forms.FirstPasswordForm",
    "reset_password": "parvis.accounts.web.forms.PasswordResetForm",
    "reset_password_from_key": "parvis.accounts.web.forms.NewPasswordForm",
    "reauthenticate": "parvis.accounts.web.forms.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Wrong passwords are counted by accounts/services/throttle.py, which never shuts an account to its owner (docs/adr).
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = env("PARVIS_CLIENT_IP_HEADER") or None
MFA_ADAPTER = "parvis.accounts.web.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "parvis.accounts.web.factor_forms.CodeForm",
    "reauthenticate": "parvis.accounts.web.factor_forms.CodeAgainForm",
    "activate_totp": "parvis.accounts.web.factor_forms.ActivateForm",
    "add_webauthn": "parvis.accounts.web.factor_forms.AddPasskeyForm",
    "edit_webauthn": "parvis.accounts.web.factor_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Parvis"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS


def identity_app(name: str, written: str) -> dict[str, Any]:
    """One outside identity provider, from `identifier|secret|discovery address` (accounts/provider.py)."""
    client_id, secret, discovery = written.split("|")
    asked = {"server_url": discovery, **OIDC_REQUESTS[name]}
    return {"provider_id": name, "name": name, "client_id": client_id, "secret": secret, "settings": asked}


def ants_hubs(written: str) -> list[tuple[str, str, str]]:
    """Name, header and token of each hub, from `name|header|token,…`. Raises ValueError for one that is not safe."""
    found = []
    for one in filter(None, written.split(",")):
        parts = [part.strip() for part in one.split("|")]
        if len(parts) != 3:
            raise ValueError("PARVIS_ANTS_HUBS wants nom|en-tête|jeton for each hub")
        name, header, token = parts
        if not name or len(token) < 16 or not f"{header}{token}".isascii():
            raise ValueError("PARVIS_ANTS_HUBS wants a name and a token of 16 signs or more for each hub")
        found.append((name, header or "X-HUB-RDV-AUTH-TOKEN", token))
    return found


# What each provider wants to be asked; docs/adr says why.
OIDC_REQUESTS: dict[str, dict[str, Any]] = {
    "agents": {"scope": ["openid", "given_name", "usual_name", "email"], "auth_params": {"acr_values": "eidas1"}},
    "usagers": {
        "scope": ["openid", "given_name", "family_name", "preferred_username", "email"],
        "auth_params": {"acr_values": "eidas1"},
    },
}
_identity = {"agents": env("PARVIS_OIDC_AGENTS"), "usagers": env("PARVIS_OIDC_CITIZENS")}
if LOCAL:  # invented people show themselves at site/web/local_identity.py
    _local = f"parvis|local|{PUBLIC_URL}/demo/identite/%s/.well-known/openid-configuration"
    _identity = {name: said or _local % name for name, said in _identity.items()}
_apps = [identity_app(name, said) for name, said in _identity.items() if said]
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"identity": {"APPS": _apps}}
_discoveries = [urlsplit(app["settings"]["server_url"]) for app in _apps]
IDENTITY_ORIGINS = sorted({f"{at.scheme}://{at.netloc}" for at in _discoveries} - {PUBLIC_URL})
SOCIALACCOUNT_ADAPTER = "parvis.accounts.web.identity.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # by an address that both sides have verified
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# Counters and used codes are shared by every process (the table comes with the accounts migrations).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "parvis_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [str(PACKAGE / "site" / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"
STATIC_ROOT = None if LOCAL else ROOT / ".collected"  # demo and tests serve from the folders
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILES = DATA / "files"
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "parvis.site.errors.csrf_failure"
SECURE_SSL_REDIRECT = False  # the edge redirects
SILENCED_SYSTEM_CHECKS = ["security.W008", "security.W021"]  # the same: ops/nginx.conf; no preload, see below
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = False  # with it anybody may enter the domain in the browsers' lists, for years
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # A form's answer may send on to an identity provider; browsers apply this to the redirect too.
        "form-action": [SELF, *IDENTITY_ORIGINS],
    }
}

DEFAULT_FROM_EMAIL = env("PARVIS_MAIL_FROM")
MAIL_URL = env("PARVIS_MAIL_URL")
_mail = urlsplit(MAIL_URL)
EMAIL_BACKEND = "parvis.notifications.backend.OutboxBackend"
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or (465 if EMAIL_USE_SSL else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtp" and EMAIL_PORT == 587
EMAIL_TIMEOUT = 10
SMS_URL, SMS_TOKEN, SMS_SENDER = env("PARVIS_SMS_URL"), env("PARVIS_SMS_TOKEN"), env("PARVIS_SMS_SENDER")

EDGE_SECRET = env("PARVIS_EDGE_SECRET")
CLIENT_IP_HEADER = env("PARVIS_CLIENT_IP_HEADER")
TSA_URL = env("PARVIS_TSA_URL")
TSA_ROOTS = env("PARVIS_TSA_ROOTS")
CLAMD = env("PARVIS_CLAMD")
GEOCODING_URL = env("PARVIS_GEOCODING_URL")
ANTS_COORDINATION_URL = env("PARVIS_ANTS_COORDINATION_URL")
ANTS_COORDINATION_TOKEN = env("PARVIS_ANTS_COORDINATION_TOKEN")
if LOCAL and not ANTS_COORDINATION_URL:  # the same client, led to site/web/local_coordination.py
    ANTS_COORDINATION_URL, ANTS_COORDINATION_TOKEN = f"{PUBLIC_URL}/demo/coordination/", "demonstration"
ANTS_HUBS = ants_hubs(env("PARVIS_ANTS_HUBS") or ("Démonstration||jeton-de-demonstration" if LOCAL else ""))
LOG_ORIGIN = env("PARVIS_LOG_ORIGIN")
CONCURRENCY = _threads

PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_IMPORT_PATHS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        # The offset is written: the front server's log and this one are read side by side.
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s", "datefmt": "%Y-%m-%dT%H:%M:%S%z"}
    },
    "filters": {"without_keys": {"()": "parvis.site.logs.WithoutKeys"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_keys"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"parvis": {"level": "INFO"}, "procrastinate": {"level": "WARNING"}},
}
