"""What makes call records of providers' models: the conversions of this package and of others.

That of a model is looked for where it is most likely: among those that a program registered, then
in the provider's own ``record`` module here or its entry point, and only then everywhere. So the
packages of providers that nobody uses are not imported.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from attrs import Factory, field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

ENTRY_POINTS = "callrecords.records"
"""The group in which a package names its conversion: ``zudu = "a.module:CONVERSION"``."""
_PREFIX = "callrecords_"


def _names(models: type | str | Iterable[type | str]) -> tuple[str, ...]:
    several = (models,) if isinstance(models, type | str) else models
    return tuple(
        model if isinstance(model, str) else f"{model.__module__}:{model.__qualname__}"
        for model in several
    )


@frozen(kw_only=True)
class Conversion:
    """How the calls of one provider become records.

    A package says so under the entry point group ``callrecords.records``, and a program by
    :func:`callrecords.register`::

        def record_of(call: Call) -> callrecords.CallRecord[Call]:
            return callrecords.CallRecord(provider="twilio", id=call.sid, source=call)

        CONVERSION = callrecords.Conversion(
            provider="twilio",
            models="callrecords_twilio.models:Call",
            convert=record_of,
            by_id="fetch_call",
            listed=lambda client, since, until: client.list_calls(after=since, before=until),
            listed_by_time=True,
        )
    """

    provider: str
    """The provider's name, which is also that of the entry point."""
    models: tuple[str, ...] = field(converter=_names)
    """What is converted: one class or several, each itself or by its name, as an entry point
    writes it. The module may be any package that the class is in."""
    convert: Callable[..., Any]
    """Makes a :class:`~callrecords.CallRecord` of a model, and of the parts by their names."""
    by_id: str | None = None
    """The client's method that gives a call by its id, if there is one: ``get_call``."""
    parts: Mapping[str, Callable[[Any, Any], Any]] = Factory(dict[str, Any])
    """What the provider gives apart from the call, by the argument of ``convert`` that takes it:
    each a function of the client and the call, which returns what one of the client's methods
    returns."""
    unsettled: Callable[[Any], Iterable[str]] | None = None
    """Which fields of a record will still change: of ``status``, ``recordings``, ``transcript`` and
    ``cost``. Without it, nobody can wait until a call is settled."""
    listed: Callable[..., Any] | None = None
    """Lists calls: a function of the client, which returns pages, as its methods do, or a
    :class:`~callrecords.Page` with the total that the provider says, or a list. Without it nothing
    can be exported."""
    listed_by_time: bool = False
    """Whether ``listed`` takes two times besides, and gives the calls from the one until before
    the other. It may give more, as a call's own time decides; a page with fewer than its total is
    asked for again in halves."""
    figures: Callable[..., Iterable[Any]] | None = None
    """What the provider says that its calls come to: a function of the client, the records, and
    the first and the last day that they are of, or None for calls that were named; it returns
    :class:`~callrecords.bulk.Figure`."""


_by_model: dict[str, Conversion] = {}
_by_provider: dict[str, tuple[Conversion, ...]] = {}
"""Those of a provider, the one to ask first in front."""
_loaded: set[str] = set()
"""The providers and entry points that were looked for, by name."""
_broken: dict[str, Exception] = {}
"""The entry points that could not be loaded, by name."""


def register(conversion: Conversion) -> None:
    """Have the calls of a provider made records, instead of by what did so before.

    Args:
        conversion: How.
    """
    _by_model.update(dict.fromkeys(conversion.models, conversion))
    known = _by_provider.get(conversion.provider, ())
    _by_provider[conversion.provider] = (conversion, *known)


def conversion_of(model: type) -> Conversion:
    """The conversion of a model, or of a class that it inherits from.

    Raises:
        TypeError: there is none; those that there are are named.
    """
    packages = (ancestor.__module__.partition(".")[0] for ancestor in model.__mro__)
    likely = (name.removeprefix(_PREFIX) for name in packages if name.startswith(_PREFIX))
    for _ in _loading(likely):
        for ancestor in model.__mro__:
            for name in _known_as(ancestor):
                if name in _by_model:
                    return _by_model[name]
    taken = ", ".join(name.replace(":", ".") for name in sorted(_by_model))
    broken = "".join(
        f" What is registered for {name!r} could not be loaded: {error!r:.200}."
        for name, error in _broken.items()
    )
    raise TypeError(
        f"record() takes a call, one of {taken}; not {model.__module__}.{model.__qualname__}. "
        "An answer such as CallResponse has its call in .data; register() takes a Conversion "
        f"for the calls of another provider.{broken}"
    )


def conversion_for(provider: str, saying: str = "by_id") -> Conversion | None:
    """The conversion of a provider that says how its calls are had, or what else is asked for."""
    for _ in _loading([provider]):
        for conversion in _by_provider.get(provider, ()):
            if getattr(conversion, saying) is not None:
                return conversion
    return None


def _known_as(model: type) -> Iterator[str]:
    """The names of a class, as each package that it is in may have it."""
    module = model.__module__
    while module:
        yield f"{module}:{model.__qualname__}"
        module = module.rpartition(".")[0]


def _loading(likely: Iterable[str]) -> Iterator[None]:
    """Load conversions, step by step; the caller looks after each whether that was enough."""
    yield
    for name in likely:
        _load_own(name)
    yield
    for name in _own():
        _load_own(name)
    _load_entry_points()
    yield


def _own() -> list[str]:
    """The providers whose calls this package converts."""
    from importlib.resources import files  # noqa: PLC0415 - takes longer than a record

    folders = files("callrecords.providers").iterdir()
    return [folder.name for folder in folders if folder.joinpath("record.py").is_file()]


def _load_own(name: str) -> None:
    if name in _loaded or not name.isidentifier():
        return
    try:
        module = importlib.import_module(f"callrecords.providers.{name}.record")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("callrecords.providers."):
            raise
    else:
        _add(module.CONVERSION)
    _loaded.add(name)


def _load_entry_points() -> None:
    from importlib.metadata import entry_points  # noqa: PLC0415 - likewise

    for entry_point in entry_points(group=ENTRY_POINTS):
        if entry_point.value not in _loaded:
            _loaded.add(entry_point.value)
            try:
                _add(entry_point.load())
            except Exception as error:  # noqa: BLE001 - perhaps of a package that nobody asked for
                _broken[entry_point.name] = error


def _add(conversion: object) -> None:
    """Add what a program did not register itself, and which gives way to what it did."""
    if not isinstance(conversion, Conversion):
        raise TypeError(f"expected a callrecords.Conversion, not {type(conversion).__name__}")
    for name in conversion.models:
        _by_model.setdefault(name, conversion)
    known = _by_provider.get(conversion.provider, ())
    _by_provider[conversion.provider] = (*known, conversion)
