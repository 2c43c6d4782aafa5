"""Programs that use the API for somebody: a client with a token."""

from typing import Any

from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, User
from accounts.scopes import Scope, offered

ROOT = "/api/v1/"


class Program(Client):
    """A client that sends a token and JSON, and takes addresses from ROOT on."""

    def __init__(self, secret: str = "", **more: Any) -> None:
        super().__init__(headers={"authorization": f"Bearer {secret}"} if secret else None, **more)

    def read(self, address: str, **query: Any) -> Any:
        """The JSON of what must be answered with 200."""
        response = self.get(ROOT + address, query)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        """The response to a body sent as JSON."""
        call = getattr(self, method)
        return call(
            ROOT + address, {} if body is None else body, "application/json", headers=headers
        )


def make_token(user: User, *scopes: Scope, days: int = 1) -> tuple[ApiToken, str]:
    """A token with these scopes, or all that the role has a use for."""
    wanted = scopes or tuple(offered(user.role))
    return tokens.issue(name="程序", scopes=wanted, days=days, by=user, at=timezone.now())


def program(user: User, *scopes: Scope) -> Program:
    """A program of this person's."""
    return Program(make_token(user, *scopes)[1])
