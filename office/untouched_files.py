"""Files that nobody has touched for long, found while others write, move and remove files beside them."""

from pathlib import Path


def untouched_since(folder: Path, moment: float) -> list[Path]:
    """What was last changed before a moment (seconds since 1970); nothing where there is no folder.

    What is gone by the time that it is looked at is left out.
    """
    if not folder.is_dir():
        return []
    return [file for file in folder.iterdir() if _is_older(file, moment)]


def _is_older(file: Path, moment: float) -> bool:
    try:
        return file.stat().st_mtime < moment
    except FileNotFoundError:
        return False
