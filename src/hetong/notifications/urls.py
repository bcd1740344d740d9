from __future__ import annotations

from django.urls import path

from .views import mails, notices, reminders, rules, wishes

app_name = "notifications"
urlpatterns = [
    path("notices/", notices.notice_list, name="list"),
    path("notices/bell/", notices.bell, name="bell"),
    path("notices/count/", notices.count, name="count"),
    path("notices/read/", notices.read, name="read"),
    path("notices/<uuid:id>/", notices.notice, name="notice"),
    path("notices/<uuid:id>/unread/", notices.unread, name="unread"),
    path("notices/<uuid:id>/mute/", notices.mute, name="mute"),
    path("notices/<uuid:id>/pass-on/", notices.pass_on, name="pass_on"),
    path("reminders/<str:key>/<uuid:id>/pause/", reminders.pause, name="pause"),
    path("reminders/<str:key>/<uuid:id>/resume/", reminders.resume, name="resume"),
    path("<path:section>/<uuid:id>/reminders/", reminders.panel, name="reminders"),
    path("settings/notices/", wishes.wishes, name="wishes"),
    path("settings/notices/test/", wishes.mail_test, name="mail_test"),
    path("settings/reminders/", rules.rules, name="rules"),
    path("settings/reminders/<str:key>/", rules.rule, name="rule"),
    path("settings/mails/", mails.mails, name="mails"),
    path("settings/mails/<uuid:mail_id>/retry/", mails.mail_retry, name="mail_retry"),
]
