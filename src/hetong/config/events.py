"""Journal codes of what concerns the whole installation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

JOB_RUN = "config.job_run"

SENTENCES = {JOB_RUN: _("had the scheduled job %(job)s run at once")}
