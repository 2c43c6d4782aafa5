"""Finding what nobody touches any more, beside people who write and remove files."""

import os

import pytest

from office.untouched_files import untouched_since

pytestmark = pytest.mark.any_database


@pytest.fixture
def folder(tmp_path):
    for name, moment in (("old", 1_000), ("new", 3_000)):
        file = tmp_path / name
        file.write_text("words")
        os.utime(file, (moment, moment))
    return tmp_path


def test_what_was_changed_before_the_moment_is_found(folder):
    assert untouched_since(folder, 2_000) == [folder / "old"]


def test_what_is_gone_by_the_time_that_it_is_looked_at_is_left_out(folder):
    (folder / "gone").symlink_to(folder / "removed by another worker")  # listed, and not there
    assert untouched_since(folder, 2_000) == [folder / "old"]


def test_without_a_folder_there_is_nothing(folder):
    assert untouched_since(folder / "none", 2_000) == []
