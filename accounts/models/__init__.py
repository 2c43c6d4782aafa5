"""The records of places, departments, people and their tokens, one subject a module."""

from accounts.models.people import (
    PATH_LENGTH,
    Department,
    Region,
    TreeNode,
    TreeQuerySet,
    User,
    UserManager,
)
from accounts.models.token import ApiToken

__all__ = [
    "PATH_LENGTH",
    "ApiToken",
    "Department",
    "Region",
    "TreeNode",
    "TreeQuerySet",
    "User",
    "UserManager",
]
