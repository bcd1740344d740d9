from __future__ import annotations

from django.urls import path, register_converter

from . import views


class Act:
    """What a reader may choose about a view."""

    regex = "pin|unpin|default|undefault"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Act, "view_act")

app_name = "ui"
urlpatterns = [
    path("pick/<str:key>/", views.pick, name="pick"),
    path("cell/<str:key>/<uuid:id>/<str:name>/", views.cell, name="cell"),
    path("bulk/<str:key>/", views.bulk, name="bulk"),
    path("views/", views.view_list, name="views"),
    path("views/new/", views.view_new, name="view_new"),
    path("views/<uuid:view_id>/", views.view_edit, name="view_edit"),
    path("views/<uuid:view_id>/delete/", views.view_delete, name="view_delete"),
    path("views/<uuid:view_id>/<view_act:act>/", views.view_act, name="view_act"),
]
