from __future__ import annotations

from django.urls import path

from .views import feeds, todos

app_name = "todos"
urlpatterns = [
    path("todos/", todos.todos_mine, name="mine"),
    path("todos/delegated/", todos.todos_delegated, name="delegated"),
    path("todos/team/", todos.todos_of_team, name="team"),
    path("todos/done/", todos.todos_done, name="done"),
    path("todos/all/", todos.todo_list, name="all"),
    path("todos/new/", todos.task_add, name="add"),
    path("todos/<uuid:id>/", todos.todo_card, name="card"),
    path("todos/<uuid:id>/edit/", todos.task_edit, name="edit"),
    path("todos/<uuid:id>/tick/", todos.task_tick, name="tick"),
    path("todos/<uuid:id>/untick/", todos.task_untick, name="untick"),
    path("todos/<uuid:id>/pass/", todos.todo_pass, name="pass"),
    path("todos/<uuid:id>/snooze/", todos.todo_snooze, name="snooze"),
    path("todos/<uuid:id>/wake/", todos.todo_wake, name="wake"),
    path("calendar/<str:secret>.ics", feeds.feed, name="feed"),
    path("settings/calendar-feeds/", feeds.feeds, name="feeds"),
    path("settings/calendar-feeds/<uuid:feed_id>/renew/", feeds.feed_renew, name="feed_renew"),
    path("settings/calendar-feeds/<uuid:feed_id>/revoke/", feeds.feed_revoke, name="feed_revoke"),
    path("<path:section>/<uuid:id>/todos/", todos.panel, name="panel"),
]
