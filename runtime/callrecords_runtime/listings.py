"""From an answer that is a page of a list to the items in it, one by one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import frozen

from callrecords_runtime.answers import (
    Reader,
    drift_in,
    followed,
    member_at,
    missing,
    report,
    success_of,
    undecodable,
)
from callrecords_runtime.deviations import UndecodableError
from callrecords_runtime.messages import Answer
from callrecords_runtime.serialization import is_array, is_object
from callrecords_runtime.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callrecords_runtime.call import Call
    from callrecords_runtime.drift import Deviation, Drift
    from callrecords_runtime.messages import Response
    from callrecords_runtime.operation import Paging, Path

T = TypeVar("T")

_LINK = re.compile(r"<([^>]*)>([^<]*)")


@frozen(kw_only=True)
class Rejected:
    """An item of a list that is not what the definition says, and cannot be a model."""

    value: Any
    """It as JSON."""
    problems: tuple[Drift, ...]
    """What is wrong with it."""


@frozen(kw_only=True)
class Listing(Generic[T]):
    """What one answer of a list holds."""

    items: Sequence[T]
    rejected: tuple[Rejected, ...] = ()
    total: int | None = None
    """How many items the whole list has, if the answer says so."""
    start: int | None = None
    """The offset of the first item in the list, from whatever number offsets begin with."""
    end: int | None = None
    """The offset of the last one, or of the one after it."""
    next: int | str | None = None
    """The cursor or the address of the next page, as the answer has it; nothing, empty or 0 at its
    end."""

    @property
    def count(self) -> int:
        """How many items the answer holds."""
        return len(self.items) + len(self.rejected)


@frozen
class ListingReader:
    """Reads the answers to an operation whose answers are the pages of a list."""

    reader: Reader
    paging: Paging

    def __call__(self, call: Call[Any], response: Response) -> Answer[Listing[Any]]:
        """The answer with its items.

        An item that cannot be a model is set aside and told as drift; the others come.

        Raises:
            DecodeError: the body but for its items is not what the definition says, or the items
                are no array.
            EnvelopeError: the body says no.
            DriftError: there is drift, and the client was told to raise then.
        """
        data, body, rejected = self._read(call, response)
        items = followed(call, response, body, self.paging.items)
        return Answer(
            parsed=Listing(
                items=items if is_array(items) else [],
                rejected=tuple(rejected),
                total=_number(member_at(data, self.paging.total)),
                start=_number(member_at(data, self.paging.start)),
                end=_number(member_at(data, self.paging.end)),
                next=self._next(data, response),
            ),
            body=body,
            response=response,
        )

    def _listed(self, data: Any) -> Any:
        """The items as JSON: none where there is nothing, or null as some servers say it."""
        for name in self.paging.listed:
            if data is None:
                break
            if not is_object(data):
                return UNSET
            data = data.get(name)
        return [] if data is None else data

    def _read(self, call: Call[Any], response: Response) -> tuple[Any, Any, list[Rejected]]:
        """The JSON of the body, its model without the items that cannot be models, and those."""
        quick = self.reader.quickly(call, response)
        if quick is not None and is_array(followed(call, response, quick[1], self.paging.items)):
            return *quick, []
        data = self.reader.json(call, response)
        listed = self._listed(data)
        if not is_array(listed):
            raise missing(call, response, f"list at {'.'.join(self.paging.listed) or 'its root'}")
        success = success_of(self.reader.operation, response.status)
        rejected: list[Rejected] = []
        while True:
            try:
                return data, self.reader.decoded(call, response, data, success), rejected
            except UndecodableError as error:
                problems = error.deviations
            # Not from within: tracebacks that show variables stumble over half a model.
            faults = self._faults(problems)
            if not faults:
                raise undecodable(call, response, problems)
            for place, found in faults.items():
                drift = drift_in(call, found)
                report(call, response, drift)
                rejected.append(Rejected(value=listed[place], problems=drift))
            listed = [item for place, item in enumerate(listed) if place not in faults]
            data = replaced(data, self.paging.listed, listed)

    def _faults(self, deviations: Sequence[Deviation]) -> dict[int, list[Deviation]]:
        """What is wrong with items, by their places; nothing if something else is wrong too."""
        depth = len(self.paging.listed)
        faults: dict[int, list[Deviation]] = {}
        for deviation in deviations:
            place = deviation.path[depth] if len(deviation.path) > depth else None
            if deviation.path[:depth] != self.paging.listed or not isinstance(place, int):
                return {}
            faults.setdefault(place, []).append(deviation)
        return faults

    def _next(self, data: Any, response: Response) -> int | str | None:
        if self.paging.by == "link":
            return _next_link(response.headers.get("link", ""))
        found = member_at(data, self.paging.next)
        # Where cursors are numbers, 0 says that there is no more, as an empty text does.
        return found if found and type(found) in {str, int} else None


def _next_link(header: str) -> str | None:
    """The address that a ``Link`` header gives as the next one (RFC 8288)."""
    for address, parameters in _LINK.findall(header):
        for parameter in parameters.split(";"):
            name, _, value = parameter.strip(" ,").partition("=")
            if name.lower() == "rel" and "next" in value.strip('" ').lower().split():
                return str(address)
    return None


def replaced(data: Any, path: Path, value: Any) -> Any:
    """A JSON value with another one at a path where one is; without it, if that is UNSET."""
    if not path:
        return value
    new = replaced(data[path[0]], path[1:], value)
    others = {name: each for name, each in data.items() if name != path[0]}
    return others if new is UNSET else {**data, path[0]: new}


def _number(value: object) -> int | None:
    """A whole number that counts something; None if it is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and value >= 0 else None
