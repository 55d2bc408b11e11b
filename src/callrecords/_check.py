"""Judging recorded bodies as a client judges the answers that it gets: nothing here reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from callrecords._honest import UndecodableError, decode, drift_of
from callrecords._schemas import documented_statuses, validators
from callrecords.providers.any_package.calls import load

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from callrecords._honest import Deviation
    from callrecords._schemas import Validators
    from callrecords.drift import Drift
    from callrecords.providers.any_package.package import Package

_OK = 200


@frozen
class Verdict:
    """What a client would have made of a body."""

    drift: tuple[Drift, ...]
    is_decodable: bool
    """False when a client would have raised an error instead of reporting drift."""


@frozen(kw_only=True)
class Judge:
    """Judges bodies as successful answers to one operation."""

    provider: str
    operation: str
    validators: Validators
    reader: Callable[[Any], object]
    """Makes the model of a body."""
    now: dt.datetime

    def judge(self, body: Any) -> Verdict:  # noqa: ANN401 - JSON
        """Say where a body is not what the definition says, and whether it can be decoded."""
        try:
            _, deviations = decode(body, self.validators, self.reader)
        except UndecodableError as error:
            return Verdict(self._drift_of(error.deviations), is_decodable=False)
        return Verdict(self._drift_of(deviations), is_decodable=True)

    def _drift_of(self, deviations: Sequence[Deviation]) -> tuple[Drift, ...]:
        return drift_of(self.provider, self.operation, deviations, self.now)


def judge_of(package: Package, operation: str, now: dt.datetime) -> Judge:
    """The judge of the successful answers to an operation.

    Args:
        package: The provider's.
        operation: One of the package's, such as ``get_call``.
        now: The time at which drift counts as seen.

    Raises:
        LookupError: the operation answers with no JSON.
    """
    entry = package.operations[operation]
    successes = load(entry).SUCCESSES
    readers = [successes[key] for key in documented_statuses(successes, _OK)]
    reader = next((reader for kind, reader in readers if kind == "json"), None)
    if reader is None:
        raise LookupError(f"{package.provider} {operation} answers with no JSON")
    return Judge(
        provider=package.provider,
        operation=entry.name,
        validators=validators(package.name, entry.name, _OK),
        reader=reader,
        now=now,
    )
