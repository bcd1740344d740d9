"""What happens to notices and reminders: journal codes with their sentences."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Act(StrEnum):
    PASSED_ON = "notifications.passed_on"
    PAUSED = "notifications.reminders_paused"
    RESUMED = "notifications.reminders_resumed"
    RULES_SET = "notifications.reminder_rules_set"
    ROOM_ADDED = "notifications.room_added"
    ROOM_CHANGED = "notifications.room_changed"
    ROOM_ON = "notifications.room_on"
    ROOM_OFF = "notifications.room_off"


SENTENCES = {
    Act.PASSED_ON: _("passed a notice on to %(to)s"),
    Act.PAUSED: _("paused reminders until %(until)s"),
    Act.RESUMED: _("resumed reminders"),
    Act.RULES_SET: _("changed when one is reminded: %(label)s"),
    Act.ROOM_ADDED: _("added the chat room %(room)s"),
    Act.ROOM_CHANGED: _("changed the chat room %(room)s"),
    Act.ROOM_ON: _("switched the chat room %(room)s on"),
    Act.ROOM_OFF: _("switched the chat room %(room)s off"),
}
