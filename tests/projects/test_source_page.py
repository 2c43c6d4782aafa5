"""The report's own text in the site."""

import pytest

from projects.models import AnnualPlan, SourceDocument
from tests.factories import signed_in

pytestmark = pytest.mark.any_database


@pytest.fixture
def client(leader, report_loaded):
    return signed_in(leader)


def test_a_citation_lights_its_sentence_and_marks_its_words(client):
    entry = AnnualPlan.objects.filter(table="表6").select_related("sentence__document").first()
    text = client.get(entry.source_url).content.decode()
    assert f"<mark>{entry.quote}</mark>" in text
    assert text.count("is-lit") == 1
    assert f'id="s{entry.sentence.number}"' in text


def test_the_whole_text_stands_on_the_page(client):
    document = SourceDocument.objects.get()
    text = client.get(document.get_absolute_url()).content.decode()
    for sentence in document.sentences.all():
        for cell in sentence.cells:
            assert cell.replace("&", "&amp;") in text


@pytest.mark.parametrize(
    "query",
    [
        "sentence=abc",
        "sentence=-1",
        "sentence=99999999999999999999",
        "sentence=20&quote=<script>alert(1)</script>",
        "quote=" + "长" * 3000,
        "sentence=%00&quote=%00",
    ],
)
def test_a_hostile_address_shows_the_text_and_nothing_else(client, query):
    answer = client.get(f"/sources/wanzhou-2024/?{query}")
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_an_unknown_document_is_not_there(client):
    assert client.get("/sources/nowhere/").status_code == 404
