"""The admin site: who enters, and that every page of it opens."""

from http import HTTPStatus

import pytest
from axes.models import AccessAttempt
from django.contrib.admin import site
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from tests.factories import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MODELS = sorted(site._registry, key=lambda model: model._meta.label)
OTHERS = ("reporter", "outsider", "manager", "leader")


def name(model, kind):
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}"


@pytest.mark.parametrize("persona", OTHERS)
@pytest.mark.parametrize("page", ["index", "fixtures", "accounts_user_changelist", "jsi18n"])
def test_others_are_refused(persona, page, request):
    client = signed_in(request.getfixturevalue(persona))
    address = reverse(f"admin:{page}")
    assert client.get(address).status_code == HTTPStatus.FORBIDDEN
    assert client.post(address).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_and_form_opens_for_an_administrator(model, admin):
    client = signed_in(admin)
    assert client.get(reverse(name(model, "changelist"))).status_code == HTTPStatus.OK
    may_add = site._registry[model].has_add_permission(_request(admin))
    expected = HTTPStatus.OK if may_add else HTTPStatus.FORBIDDEN
    assert client.get(reverse(name(model, "add"))).status_code == expected


def _request(user):
    request = Client().get("/accounts/login/").wsgi_request
    request.user = user
    return request


def test_failed_sign_ins_are_to_be_seen(admin):
    Client().post("/accounts/login/", {"username": "somebody", "password": "guess"})
    client = signed_in(admin)
    assert "somebody" in client.get(reverse(name(AccessAttempt, "changelist"))).content.decode()
    attempt = AccessAttempt.objects.get()
    page = client.get(reverse(name(AccessAttempt, "change"), args=[attempt.pk]))
    assert page.status_code == HTTPStatus.OK


def test_a_timed_job_opens_without_a_script_in_the_page(admin):
    interval = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.DAYS)
    task = PeriodicTask.objects.create(name="nightly", task="x", interval=interval)
    page = signed_in(admin).get(reverse(name(PeriodicTask, "change"), args=[task.pk]))
    assert page.status_code == HTTPStatus.OK
    assert "<script id=" not in page.content.decode().replace('<script id="django-admin-', "")


def test_there_is_one_page_to_sign_in_on(client):
    wanted = "/admin/accounts/user/"
    response = client.get(reverse("admin:login"), {"next": wanted})
    assert response.url == f"{reverse('accounts:login')}?next={wanted}"


def test_an_address_elsewhere_is_not_followed_from_the_admin(client, admin):
    response = client.get("/admin/login/?next=//evil.example/")
    assert response.url.startswith(reverse("accounts:login"))
    assert response.url.count("//") == 1


def test_the_admins_own_way_out_and_password_page_are_the_sites(admin):
    client = signed_in(admin)
    password = reverse("accounts:password-change")
    assert client.get(reverse("admin:password_change")).url == password
    assert client.post(reverse("admin:logout")).url == reverse("accounts:login")
    assert "_auth_user_id" not in client.session


def test_the_first_page_leads_to_the_fixtures(admin):
    body = signed_in(admin).get(reverse("admin:index")).content.decode()
    assert reverse("admin:fixtures") in body
