from __future__ import annotations

from django.urls import path

from .views import devices, mails, notices, reminders, rooms, rules, wishes

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
    path("settings/notices/replies/end/", wishes.replies_end, name="replies_end"),
    path("settings/notices/devices/", devices.device_add, name="device_add"),
    path("settings/notices/devices/test/", devices.device_test, name="device_test"),
    path("settings/notices/devices/<uuid:id>/remove/", devices.device_remove, name="device_remove"),
    path("manifest.webmanifest", devices.manifest, name="manifest"),
    path("worker.js", devices.worker, name="worker"),
    path("settings/reminders/", rules.rules, name="rules"),
    path("settings/reminders/<str:key>/", rules.rule, name="rule"),
    path("settings/chat/", rooms.rooms, name="rooms"),
    path("settings/chat/new/", rooms.room_add, name="room_add"),
    path("settings/chat/<uuid:id>/", rooms.room, name="room"),
    path("settings/chat/<uuid:id>/test/", rooms.room_test, name="room_test"),
    path("settings/chat/<uuid:id>/switch/", rooms.room_switch, name="room_switch"),
    path("settings/chat/posts/<uuid:id>/retry/", rooms.post_retry, name="post_retry"),
    path("settings/mails/", mails.mails, name="mails"),
    path("settings/mails/<uuid:mail_id>/retry/", mails.mail_retry, name="mail_retry"),
]
