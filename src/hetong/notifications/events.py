"""What happens to notices and reminders: journal codes with their sentences."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Act(StrEnum):
    PASSED_ON = "notifications.passed_on"
    PAUSED = "notifications.reminders_paused"
    RESUMED = "notifications.reminders_resumed"
    RULES_SET = "notifications.reminder_rules_set"


SENTENCES = {
    Act.PASSED_ON: _("passed a notice on to %(to)s"),
    Act.PAUSED: _("paused reminders until %(until)s"),
    Act.RESUMED: _("resumed reminders"),
    Act.RULES_SET: _("changed when one is reminded: %(label)s"),
}
