"""Judging recorded bodies as a client judges the answers that it gets: nothing here reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from callrecords._packages import operation_named
from callrecords_runtime.deviations import UndecodableError, decode
from callrecords_runtime.drift import drift_of
from callrecords_runtime.validators import documented_statuses, validators

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from callrecords_runtime.drift import Deviation, Drift
    from callrecords_runtime.provider import Provider
    from callrecords_runtime.validators import Validators

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


def judge_of(provider: Provider, method: str, now: dt.datetime) -> Judge:
    """The judge of the successful answers to an operation.

    Args:
        provider: Whose operation.
        method: The client's method for it, such as ``get_call``.
        now: The time at which drift counts as seen.

    Raises:
        LookupError: the operation answers with no JSON.
    """
    operation = operation_named(provider, method)
    keys = documented_statuses(operation.successes, _OK)
    successes = [operation.successes[key] for key in keys]
    reader = next((success.read for success in successes if success.kind == "json"), None)
    if reader is None:
        raise LookupError(f"{provider.name} {method} answers with no JSON")
    return Judge(
        provider=provider.name,
        operation=method,
        validators=validators(provider.package, operation.operation_id, _OK),
        reader=reader,
        now=now,
    )
