"""The web application, for uvicorn: `uvicorn hetong.config.asgi:application`."""

from __future__ import annotations

import os
from typing import cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hetong.config.settings")
os.environ.setdefault("HETONG_PROCESS", "web")

from django.core.asgi import get_asgi_application  # reads the two variables above

_django = get_asgi_application()

from hetong.ui.streams import Application, with_streams  # noqa: E402 - stands on apps that are loaded by then

application = with_streams(cast(Application, _django))
