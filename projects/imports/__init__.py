"""Loading fixtures: checked row by row, written all or nothing, idempotent by natural keys.

A fixture file is JSON: `model`, optionally the `document` that its rows cite, and `rows`. A model
is loadable where it declares FIXTURE_KEY; fields named in its FIXTURE_INITIAL are set once and
then belong to the people who work with them.
"""

from projects.imports.files import FixtureError, FixtureFile, Problem, read_file, site_fixtures
from projects.imports.loading import load
from projects.imports.report import ModelReport, Report, RowReport

__all__ = [
    "FixtureError",
    "FixtureFile",
    "ModelReport",
    "Problem",
    "Report",
    "RowReport",
    "load",
    "read_file",
    "site_fixtures",
]
