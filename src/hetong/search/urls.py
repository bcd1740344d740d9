from __future__ import annotations

from django.urls import path

from . import views

app_name = "search"
urlpatterns = [
    path("search/", views.search_page, name="page"),
    path("search/palette", views.search_palette, name="palette"),
]
