"""What a generated package says of its provider: where it is, and who may ask."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen


@frozen(kw_only=True)
class Credential:
    """One argument of a client that proves who asks."""

    argument: str
    environment: str
    """The environment variable that stands for it."""
    schemes: tuple[str, ...]
    """The security schemes of the definition that it satisfies."""
    location: Literal["header", "query", "cookie"] = "header"
    sent_as: str = "Authorization"
    """The name of the header, query parameter or cookie."""
    prefix: str = ""
    """What stands before the secret, such as ``Bearer`` and a space."""
    is_needed: bool = False
    """Whether every operation needs it, so that a client without it is of no use."""

    @property
    def arguments(self) -> tuple[tuple[str, str], ...]:
        """Its arguments, each with the environment variable that stands for it."""
        return ((self.argument, self.environment),)


@frozen(kw_only=True)
class BasicCredential:
    """A user name and a password, as HTTP's basic authentication sends them."""

    username: str
    """The argument."""
    password: str
    """The argument."""
    username_environment: str
    password_environment: str
    schemes: tuple[str, ...]
    is_needed: bool = False

    @property
    def arguments(self) -> tuple[tuple[str, str], ...]:
        """Its arguments, each with the environment variable that stands for it."""
        return (
            (self.username, self.username_environment),
            (self.password, self.password_environment),
        )


@frozen(kw_only=True)
class Variable:
    """A part of the server's address that differs between users."""

    name: str
    """In braces, in the address."""
    argument: str
    environment: str
    default: str | None = None
    members: tuple[str, ...] = ()
    """The values that the definition lists; there are no others where it lists any."""


@frozen(kw_only=True)
class SharedArgument:
    """An argument of the client that is a parameter of its operations, such as an account."""

    argument: str
    environment: str


@frozen(kw_only=True)
class Provider:
    """One generated package, as its clients know it."""

    name: str
    """Such as ``zudu``."""
    package: str
    """What Python imports."""
    version: str
    """Of the package."""
    address: str
    """The server's, with its variables in braces."""
    credentials: tuple[Credential | BasicCredential, ...] = ()
    variables: tuple[Variable, ...] = ()
    shared: tuple[SharedArgument, ...] = ()
    operations: tuple[str, ...] = field(default=(), repr=False)
    """The names of all operations: of the client's methods, those of a group after its name and a
    dot."""
