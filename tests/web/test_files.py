"""Files: what is taken, where it lies, who gets it back and how."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import history
from engine.models import StoredFile
from tests.forms.samples import SAMPLES
from tests.web.conftest import Site
from tests.web.persona import Page, Persona, Upload, fields_of
from tests.workflows.journey import OFFICE_CODE, PDF
from web.pages import STATIC

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 40
REQUEST = fields_of(SAMPLES["office_onboarding/request"])
TOO_LARGE = PDF + b"\0" * (10 * 1024 * 1024)


@pytest.fixture
def page(at: Callable[[str], Site]) -> tuple[Site, Persona, Page]:
    """Open the page on which the deputy registers the referral."""
    site = at("t_register_request")
    persona = site.persona("sales_deputy")
    return site, persona, persona.get(f"/tasks/{site.journey.tasks()['t_register_request'].id}")


Opened = tuple[Site, Persona, Page]


def stored(site: Site, page: Page, field: str) -> StoredFile:
    """Return the row of the file that a field holds."""
    [file_id] = page.typed()[field]
    with site.kartabl.reading() as tx:
        return tx.session.get_one(StoredFile, file_id)


@pytest.mark.parametrize(
    ("upload", "content_type"),
    [
        (Upload(PDF, "نامهٔ معرفی.pdf"), "application/pdf"),
        (Upload(PNG, "scan.png"), "image/png"),
        (Upload(PNG, "named wrongly.pdf"), "image/png"),  # the bytes decide, not the name
    ],
)
def test_pdf_and_images_are_taken(page: Opened, upload: Upload, content_type: str) -> None:
    site, persona, task = page
    kept = persona.press(task, values={"ref_scan": upload})  # the rest is missing
    assert kept.status == 422
    assert "#field-ref_scan" not in kept.summary()
    row = stored(site, kept, "ref_scan")
    assert (row.content_type, row.name, row.size) == (
        content_type,
        upload.name,
        len(upload.content),
    )
    digest = hashlib.sha256(upload.content).hexdigest()
    place = site.place / "files" / digest[:2] / digest
    assert row.sha256 == digest
    assert place.read_bytes() == upload.content
    assert STATIC not in place.parents
    answer = persona.get(f"/files/{row.id}")
    assert answer.content == upload.content
    headers = answer.response.headers
    assert headers["Content-Type"] == content_type
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    with site.kartabl.reading() as tx:
        newest = history.entries(tx, site.journey.id)[-1]
    assert (newest.type, newest.actor) == ("file:content:read", "sales_deputy")


@pytest.mark.parametrize(
    "upload",
    [
        Upload(b"MZ\x90\0\x03" + b"\0" * 200, "letter.pdf"),
        Upload(b"<html><script>alert(1)</script>", "letter.pdf"),
        Upload(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "letter.png"),
        Upload(b"PK\x03\x04" + b"\0" * 60, "letter.pdf"),
        Upload(b"", "letter.pdf"),
        Upload(TOO_LARGE, "letter.pdf"),
    ],
    ids=["exe", "html", "svg", "zip", "empty", "too large"],
)
def test_other_files_are_refused_and_the_rest_is_kept(page: Opened, upload: Upload) -> None:
    site, persona, task = page
    refused = persona.press(task, values=REQUEST | {"ref_scan": upload})
    assert refused.status == 422
    assert "فقط PDF، PNG، JPEG یا WebP" in refused.error_at("ref_scan")
    assert set(refused.summary()) == {"#field-ref_scan"}
    kept = refused.typed()
    assert kept["office_name"] == REQUEST["office_name"]
    assert kept["req_scan"]
    assert "ref_scan" not in kept
    assert site.journey.open() == {"t_register_request"}
    done = persona.press(refused, values={"ref_scan": Upload()})
    assert done.answered == 303


def test_a_request_above_the_limit_is_refused_with_a_sentence(page: Opened) -> None:
    site, persona, task = page
    site.app.config["MAX_CONTENT_LENGTH"], usual = 1024, site.app.config["MAX_CONTENT_LENGTH"]
    try:
        refused = persona.press(task, values={"ref_scan": Upload(PDF * 100)})
    finally:
        site.app.config["MAX_CONTENT_LENGTH"] = usual
    assert refused.status == 413
    assert "حجم آنچه فرستادید زیاد است" in refused.words


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("<img src=x>.pdf", "<img src=x>.pdf"),
        ("x" * 500 + ".pdf", "x" * 200),
    ],
)
def test_names_are_only_shown(page: Opened, name: str, shown: str) -> None:
    site, persona, task = page
    kept = persona.press(task, values={"ref_scan": Upload(PDF, name)})
    row = stored(site, kept, "ref_scan")
    assert row.name.startswith(shown)
    assert len(row.name) <= 200
    answer = persona.get(f"/files/{row.id}")
    assert (answer.status, answer.content) == (200, PDF)
    places = filter(Path.is_file, site.place.rglob("*"))
    inside = [place for place in places if place.read_bytes() == PDF]
    assert [place.parent.parent for place in inside] == [site.place / "files"]
    assert kept.all("//main//img") == []


def test_a_file_is_dropped_by_its_box(page: Opened) -> None:
    _site, persona, task = page
    kept = persona.press(task, values={"ref_scan": Upload()})
    [file_id] = kept.typed()["ref_scan"]
    dropped = persona.press(kept, values={"_drop": file_id})
    assert "ref_scan" not in dropped.typed()
    assert "#field-ref_scan" in dropped.summary()


def test_a_newer_upload_takes_the_place_of_the_older(page: Opened) -> None:
    site, persona, task = page
    first = persona.press(task, values={"ref_scan": Upload(PDF, "first.pdf")})
    second = persona.press(first, values={"ref_scan": Upload(PNG, "second.png")})
    assert stored(site, second, "ref_scan").name == "second.png"


def test_a_paper_of_another_case_cannot_be_attached(at: Callable[[str], Site]) -> None:
    site = at("t_check_docs")
    with site.kartabl.reading() as tx:
        foreign = next(
            row.id for row in tx.session.query(StoredFile) if row.instance_id != site.journey.id
        )
    persona = site.persona("sales_deputy")
    start = persona.get("/cases/start")
    task = persona.press(start, button=("process", "office_onboarding"))
    values = {name: value for name, value in REQUEST.items() if name != "ref_scan"}
    kept = persona.press(task, values=values)
    posted = {name: value[-1] for name, value in kept.typed().items()} | {"ref_scan": foreign}
    refused = persona.post(task.path, posted)
    assert refused.status == 422
    assert "پیوست" in refused.error_at("ref_scan")


def test_an_upload_that_no_field_takes_is_not_kept(page: Opened) -> None:
    site, persona, task = page
    files = [place for place in (site.place / "files").rglob("*") if place.is_file()]
    for name in ("office_name", "no_such", "ref_scan.0.x", "_drop"):
        posted = {name: (io.BytesIO(PNG), "x.png"), "office_code": OFFICE_CODE}
        assert persona.post(task.path, posted).status in (409, 422), name
    assert [p for p in (site.place / "files").rglob("*") if p.is_file()] == files
