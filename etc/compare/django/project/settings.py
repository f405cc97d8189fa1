# SPDX-License-Identifier: MIT
"""As little Django as the eight views need, with SQLite as Django leaves it."""
import os

SECRET_KEY = "only on loopback"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "project.urls"
INSTALLED_APPS = ["project"]
MIDDLEWARE = []
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BENCH_DATABASE"]}
}
JOURNAL_MODE = os.environ.get("BENCH_JOURNAL_MODE")  # none = as it is
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
