# SPDX-License-Identifier: MIT
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

# It stays in the file, so that one connection of one worker does for all.
if settings.JOURNAL_MODE:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA journal_mode={settings.JOURNAL_MODE}")
    connection.close()
