"""A real worker builds a bulletin; it is still there, whole, when somebody takes it away."""

import pytest

from summaries.models import DocumentRun
from tests.factories import signed_in
from tests.rounds import make_plan, open_rounds
from tests.worker import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_builds_the_bulletin_that_a_manager_asks_for(
    start_worker, manager, tmp_path, settings
):
    settings.MEDIA_ROOT = str(tmp_path)
    make_plan(planned=1200)
    open_rounds(1)
    start_worker(MEDIA_ROOT=str(tmp_path))
    client = signed_in(manager)
    client.post("/documents/build/", {"kind": "monthly_bulletin", "year": 2024, "month": 1})
    run = DocumentRun.objects.get()
    eventually(lambda: DocumentRun.objects.get(pk=run.pk).state in ("done", "failed"), seconds=90)
    run.refresh_from_db()
    assert run.state == "done", run.log
    files = {file.format: client.get(file.get_absolute_url()) for file in run.files.all()}
    assert set(files) == {"docx", "pdf", "xlsx"}
    begins = {name: b"".join(response.streaming_content)[:4] for name, response in files.items()}
    assert begins == {"docx": b"PK\x03\x04", "pdf": b"%PDF", "xlsx": b"PK\x03\x04"}
