"""The page that loads fixtures: choose, dry run, load; nothing on any error."""

import json
from http import HTTPStatus

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Region
from projects.forms.fixture import MAX_UPLOAD
from projects.models import ProjectList
from tests.factories import make_region, make_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PAGE = "/admin/fixtures/"
LIST = {"code": "five-lists", "name": "五张清单"}


def upload(*rows, name="lists.json", model="projects.projectlist", **more):
    text = json.dumps({"model": model, "rows": rows, **more}, ensure_ascii=False)
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def site_folder(settings, tmp_path):
    settings.FIXTURES_DIR = tmp_path
    row = {"code": "500101", "name": "万州区", "level": "district"}
    fixture = {"model": "accounts.region", "rows": [row]}
    (tmp_path / "00-regions.json").write_text(json.dumps(fixture), encoding="utf-8")
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "10-invented.json").write_text("{}", encoding="utf-8")


@pytest.fixture
def loader(admin, site_folder):
    return signed_in(admin)


def check(loader, *rows, **more):
    return loader.post(PAGE, {"upload": upload(*rows, **more)})


def problems(response):
    return [(p.file, p.row, p.field) for p in response.context["problems"]]


def test_the_sites_files_are_offered_and_sample_data_are_not(loader):
    form = loader.get(PAGE).context["form"]
    assert [value for value, _ in form.fields["chosen"].choices] == ["00-regions.json"]


def test_a_dry_run_shows_what_would_be_added_and_writes_nothing(loader):
    report = check(loader, LIST).context["report"]
    assert [row.key for row in report.models[0].added] == ["five-lists"]
    assert not ProjectList.objects.exists()
    assert not LogEntry.objects.exists()


def test_a_dry_run_shows_old_and_new_value_and_what_is_left(loader):
    ProjectList.objects.create(code="five-lists", name="四张清单")
    ProjectList.objects.create(code="other", name="其他")
    response = check(loader, LIST, {"code": "other", "name": "其他"})
    model = response.context["report"].models[0]
    assert [row.changes for row in model.changed] == [[("name", "四张清单", "五张清单")]]
    assert model.left == 1
    body = response.content.decode()
    assert "<del>四张清单</del>" in body
    assert "<ins>五张清单</ins>" in body


def test_what_was_looked_at_is_loaded_and_logged(loader, admin):
    token = check(loader, LIST).context["token"]
    assert loader.post(PAGE, {"load": token}).url == reverse("admin:fixtures")
    assert ProjectList.objects.get().name == "五张清单"
    assert LogEntry.objects.get().user == admin


def test_files_of_the_site_and_an_upload_are_loaded_together(loader):
    data = {"chosen": ["00-regions.json"], "upload": upload(LIST)}
    response = loader.post(PAGE, data)
    loader.post(PAGE, {"load": response.context["token"]})
    assert Region.objects.filter(code="500101").exists()
    assert ProjectList.objects.exists()


def test_loading_again_leaves_everything_as_it_is(loader):
    for _ in range(2):
        response = check(loader, LIST)
        loader.post(PAGE, {"load": response.context["token"]})
    assert check(loader, LIST).context["report"].models[0].left == 1


def test_loading_twice_by_a_repeated_click_loads_once(loader):
    token = check(loader, LIST).context["token"]
    loader.post(PAGE, {"load": token})
    ProjectList.objects.all().delete()
    loader.post(PAGE, {"load": token})
    assert not ProjectList.objects.exists()


def test_every_problem_names_file_row_and_field_and_nothing_is_loaded(loader):
    response = check(
        loader, LIST, {"code": "b", "name": "乙", "colour": "red"}, {"name": "丙"}, LIST
    )
    assert problems(response) == [
        ("lists.json", 2, "colour"),
        ("lists.json", 3, "code"),
        ("lists.json", 4, "code"),
    ]
    assert "token" not in response.context
    assert not ProjectList.objects.exists()


@pytest.mark.parametrize(
    ("text", "field"),
    [("{", ""), ("[]", ""), ('{"model": "accounts.user", "rows": []}', "model")],
)
def test_a_file_that_is_no_fixture_is_refused(loader, text, field):
    file = SimpleUploadedFile("odd.json", text.encode())
    assert problems(loader.post(PAGE, {"upload": file})) == [("odd.json", 0, field)]


def test_a_load_that_fails_after_its_dry_run_loads_nothing(loader):
    region = make_region("500000")
    row = {"code": "500000-FGW", "name": "市发展改革委", "region": "500000"}
    token = check(loader, row, model="accounts.department").context["token"]
    region.delete()
    response = loader.post(PAGE, {"load": token})
    assert problems(response) == [("lists.json", 1, "region")]


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("lists.xlsx", b"{}"),
        SimpleUploadedFile("lists.json", "五".encode("gbk")),
        SimpleUploadedFile("lists.json", b" " * (MAX_UPLOAD + 1)),
        SimpleUploadedFile("lists.json", b""),
    ],
    ids=["another kind", "another encoding", "too large", "empty"],
)
def test_an_upload_that_is_no_json_of_at_most_5_mb_is_refused(loader, file):
    response = loader.post(PAGE, {"upload": file})
    assert response.status_code == HTTPStatus.OK
    assert "upload" in response.context["form"].errors
    assert "report" not in response.context


def test_a_file_saved_with_a_byte_order_mark_is_read(loader):
    text = json.dumps({"model": "projects.projectlist", "rows": [LIST]})
    file = SimpleUploadedFile("lists.json", text.encode("utf-8-sig"))
    assert loader.post(PAGE, {"upload": file}).context["report"].models[0].added


def test_a_file_that_the_site_does_not_have_cannot_be_chosen(loader):
    for name in ("../sample/10-invented.json", "sample/10-invented.json", "99-none.json"):
        response = loader.post(PAGE, {"chosen": [name]})
        assert "chosen" in response.context["form"].errors


def test_nothing_chosen_is_said(loader):
    assert loader.post(PAGE, {}).context["form"].non_field_errors()


def test_a_dry_run_of_somebody_else_or_of_yesterday_is_not_loaded(loader, admin):
    token = check(loader, LIST).context["token"]
    other = signed_in(make_user("second", admin.role))
    other.post(PAGE, {"load": token})
    loader.post(PAGE, {"load": "invented"})
    cache.clear()
    loader.post(PAGE, {"load": token})
    assert not ProjectList.objects.exists()


def test_other_methods_are_refused(loader):
    assert loader.put(PAGE).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("persona", ["reporter", "manager", "leader"])
def test_only_administrators_load(persona, request, site_folder):
    client = signed_in(request.getfixturevalue(persona))
    assert client.get(PAGE).status_code == HTTPStatus.FORBIDDEN
    assert client.post(PAGE, {"upload": upload(LIST)}).status_code == HTTPStatus.FORBIDDEN
    assert not ProjectList.objects.exists()
