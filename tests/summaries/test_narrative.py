"""The annual report's texts: filled, edited by who may, wrong fields named, nobody's words lost."""

import pytest
from django.utils import timezone

from summaries import narrative, report_fields
from summaries.models import NarrativeTemplate
from summaries.report_fields import Field, with_unit
from summaries.report_outline import LABELS
from tests.factories import signed_in

pytestmark = pytest.mark.any_database

URL = "/documents/texts/investment-2/"


def text(words: str) -> NarrativeTemplate:
    return NarrativeTemplate(code="t-1", section="opening", text=words)


@pytest.mark.parametrize(
    ("words", "unit", "printed"),
    [
        ("11.6", "%", "11.6%"),
        ("6.5以上", "%", "6.5%以上"),
        ("8左右", "%", "8%左右"),
        ("256.9亿元", "亿元", "256.9亿元"),
        ("突破350家", "家", "突破350家"),
        ("市级暂未反馈", "%", "市级暂未反馈"),
        ("15%以上", "%", "15%以上"),
        ("336", "", "336"),
    ],
)
def test_a_value_is_printed_with_its_unit_once(words, unit, printed):
    assert with_unit(words, unit) == printed


def test_fields_are_filled_and_missing_ones_are_told():
    fields = {"甲": Field("甲", "1亿元", ""), "乙": Field("乙", "", "")}
    filled = narrative.fill(text("甲{甲}、乙{乙}、又{甲}"), fields)
    assert filled.text == "甲1亿元、乙暂无数据、又1亿元"
    assert [field.name for field in filled.used] == ["甲", "乙"]


@pytest.mark.parametrize("words", ["{丙}", "{}", "{ 甲}", "{甲}{丙}"])
def test_an_unknown_field_names_text_and_field(words):
    with pytest.raises(narrative.UnknownFieldError, match="t-1"):
        narrative.fill(text(words), {"甲": Field("甲", "1", "")})


@pytest.mark.usefixtures("report_loaded")
class TestTheShippedTexts:
    """On the report's own data."""

    def test_every_text_stands_in_a_section_and_names_fields_that_have_values(self):
        fields = report_fields.read(2023)
        for template in NarrativeTemplate.objects.all():
            assert template.section in LABELS
            for field in narrative.fill(template, fields).used:
                assert field.value, (template.code, field.name)

    def test_every_field_that_is_not_computed_leads_to_its_sentence(self):
        for field in report_fields.read(2023).values():
            if field.source is not None:
                assert field.source.quote in field.source.sentence

    def test_a_field_of_another_year_is_known_and_without_data(self):
        fields = report_fields.read(2022)
        assert fields["固定资产投资"].printed == "暂无数据"
        assert fields["固定资产投资"].source is None

    def test_fields_take_a_fixed_number_of_queries(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(20):
            report_fields.read(2023)

    @pytest.mark.parametrize(
        ("persona", "read", "write"),
        [
            ("reporter", 404, 404),
            ("outsider", 404, 404),
            ("leader", 200, 403),
            ("manager", 200, 302),
            ("admin", 200, 302),
        ],
    )
    def test_who_reads_and_who_writes(self, request, persona, read, write):
        client = signed_in(request.getfixturevalue(persona))
        for path in ("/documents/texts/", "/documents/texts/fields/", URL):
            assert client.get(path).status_code == read
        assert client.post(URL, {"text": "新", "version": 0}).status_code == write
        changed = NarrativeTemplate.objects.get(code="investment-2").text == "新"
        assert changed is (write == 302)

    def test_a_change_keeps_who_made_it_and_what_stood_there(self, manager):
        before = NarrativeTemplate.objects.get(code="investment-2").text
        client = signed_in(manager)
        client.post(URL, {"text": "完成{固定资产投资}。\r\n又一段。", "version": 0})
        template = NarrativeTemplate.objects.get(code="investment-2")
        assert (template.text, template.version) == ("完成{固定资产投资}。\n又一段。", 1)
        change = template.changes.get()
        assert (change.before, change.after, change.by) == (before, template.text, manager)
        page = client.get(f"{URL}?year=2023").content.decode()
        assert "完成256.9亿元。" in page
        assert str(manager) in page

    def test_the_same_text_again_is_no_change(self, manager):
        words = NarrativeTemplate.objects.get(code="investment-2").text
        signed_in(manager).post(URL, {"text": words, "version": 0})
        template = NarrativeTemplate.objects.get(code="investment-2")
        assert (template.version, template.changes.count()) == (0, 0)

    def test_the_second_of_two_writers_is_told_and_keeps_what_was_typed(self, manager, admin):
        signed_in(admin).post(URL, {"text": "先写的", "version": 0})
        response = signed_in(manager).post(URL, {"text": "后写的", "version": 0})
        page = response.content.decode()
        assert response.status_code == 409
        assert str(admin) in page
        assert "后写的" in page
        assert NarrativeTemplate.objects.get(code="investment-2").text == "先写的"

    def test_an_unknown_field_is_refused_where_it_is_written(self, manager):
        response = signed_in(manager).post(URL, {"text": "{没有的}", "version": 0})
        assert response.status_code == 422
        assert "没有的" in response.content.decode()
        assert "investment-2" in response.context["form"].errors["text"][0]

    def test_a_preview_shows_the_filled_text_and_keeps_nothing(self, manager):
        given = {"text": "投资{固定资产投资同比}", "version": 0, "preview": "1"}
        response = signed_in(manager).post(f"{URL}?year=2023", given)
        assert "投资11.6%" in response.content.decode()
        assert NarrativeTemplate.objects.get(code="investment-2").version == 0

    def test_the_list_names_a_text_whose_field_is_gone(self, manager):
        NarrativeTemplate.objects.filter(code="investment-2").update(text="{没有的}")
        response = signed_in(manager).get("/documents/texts/?year=2023")
        assert response.status_code == 200
        assert "没有的" in response.content.decode()

    def test_every_text_on_the_list_costs_no_query_of_its_own(
        self, manager, django_assert_num_queries, django_assert_max_num_queries
    ):
        client = signed_in(manager)
        client.get("/documents/texts/")
        with django_assert_max_num_queries(40) as all_of_them:
            client.get("/documents/texts/")
        NarrativeTemplate.objects.exclude(code="opening-2").delete()
        with django_assert_num_queries(len(all_of_them)):
            client.get("/documents/texts/")

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("post", "/documents/texts/"),
            ("post", "/documents/texts/fields/"),
            ("delete", URL),
            ("put", URL),
        ],
    )
    def test_wrong_methods_are_refused(self, manager, method, path):
        assert getattr(signed_in(manager), method)(path).status_code == 405

    def test_a_text_that_does_not_exist_is_not_found(self, manager):
        assert signed_in(manager).get("/documents/texts/none/").status_code == 404


def test_a_change_by_an_old_version_is_refused(manager):
    template = NarrativeTemplate.objects.create(code="t-1", section="opening", text="一")
    now = timezone.now()
    narrative.change(template.pk, "二", version=0, by=manager, at=now)
    with pytest.raises(narrative.StaleTextError):
        narrative.change(template.pk, "三", version=0, by=manager, at=now)
