"""Asking providers, with what the environment says: nothing here prints."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args, overload

from attrs import frozen

import callrecords
from callrecords._json import json_value
from callrecords.cli._failures import UsageError
from callrecords.records import CallRecord, ProviderName, record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from callrecords import ApifyCloud, CometChat, RealtimeKit, Zudu
    from callrecords.providers.any_package.package import Package

    Client: TypeAlias = ApifyCloud | CometChat | RealtimeKit | Zudu

SessionStatus: TypeAlias = Literal["LIVE", "ENDED"]
"""The states that RealtimeKit lists sessions by."""
NAMES: tuple[ProviderName, ...] = get_args(ProviderName)
VARIABLES: Mapping[ProviderName, Sequence[str]] = {
    "apifycloud": (),
    "cometchat": ("COMETCHAT_APP_ID", "COMETCHAT_REGION", "COMETCHAT_API_KEY"),
    "realtimekit": ("CLOUDFLARE_ACCOUNT_ID", "REALTIMEKIT_APP_ID", "CLOUDFLARE_API_TOKEN"),
    "zudu": ("ZUDU_API_KEY", "ZUDU_API_SECRET"),
}
"""What each provider is asked with."""
_ADDRESS = {"COMETCHAT_APP_ID", "COMETCHAT_REGION"}
"""What only makes the provider's address, and is not needed for another one."""
_PLACEHOLDER = "placeholder"


@frozen
class Batch:
    """Sessions that came together."""

    sessions: Sequence[CallRecord]
    total: int | None
    """How many there will be in all, if the provider says so."""


@frozen(kw_only=True)
class SessionQuery:
    """Which sessions are asked for, and how many at most."""

    status: SessionStatus | None
    search: str | None
    meeting: str | None
    since: dt.datetime | None
    until: dt.datetime | None
    limit: int | None


def is_set(variable: str) -> bool:
    """Whether an environment variable says anything."""
    return bool(os.environ.get(variable))


def installed() -> list[str]:
    """All providers that there are packages for, by name."""
    from callrecords.providers.any_package import package  # noqa: PLC0415 - not for every command

    return package.installed()


def package_of(name: str) -> Package:
    """The package of any provider.

    Raises:
        ConfigurationError: there is none; the nearest name is named.
    """
    from callrecords.providers.any_package import package  # noqa: PLC0415 - as above

    return package.read_package(name)


def operations(name: str) -> list[str]:
    """The names of a provider's operations."""
    return sorted(package_of(name).operations)


def variables(name: str) -> Sequence[str]:
    """What any provider is asked with."""
    from callrecords.providers.any_package import credentials  # noqa: PLC0415 - as above

    if name in NAMES:
        return VARIABLES[name]
    package = package_of(name)
    return [
        credentials.variable_of(package, argument) for argument in credentials.arguments(package)
    ]


@overload
def open_client(name: Literal["realtimekit"], base_url: str | None) -> RealtimeKit: ...
@overload
def open_client(name: ProviderName, base_url: str | None) -> Client: ...
def open_client(name: ProviderName, base_url: str | None) -> Client:
    """A client with the credentials of the environment.

    An address by plain http can only be this machine's, as a client refuses any other. What is
    missing is replaced by a placeholder there: the sandbox takes it, and it gives nothing away.

    Raises:
        UsageError: variables are not set, or what the environment says of proxies and
            certificates cannot be used.
        ConfigurationError: what was given is not safe to use.
    """
    is_local = base_url is not None and base_url.lower().startswith("http://")
    needed = [
        variable for variable in VARIABLES[name] if base_url is None or variable not in _ADDRESS
    ]
    missing = [variable for variable in needed if not is_set(variable)]
    if missing and not is_local:
        raise UsageError(_missing(name, missing))
    values = {variable: os.environ.get(variable) or _PLACEHOLDER for variable in VARIABLES[name]}
    try:
        return _client(name, values, base_url)
    except callrecords.ConfigurationError:
        raise
    except (ImportError, OSError, ValueError) as error:
        # httpx reads proxies and certificates from the environment too.
        message = f"the environment's proxies or certificates cannot be used: {error}"
        raise UsageError(message) from error


def get_record(client: Client, identifier: str, *, transcript: bool) -> CallRecord:
    """The record of a call, or of a session with its participants.

    Args:
        client: Whom to ask.
        identifier: Of the call or session.
        transcript: Whether to ask for a session's transcript too; a call has its own.

    Raises:
        RequestError: any of it could not be had.
    """
    if not isinstance(client, callrecords.RealtimeKit):
        return record(client.get_call(identifier))
    return record(
        client.get_session(identifier),
        participants=list(client.list_participants(identifier)),
        transcript=client.get_transcript(identifier) if transcript else None,
    )


def get_answer(client: Client, identifier: str) -> Any:  # noqa: ANN401 - JSON
    """What a provider answers about a call or session, as it came.

    Raises:
        RequestError: it could not be had.
    """
    if isinstance(client, callrecords.RealtimeKit):
        return json_value(client.with_response.get_session(identifier).content)
    return json_value(client.with_response.get_call(identifier).content)


def list_sessions(client: RealtimeKit, query: SessionQuery) -> Iterator[Batch]:
    """The sessions, as their pages come, and no page more than the limit needs.

    Raises:
        RequestError: a page could not be had.
    """
    pages = client.list_sessions(
        associated_id=query.meeting,
        start_time=query.since,
        end_time=query.until,
        search=query.search,
        status=query.status,
    ).pages()
    left = query.limit
    for page in pages:
        sessions = page.items[:left]
        yield Batch([record(session) for session in sessions], _at_most(query.limit, page.total))
        if left is not None:
            left -= len(sessions)
            if left == 0:
                return


def _client(name: ProviderName, values: Mapping[str, str], base_url: str | None) -> Client:
    match name:
        case "apifycloud":
            return callrecords.ApifyCloud(base_url=base_url)
        case "cometchat":
            return callrecords.CometChat(
                app_id=values["COMETCHAT_APP_ID"],
                region=values["COMETCHAT_REGION"],
                api_key=values["COMETCHAT_API_KEY"],
                base_url=base_url,
            )
        case "realtimekit":
            return callrecords.RealtimeKit(
                account_id=values["CLOUDFLARE_ACCOUNT_ID"],
                app_id=values["REALTIMEKIT_APP_ID"],
                api_token=values["CLOUDFLARE_API_TOKEN"],
                base_url=base_url,
            )
        case "zudu":
            return callrecords.Zudu(
                api_key=values["ZUDU_API_KEY"],
                api_secret=values["ZUDU_API_SECRET"],
                base_url=base_url,
            )


def _at_most(limit: int | None, total: int | None) -> int | None:
    return total if limit is None or total is None else min(limit, total)


def _missing(name: ProviderName, variables: Sequence[str]) -> str:
    names = " and ".join(filter(None, [", ".join(variables[:-1]), variables[-1]]))
    are = "is" if len(variables) == 1 else "are"
    return f"{name} needs {names}, which {are} not set in the environment"
