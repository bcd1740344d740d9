from __future__ import annotations

from django.urls import path

from . import feed_views, views

app_name = "todos"
urlpatterns = [
    path("todos/", views.todos_mine, name="mine"),
    path("todos/delegated/", views.todos_delegated, name="delegated"),
    path("todos/team/", views.todos_of_team, name="team"),
    path("todos/done/", views.todos_done, name="done"),
    path("todos/all/", views.todo_list, name="all"),
    path("todos/new/", views.task_add, name="add"),
    path("todos/<uuid:id>/", views.todo_card, name="card"),
    path("todos/<uuid:id>/edit/", views.task_edit, name="edit"),
    path("todos/<uuid:id>/tick/", views.task_tick, name="tick"),
    path("todos/<uuid:id>/untick/", views.task_untick, name="untick"),
    path("todos/<uuid:id>/pass/", views.todo_pass, name="pass"),
    path("todos/<uuid:id>/snooze/", views.todo_snooze, name="snooze"),
    path("todos/<uuid:id>/wake/", views.todo_wake, name="wake"),
    path("calendar/<str:secret>.ics", feed_views.feed, name="feed"),
    path("settings/calendar-feeds/", feed_views.feeds, name="feeds"),
    path("settings/calendar-feeds/<uuid:feed_id>/renew/", feed_views.feed_renew, name="feed_renew"),
    path("settings/calendar-feeds/<uuid:feed_id>/revoke/", feed_views.feed_revoke, name="feed_revoke"),
    path("<path:section>/<uuid:id>/todos/", views.panel, name="panel"),
]
