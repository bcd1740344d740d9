"""The web application, for uvicorn: `uvicorn hetong.config.asgi:application`."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hetong.config.settings")
os.environ.setdefault("HETONG_PROCESS", "web")

from django.core.asgi import get_asgi_application  # reads the two variables above

application = get_asgi_application()
