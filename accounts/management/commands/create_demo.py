"""Make the demo's published accounts: `manage.py create_demo`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, DemoAccount
from accounts.models import Department, User


class Command(BaseCommand):
    help = (
        "Make the demo's accounts; those that exist are left as they are. "
        "Load the sample departments first: load_fixtures fixtures/sample/*.json"
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("The demo's password is published: set DEMO=true to run a demo.")
        made = [account for account in DEMO_ACCOUNTS if self._make(account)]
        if options["verbosity"]:
            left = len(DEMO_ACCOUNTS) - len(made)
            self.stdout.write(f"Demo accounts: {len(made)} made, {left} left as they were.")

    def _make(self, account: DemoAccount) -> bool:
        if User.objects.filter(username=account.username).exists():
            return False
        User.objects.create_user(
            account.username,
            DEMO_PASSWORD,
            name=account.name,
            role=account.role,
            department=self._sample_department(account.department),
        )
        return True

    def _sample_department(self, code: str) -> Department | None:
        if not code:
            return None
        department = Department.objects.filter(code=code).first()
        if department is None:
            raise CommandError(
                f"There is no department {code}: load_fixtures fixtures/sample/*.json first."
            )
        if not department.is_sample:
            department.is_sample = True
            department.save(update_fields=["is_sample"])
        return department
