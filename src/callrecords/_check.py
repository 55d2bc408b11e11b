"""Judging recorded bodies as a client judges the answers that it gets: nothing here reads."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any, get_type_hints

from attrs import frozen

from callrecords._honest import UndecodableError, decode, drift_of
from callrecords._schemas import validators

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from callrecords._honest import Deviation
    from callrecords._schemas import Validators
    from callrecords.drift import Drift

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
    from_dict: Callable[[Mapping[str, Any]], object]
    now: dt.datetime

    def judge(self, body: Any) -> Verdict:  # noqa: ANN401 - JSON
        """Say where a body is not what the definition says, and whether it can be decoded."""
        try:
            _, deviations = decode(body, self.validators, self.from_dict)
        except UndecodableError as error:
            return Verdict(self._drift_of(error.deviations), is_decodable=False)
        return Verdict(self._drift_of(deviations), is_decodable=True)

    def _drift_of(self, deviations: Sequence[Deviation]) -> tuple[Drift, ...]:
        return drift_of(self.provider, self.operation, deviations, self.now)


def judge_of(provider: str, operation: str, now: dt.datetime) -> Judge:
    """The judge of the successful answers to an operation.

    Args:
        provider: Such as ``zudu``.
        operation: Such as ``get_call``.
        now: The time at which drift counts as seen.

    Raises:
        LookupError: the provider has no such operation.
    """
    package = f"callrecords_{provider}"
    return Judge(
        provider=provider,
        operation=operation,
        validators=validators(package, operation, _OK),
        from_dict=_model(package, operation).from_dict,
        now=now,
    )


def _model(package: str, operation: str) -> Any:  # noqa: ANN401 - each package has its own models
    """The class that a generated package makes of the operation's successful answers."""
    api = importlib.import_module(f"{package}.api")
    for module in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        if module.name.rpartition(".")[2] == operation and not module.ispkg:
            return get_type_hints(importlib.import_module(module.name).sync)["return"]
    raise LookupError(f"no operation {operation}")
