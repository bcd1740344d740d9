from __future__ import annotations

import gc

from django.apps import AppConfig, apps
from django.core import checks


class ConfigApp(AppConfig):
    """The one ``ready()``: hands config's tables down to the floors that use them."""

    name = "hetong.config"
    label = "config"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        from hetong.accounts import middleware
        from hetong.accounts.custom import load_fields, stamp_now
        from hetong.accounts.queries import actor_again
        from hetong.accounts.services.custom_fields import keep_index
        from hetong.approvals.queries import install_faces
        from hetong.audit import wording
        from hetong.audit.queries import last_change
        from hetong.files.services import receive_early
        from hetong.jobs import wiring as jobs
        from hetong.kernel import deadlines, joined, nouns, routes
        from hetong.notifications import table as notices
        from hetong.notifications.queries import unread_notices
        from hetong.ui import navigation
        from hetong.ui.forms import conflict

        from .deadlines import DEADLINES
        from .navigation import APPROVALS, CREATE, GROUPS, LISTS, PANELS, SETTINGS, USER_MENU
        from .notices import NOTICES
        from .nouns import NOUNS
        from .policy import all_routes, closed_addresses
        from .wiring import FOLDED, LISTENERS, SCHEDULE, SIGNALS, TASKS

        nouns.install(NOUNS)
        joined.install(stamp_now, load_fields, keep_index)
        deadlines.install(DEADLINES)
        navigation.install(GROUPS, CREATE, PANELS, SETTINGS, USER_MENU, unread_notices, lists=LISTS)
        notices.install(NOTICES)
        jobs.install(LISTENERS, SCHEDULE, TASKS, actor_again, FOLDED)
        self._collect_seldom()
        for signal, listener in SIGNALS:
            signal.connect(listener, dispatch_uid=f"hetong.{listener.__name__}")
        install_faces(APPROVALS)
        self._hand_up()
        self._say_who_may()
        middleware.install(receive_early)
        routes.install(all_routes())
        checks.register(closed_addresses)
        conflict.install(last_change)
        ours = [
            app.name
            for app in apps.get_app_configs()
            if app.name.startswith("hetong.") and find_spec(f"{app.name}.events")
        ]
        wording.install(
            {code: text for name in ours for code, text in import_module(f"{name}.events").SENTENCES.items()}
        )

    @staticmethod
    def _collect_seldom() -> None:
        """Look for cycles of objects seldom, and never among what the start has made: batches make rows by the ten thousand.

        With the interpreter's own threshold of 700 objects the search took a seventh of an import's processor time.
        """
        gc.freeze()
        gc.set_threshold(25_000, 20, 20)

    @staticmethod
    def _say_who_may() -> None:
        """What decides about access: words of permissions, shipped roles, what rules are set for, duties, doors."""
        from hetong.accounts import duties, sharing, shipped, subjects
        from hetong.accounts import wording as access
        from hetong.documents.rules import rule_subjects

        from .duties import PAIRS
        from .openings import OPENINGS
        from .permissions import GROUPS, PERMISSIONS
        from .roles import ROLES

        access.install(GROUPS, PERMISSIONS)
        shipped.install(ROLES)
        subjects.install(rule_subjects)
        duties.install(PAIRS)
        sharing.install(OPENINGS)

    @staticmethod
    def _hand_up() -> None:
        """What lower floors ask of higher ones: what keeps a contract open, what is billed, what must be so before signing."""
        from hetong.approvals.queries import install_beside
        from hetong.billing.queries import billed_instalments
        from hetong.contracts.services import register_billed, register_checks
        from hetong.discussions.queries import install_readers
        from hetong.discussions.views import beside  # allow: borders — a part that stands on a lower app's page
        from hetong.kernel import merging
        from hetong.notifications.table import install_answerable
        from hetong.signing.services import register_gates

        from .merging import MERGING
        from .navigation import OTHER_SIDES
        from .wiring import BY_MAIL, CLOSE_CHECKS, SIGNING_GATES

        merging.install(MERGING)
        install_readers(OTHER_SIDES)
        install_answerable(BY_MAIL)
        install_beside(beside)
        register_checks(CLOSE_CHECKS)
        register_billed(billed_instalments)
        register_gates(SIGNING_GATES)
