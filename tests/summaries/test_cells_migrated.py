"""The departments' cells that knew no region are added up anew, region by region, and back."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from summaries import keeping
from summaries.models import DepartmentCell
from tests.factories import make_department
from tests.rounds import make_plan
from tests.summaries.by_hand import assert_cells_are_right

BEFORE = ("summaries", "0007_regions")


def test_departments_cells_are_added_up_by_region_and_back(transactional_db):
    home = make_department()
    make_plan(home, region=home.region, planned=1200)
    make_plan(home, planned=600)
    keeping.rebuild(2024, at=timezone.now())
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate([BEFORE])
    old = executor.loader.project_state([BEFORE]).apps.get_model("summaries", "DepartmentCell")
    assert [(cell.entries, cell.planned) for cell in old.objects.filter(month=1)] == [(2, 1800)]
    MigrationExecutor(connection).migrate(newest)
    assert DepartmentCell.objects.filter(month=1).count() == 2
    assert_cells_are_right()
