"""What a generated package says of its provider: where it is, and who may ask."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Credential(NamedTuple):
    """What proves who asks: one argument of a client, or a user name and a password."""

    arguments: tuple[tuple[str, str], ...]
    """Of the client, each with the environment variable that stands for it. Two are sent as HTTP's
    basic authentication has them."""
    schemes: tuple[str, ...]
    """The security schemes of the definition that it satisfies."""
    location: Literal["header", "query", "cookie"] = "header"
    sent_as: str = "Authorization"
    """The name of the header, query parameter or cookie."""
    prefix: str = ""
    """What stands before the secret, such as ``Bearer`` and a space."""
    token_url: str = ""
    """Where a token is had for it, which is sent instead (OAuth's client credentials)."""
    is_needed: bool = False
    """Whether every operation needs it, so that a client without it is of no use."""


class Variable(NamedTuple):
    """A part of the server's address that differs between users."""

    name: str
    """In braces, in the address."""
    argument: str
    environment: str
    default: str | None = None
    members: tuple[str, ...] = ()
    """The values that the definition lists; there are no others where it lists any."""


class SharedArgument(NamedTuple):
    """An argument of the client that is a parameter of its operations, such as an account."""

    argument: str
    environment: str


class Provider(NamedTuple):
    """One generated package, as its clients know it."""

    name: str
    """Such as ``zudu``."""
    package: str
    """What Python imports."""
    version: str
    """Of the package."""
    address: str
    """The server's, with its variables in braces."""
    credentials: tuple[Credential, ...] = ()
    variables: tuple[Variable, ...] = ()
    shared: tuple[SharedArgument, ...] = ()
    operations: tuple[str, ...] = ()
    """The names of all operations: of the client's methods, those of a group after its name and a
    dot."""

    @property
    def user_agent(self) -> str:
        """How its clients call themselves."""
        return f"{self.package.replace('_', '-')}/{self.version}"

    def __repr__(self) -> str:
        return f"Provider({self.name!r}, {self.package!r}, {self.version!r}, {self.address!r})"
