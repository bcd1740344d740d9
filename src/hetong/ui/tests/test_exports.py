from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.audit.models import AccessLog
from hetong.jobs.models import Job, State
from hetong.jobs.testing import drain_outbox
from hetong.jobs.worker import claim_job, run_job
from hetong.kernel.nouns import noun
from hetong.ui.lists import export
from hetong.ui.lists.sheets import is_dangerous, plain_text, safe_text

from .conftest import SignIn

PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "'=1",
    "＝1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    "\ufeff=1",
    "\u00a0=1",
    "=1,2",
    '"=1"',
    "-2+3",
    "@x",
    "+x",
    "=",
    "-",
    "''=1",
    "＋1",
    "－1",
    "＠x",
    "= 1",
    "  +1",
    "'-1",
    "=DDE()",
    "plain",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula_and_all_come_back(payload: str) -> None:
    cell = safe_text(payload)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert plain_text(cell) == payload


@given(st.text(max_size=30))
def test_any_text_comes_back_from_a_cell(text: str) -> None:
    assert plain_text(safe_text(text)) == text
    assert safe_text(text) == text or is_dangerous(text)


@pytest.mark.django_db
def test_a_list_exports_what_is_seen(cast: Any, sign_in: SignIn) -> None:
    noun("accounts.team").model.objects.filter(pk=cast.sales.pk).update(name="=1+1")
    answer = sign_in("ada").get("/test/teams/?name.has=sales&name.has=1&format=csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert rows[0] == ["Name", "Company", "Part of", "Lead"]
    assert "Far sales" not in {row[0] for row in rows}
    marked = b"".join(sign_in("ada").get("/test/teams/?format=csv-mark").streaming_content)
    assert marked.startswith("\ufeff".encode())


@pytest.mark.django_db
def test_a_sheet_holds_typed_cells_and_no_formula(cast: Any, sign_in: SignIn, tmp_path: Path) -> None:
    noun("accounts.team").model.objects.filter(pk=cast.sales.pk).update(name="=1+1")
    answer = sign_in("admin").get("/test/teams/?format=xlsx&layout=all")
    content = b"".join(answer.streaming_content)
    with ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet
    assert 't="b"' in sheet


@pytest.mark.django_db
def test_a_list_with_a_broken_condition_is_not_exported(sign_in: SignIn) -> None:
    assert sign_in("ada").get("/test/teams/?nonsense=1&format=csv").status_code == 302


@pytest.mark.django_db
def test_a_long_export_is_a_job_with_a_file_of_its_own(
    cast: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 1)
    ada = sign_in("ada")
    assert ada.get("/test/teams/?format=csv").status_code == 302
    job = claim_job()
    assert job is not None
    run_job(job)
    drain_outbox()
    job = Job.objects.get(pk=job.pk)
    assert job.state == State.DONE, job.error
    content = b"".join(ada.get(f"/jobs/{job.pk}/file/").streaming_content).decode()
    assert "Sales two" in content
    assert "Far sales" not in content


def test_an_export_is_noted_in_the_access_log(sign_in: SignIn, cast: Any) -> None:
    """S3-03: who took which rows away, and how many."""
    sign_in("ada").get("/contracts/?format=csv")
    row = AccessLog.objects.get(act="export")
    assert (row.actor_label, row.noun) == ("Ada", "contracts.contract")
    assert row.detail.startswith("0 rows, csv")
