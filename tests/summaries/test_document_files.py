"""Files of documents: stored whole with the end of their run, or not at all."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from summaries import document_files, workflow
from summaries.models import DocumentFile, DocumentRun
from summaries.product import Product, ProductFile
from tests.factories import make_department, make_user, signed_in

pytestmark = pytest.mark.any_database

NOW = timezone.now()
DOCX = ProductFile(DocumentFile.Format.DOCX, "报告.docx", b"words")
PDF = ProductFile(DocumentFile.Format.PDF, "报告.pdf", b"pages")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """Where this test's files are kept."""
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path / document_files.FOLDER


def claimed(by, year=2024, department=None) -> DocumentRun:
    run = workflow.ask(
        kind=DocumentRun.Kind.ANNUAL_REPORT,
        parameters={"year": year},
        by=by,
        now=NOW,
        department=department,
    )
    return workflow.claim(run.pk, now=NOW)


def product(*files) -> Product:
    return Product(digest="0" * 64, cut_off=NOW, rule_version="1", files=files)


def finished(by, **options) -> DocumentRun:
    run = claimed(by, **options)
    workflow.finish(run, product(DOCX, PDF), now=NOW)
    run.refresh_from_db()
    return run


def kept(folder) -> list[bytes]:
    return sorted(file.read_bytes() for file in folder.iterdir()) if folder.is_dir() else []


def test_files_are_stored_with_the_end_of_their_run(manager, folder):
    run = finished(manager)
    assert kept(folder) == [b"pages", b"words"]
    assert [(file.format, file.size, file.digest) for file in run.files.all()] == [
        ("docx", 5, DOCX.digest),
        ("pdf", 5, PDF.digest),
    ]


def test_a_worker_that_lost_its_run_leaves_no_file(manager, folder):
    run = claimed(manager)
    workflow.claim(run.pk, now=NOW + workflow.PATIENCE + timedelta(seconds=1))
    with pytest.raises(workflow.ClaimLostError):
        workflow.finish(run, product(DOCX), now=NOW)
    assert kept(folder) == []
    assert not DocumentFile.objects.exists()


def test_when_the_second_file_is_refused_the_first_goes_too(manager, folder):
    run = claimed(manager)
    with pytest.raises(Exception, match=r"(?i)unique"):
        workflow.finish(run, product(DOCX, DOCX), now=NOW)
    assert kept(folder) == []
    run.refresh_from_db()
    assert run.state == "running"


def test_a_file_that_cannot_be_written_leaves_nothing_half_written(manager, folder):
    run = claimed(manager)
    name = f"{run.pk}-{run.attempt}-{DOCX.digest[:16]}.docx"
    (folder / name).mkdir(parents=True)
    with pytest.raises(OSError):
        document_files.write(run, DOCX)
    assert [file.name for file in folder.iterdir()] == [name]


def test_only_files_that_no_document_names_are_swept_and_not_while_they_may_be_named(
    manager, folder
):
    finished(manager)
    for name, age in (("9-1-left.docx", 7), (".part", 7), ("9-2-new.docx", 1)):
        left = folder / name
        left.write_bytes(b"left behind")
        at = (NOW - timedelta(hours=age)).timestamp()
        os.utime(left, (at, at))
    for file in DocumentFile.objects.all():
        os.utime(file.file.path, (0, 0))
    assert document_files.sweep(now=NOW) == 2
    assert kept(folder) == [b"left behind", b"pages", b"words"]


def test_a_file_is_taken_away_under_its_chinese_name(manager):
    file = finished(manager).files.get(format="docx")
    response = signed_in(manager).get(file.get_absolute_url())
    assert b"".join(response.streaming_content) == b"words"
    assert "attachment" in response["Content-Disposition"]
    assert "%E6%8A%A5%E5%91%8A.docx" in response["Content-Disposition"]
    assert response["Content-Type"].endswith("wordprocessingml.document")


def test_an_old_document_stays_when_a_new_one_is_built(manager):
    old = finished(manager)
    finished(manager)
    page = signed_in(manager).get("/documents/").content.decode()
    for file in old.files.all():
        assert file.get_absolute_url() in page


def test_a_file_gone_from_the_disk_is_not_found(manager, folder):
    file = finished(manager).files.get(format="pdf")
    Path(file.file.path).unlink()
    assert signed_in(manager).get(file.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("persona", "status"),
    [("reporter", 404), ("outsider", 404), ("leader", 200), ("manager", 200), ("admin", 200)],
)
def test_the_office_s_documents_are_for_who_sees_the_whole_office(
    request, manager, persona, status
):
    run = finished(manager)
    client = signed_in(request.getfixturevalue(persona))
    file = client.get(run.files.first().get_absolute_url())
    assert file.status_code == status
    assert client.get(run.get_absolute_url()).status_code == status
    assert status == 404 or b"".join(file.streaming_content)
    listed = client.get("/documents/")
    assert listed.status_code == 200
    assert (run.get_absolute_url() in listed.content.decode()) is (status == 200)


def test_a_department_s_document_is_for_its_people_and_for_those_above(manager):
    above = make_department("500101-A")
    below = make_department("500101-A1", parent=above)
    run = finished(manager, department=below)
    for department, status in ((below, 200), (above, 200), (make_department("500101-B"), 404)):
        client = signed_in(make_user(department=department))
        assert client.get(run.get_absolute_url()).status_code == status
        assert client.post(f"{run.get_absolute_url()}retry/").status_code in (403, 404)


@pytest.mark.parametrize("path", ["/documents/", "/documents/{run}/", "/documents/files/{file}/"])
def test_reading_is_never_a_post(manager, path):
    run = finished(manager)
    url = path.format(run=run.pk, file=run.files.first().pk)
    assert signed_in(manager).post(url).status_code == 405


def test_the_list_takes_the_same_number_of_queries_for_1_and_for_30_documents(
    manager, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(manager)
    finished(manager)
    client.get("/documents/")
    with django_assert_max_num_queries(20) as one:
        client.get("/documents/")
    for _ in range(29):
        finished(manager)
    with django_assert_num_queries(len(one)):
        client.get("/documents/")
