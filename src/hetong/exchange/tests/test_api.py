"""Imports for programs: the same steps, rights and refusals as the wizard's (S1-11)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hetong.accounts.services import make_token
from hetong.contracts.services import seed_setup
from hetong.exchange.models import Import
from hetong.jobs.models import Job
from hetong.jobs.worker import claim_job, run_job
from hetong.parties.models import Party

BASE = "/api/v1/imports"
FILE = "Company;Org no;Country\nAcme AB;556000-4615;SE\nBad Number AB;556000-4616;SE\n;;SE\n"


@pytest.fixture
def lin(cast: Any, tmp_path: Any, settings: Any) -> Client:
    settings.HETONG_HOME = tmp_path
    seed_setup()
    return caller(cast, "lin")


def caller(cast: Any, name: str) -> Client:
    _, secret = make_token(getattr(cast, name), cast.users[name], label="test")
    return Client(headers={"Authorization": f"Bearer {secret}"})


def run_jobs() -> None:
    while (job := claim_job()) is not None:
        run_job(job)


def begin(client: Client, cast: Any, text: str = FILE, **more: Any) -> Any:
    data = {"kind": "parties", "company": str(cast.north.pk), "file": SimpleUploadedFile("rows.csv", text.encode())}
    return client.post(BASE, {**data, **more})


def send(client: Client, path: str, body: Any = None, **more: Any) -> Any:
    return client.post(f"{BASE}/{path}", json.dumps(body or {}), content_type="application/json", **more)


def test_a_file_is_sent_mapped_checked_mended_run_and_taken_back(cast, lin):
    begun = begin(lin, cast)
    assert begun.status_code == 201, begun.content
    id = begun.json()["id"]
    assert begun["Location"] == f"{BASE}/{id}"
    assert begun.json()["columns"] == ["Company", "Org no", "Country"]
    assert begun.json()["reading"]["delimiter"] == ";"

    mapping = {"Company": "name", "Org no": "registration_number", "Country": "country"}
    mapped = send(lin, f"{id}/mapping", {"mapping": mapping})
    assert (mapped.status_code, mapped.json()["state"]) == (200, "mapped"), mapped.content
    assert send(lin, f"{id}/options", {"kinds": ["customer"]}).json()["options"] == {"kinds": ["customer"]}

    checked = send(lin, f"{id}/check")
    assert (checked.status_code, checked.json()["is_working"]) == (202, True), checked.content
    run_jobs()
    found = lin.get(f"{BASE}/{id}").json()
    assert (found["state"], found["counts"]["created"], found["counts"]["errors"]) == ("checked", 1, 2)
    assert Party.objects.count() == 0

    bad = lin.get(f"{BASE}/{id}/rows?limit=1").json()
    assert [(row["line"], row["problems"][0]["column"]) for row in bad["items"]] == [(3, "Org no")]
    assert [row["line"] for row in lin.get(f"{BASE}/{id}/rows?cursor={bad['next']}").json()["items"]] == [4]

    mends = [{"line": 3, "cells": {"Org no": "556036-0793"}}, {"line": 4, "cells": {"Company": "Named AB"}}]
    assert send(lin, f"{id}/rows", {"rows": mends}).status_code == 200
    assert send(lin, f"{id}/run").status_code == 202
    run_jobs()
    done = lin.get(f"{BASE}/{id}").json()
    assert (done["state"], done["counts"]["created"], done["counts"]["errors"]) == ("done", 3, 0)
    assert done["undo_until"]
    assert Party.objects.count() == 3

    assert send(lin, f"{id}/undo").status_code == 202
    run_jobs()
    assert lin.get(f"{BASE}/{id}").json()["state"] == "undone"
    assert not Party.objects.filter(is_active=True).exists()


def test_an_import_is_listed_for_who_began_it_and_for_nobody_else(cast, lin):
    first, second = begin(lin, cast).json()["id"], begin(lin, cast).json()["id"]

    page = lin.get(f"{BASE}?limit=1").json()
    rest = lin.get(f"{BASE}?cursor={page['next']}").json()

    assert [one["id"] for one in page["items"] + rest["items"]] == [second, first]
    other = caller(cast, "admin")
    assert other.get(BASE).json()["items"] == []
    assert other.get(f"{BASE}/{first}").status_code == 404
    assert send(other, f"{first}/run").status_code == 404
    assert caller(cast, "gus").get(BASE).status_code == 403


def test_a_repeated_upload_with_its_key_keeps_one_file(cast, lin):
    def keyed() -> Any:
        data = {"kind": "parties", "company": str(cast.north.pk), "file": SimpleUploadedFile("rows.csv", FILE.encode())}
        return lin.post(BASE, data, headers={"Idempotency-Key": "upload-1"})

    first, again = keyed(), keyed()

    assert first.json()["id"] == again.json()["id"]
    assert Import.objects.count() == 1


def test_what_runs_can_be_stopped_and_nothing_else_can_begin_meanwhile(cast, lin):
    id = begin(lin, cast).json()["id"]
    send(lin, f"{id}/mapping", {"mapping": {"Company": "name"}})
    send(lin, f"{id}/run")

    second = send(lin, f"{id}/run")
    assert (second.status_code, second.json()["code"]) == (409, "import_at_work")
    assert send(lin, f"{id}/cancel").json()["is_working"] is False
    assert Job.objects.get().state == "cancelled"
    assert send(lin, f"{id}/cancel").status_code == 404


@pytest.mark.parametrize(
    ("step", "body", "field"),
    [
        ("mapping", {"mapping": {"Nowhere": "name"}}, "mapping"),
        ("mapping", {"mapping": {"Company": "colour"}}, "colour"),
        ("mapping", {"mapping": {"Company": 3}}, "mapping"),
        ("mapping", {}, "mapping"),
        ("options", {"stage": "half"}, "stage"),
        ("options", {"add_parties": "yes"}, "add_parties"),
        ("options", {"colour": "red"}, "colour"),
        ("rows", {"rows": [{"line": 0, "cells": {}}]}, "rows"),
        ("rows", {"rows": [{"line": 2, "cells": {"Nowhere": "x"}}]}, "cells"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(cast, lin, step, body, field):
    id = begin(lin, cast).json()["id"]

    answer = send(lin, f"{id}/{step}", body)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json"), answer.content
    assert field in {one["field"] for one in answer.json()["errors"]}, answer.content


def test_the_reading_is_corrected_part_by_part_and_what_is_no_choice_is_refused(cast, lin):
    id = begin(lin, cast).json()["id"]

    assert send(lin, f"{id}/reading", {"delimiter": ","}).json()["columns"] == ["Company;Org no;Country"]
    again = send(lin, f"{id}/reading", {"delimiter": ";"}).json()
    assert again["columns"] == ["Company", "Org no", "Country"]
    refused = send(lin, f"{id}/reading", {"decimal": "*"})
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert "*" in refused.json()["title"]


def test_what_is_no_import_is_refused(cast, lin):
    assert lin.post(BASE, {}, content_type="application/json").status_code == 415
    empty = lin.post(BASE, {"kind": "parties"})
    assert {one["field"] for one in empty.json()["errors"]} == {"company", "file"}
    assert begin(lin, cast, kind="ships").status_code == 404
    assert begin(lin, cast, company="x").status_code == 422
    other = begin(lin, cast, profile="none")
    assert (other.status_code, [one["field"] for one in other.json()["errors"]]) == (422, ["profile"])
    assert begin(lin, cast, colour="red").status_code == 422
    assert send(lin, f"{begin(lin, cast).json()['id']}/undo").status_code == 409
