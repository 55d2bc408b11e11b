"""Asking providers, with what the environment says: nothing here prints."""

from __future__ import annotations

import os
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from attrs import frozen

import callrecords
from callrecords._conversions import conversion_for
from callrecords._packages import read_provider
from callrecords.calls import CallRecord, record
from callrecords.cli._failures import UsageError
from callrecords_runtime.serialization import json_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from callrecords import Conversion, RealtimeKit
    from callrecords_runtime.blocking import SyncClient
    from callrecords_runtime.listings import Rejected
    from callrecords_runtime.provider import Provider

SessionStatus: TypeAlias = Literal["LIVE", "ENDED"]
"""The states that RealtimeKit lists sessions by."""
_PLACEHOLDER = "placeholder"
_TRANSCRIPT = "transcript"


@frozen
class Variable:
    """An environment variable that a provider is asked with."""

    name: str
    argument: str
    """Of the client, which it stands for."""
    is_needed: bool
    """Whether the client cannot do without."""
    is_address: bool = False
    """Whether it only makes the provider's address, and is not used with another one."""

    @property
    def is_set(self) -> bool:
        """Whether it says anything."""
        return bool(os.environ.get(self.name))


@frozen
class Batch:
    """Sessions that came together."""

    sessions: Sequence[CallRecord]
    total: int | None
    """How many there will be in all, if the provider says so."""
    rejected: Sequence[Rejected]
    """What else came, and cannot be a session."""


def variables(provider: Provider) -> list[Variable]:
    """What a provider is asked with: where it is, whose data it is, and who asks."""
    found = [
        Variable(each.environment, each.argument, each.default is None, is_address=True)
        for each in provider.variables
    ]
    found += [Variable(each.environment, each.argument, is_needed=True) for each in provider.shared]
    for each in provider.credentials:
        (argument, environment), *others = each.arguments
        found.append(Variable(environment, argument, each.is_needed))
        # Some providers take a key for the user, and no password.
        found += [Variable(name, another, is_needed=False) for another, name in others]
    return found


def secrets(provider: Provider) -> list[str]:
    """The variables that hold what proves who asks; of a name and a password the password."""
    return [each.arguments[-1][1] for each in provider.credentials]


@overload
def open_client(name: Literal["realtimekit"], base_url: str | None) -> RealtimeKit: ...
@overload
def open_client(name: str, base_url: str | None) -> SyncClient: ...
def open_client(name: str, base_url: str | None) -> SyncClient:
    """A client with the credentials of the environment.

    An address by plain http can only be this machine's, as a client refuses any other. What is
    missing is replaced by a placeholder there: the sandbox takes it, and it gives nothing away.

    Raises:
        UsageError: variables are not set, or what the environment says of proxies and
            certificates cannot be used.
        ConfigurationError: there is no such provider, or what was given is not safe to use.
    """
    asked = variables(read_provider(name))
    used = [each for each in asked if base_url is None or not each.is_address]
    if base_url is not None:
        from callrecords_runtime.hosts import base_url_of  # noqa: PLC0415 - it imports httpx

        base_url_of(base_url)  # before what it takes is asked for
    is_local = base_url is not None and base_url.lower().startswith("http://")
    needed = [each.name for each in used if each.is_needed and not each.is_set]
    if needed and not is_local:
        raise UsageError(_missing(name, needed))
    placeholders = {each.argument: _PLACEHOLDER for each in used if is_local and not each.is_set}
    try:
        return callrecords.client_for(name, base_url=base_url, **placeholders)
    except callrecords.ConfigurationError:
        raise
    except (ImportError, OSError, ValueError) as error:
        # httpx reads proxies and certificates from the environment too.
        message = f"the environment's proxies or certificates cannot be used: {error}"
        raise UsageError(message) from error


def conversion_of(name: str) -> Conversion:
    """How calls of a provider are had by an id, and become records.

    Raises:
        UsageError: nobody has said it.
    """
    conversion = conversion_for(name)
    if conversion is None:
        raise UsageError(
            f"nobody has said how calls of {name} are had by an id and become records: a package "
            "does so by an entry point callrecords.records"
        )
    return conversion


def get_record(
    client: SyncClient, conversion: Conversion, identifier: str, *, transcript: bool
) -> CallRecord:
    """The record of a call with its parts.

    Args:
        client: Whom to ask.
        conversion: The provider's.
        identifier: Of the call.
        transcript: Whether to ask for the transcript too, where the provider gives it apart.

    Raises:
        RequestError: any of it could not be had.
    """
    parts = [name for name in conversion.parts if transcript or name != _TRANSCRIPT]
    return callrecords.get_record(client, identifier, parts=parts)


def get_answer(client: SyncClient, conversion: Conversion, identifier: str) -> Any:  # noqa: ANN401 - JSON
    """What a provider answers about a call, as it came.

    Raises:
        RequestError: it could not be had.
    """
    get = attrgetter(f"with_response.{conversion.by_id}")(client)
    return json_value(get(identifier).content)


def list_sessions(client: RealtimeKit, limit: int | None, **query: Any) -> Iterator[Batch]:  # noqa: ANN401 - as the client takes it
    """The sessions, as their pages come, and no page more than the limit needs.

    Raises:
        RequestError: a page could not be had.
    """
    left = limit
    for page in client.list_sessions(limit=limit, **query).pages():
        sessions, total = page.items[:left], page.total
        total = total if limit is None or total is None else min(limit, total)
        yield Batch([record(session) for session in sessions], total, page.rejected)
        left = None if left is None else left - len(sessions)


def _missing(name: str, variables: Sequence[str]) -> str:
    names = " and ".join(filter(None, [", ".join(variables[:-1]), variables[-1]]))
    are = "is" if len(variables) == 1 else "are"
    return f"{name} needs {names}, which {are} not set in the environment"
