"""Loading a text that changes under the facts that quote it."""

from projects.imports import FixtureFile, load
from projects.models import (
    PlanStatement,
    SourceDocument,
    SourceSentence,
)
from tests.projects.fixture_files import COUNT, DOCUMENT, TEXT, file_of, refused


def reload(*facts: FixtureFile):
    return load([file_of("projects.sourcedocument", DOCUMENT), *facts])


def test_a_sentence_that_moves_keeps_its_facts(small_document):
    load([file_of("projects.planstatement", COUNT, document="small")])
    cited = PlanStatement.objects.get().sentence
    small_document.write_text(TEXT.replace("全年", "一年来，形势稳定。全年"), encoding="utf-8")
    report = reload()
    assert report.of(SourceDocument).changed[0].changes[0][0] == "sentences"
    moved = PlanStatement.objects.get().sentence
    assert (moved.pk, moved.number, moved.text) == (cited.pk, cited.number + 1, cited.text)
    numbers = SourceSentence.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]


def test_a_text_that_drops_words_that_a_fact_quotes_is_refused(small_document):
    load([file_of("projects.planstatement", COUNT, document="small")])
    small_document.write_text(TEXT.replace("45", "46"), encoding="utf-8")
    (message,) = refused(file_of("projects.sourcedocument", DOCUMENT))
    assert message == (
        "test.json · row 1 · file: the words “竣工项目45个以上” of 竣工项目45个以上 are gone"
    )


def test_a_text_and_the_facts_that_quote_it_may_change_together(small_document):
    load([file_of("projects.planstatement", COUNT, document="small")])
    small_document.write_text(TEXT.replace("45", "46"), encoding="utf-8")
    words = {"text": "竣工项目46个以上", "quote": "竣工项目46个以上", "count": 46}
    reload(file_of("projects.planstatement", {**COUNT, **words}, document="small", name="b"))
    assert PlanStatement.objects.get().sentence.text == "竣工项目46个以上。"


def test_a_text_without_a_sentence_that_a_fact_cites_is_refused(small_document):
    load([file_of("projects.planstatement", COUNT, document="small")])
    small_document.write_text(TEXT.replace("竣工项目45个以上。", ""), encoding="utf-8")
    assert refused(file_of("projects.sourcedocument", DOCUMENT)) == [
        "test.json · row 1 · sections: a sentence that facts cite is gone"
    ]
