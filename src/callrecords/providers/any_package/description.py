"""What ``help()`` shows of a method that is an operation of a generated package."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from callrecords._connection import CallOptions
from callrecords.providers.any_package.calls import names_in_method

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

_CLIENT = "    client: The connection to use.\n"
_OPTIONS = "    {}: ``timeout``, ``headers``, ``params`` of this request.\n"
_RAISES = """
Raises:
    ConfigurationError: an argument or a credential is missing or cannot be sent.
    TypeError: an argument is missing or unknown.
    RequestError: it did not succeed.
"""


def described(method: Any, name: str, module: ModuleType, *, is_whole: bool) -> Any:  # noqa: ANN401 - a function
    """The function with the name, the arguments and the description of an operation's.

    Args:
        method: The function.
        name: Of the client's method.
        module: Of the operation.
        is_whole: Whether it returns the whole answer.
    """
    signature = inspect.signature(module.sync)
    names = {own: shown for shown, own in names_in_method(module).items()}
    own = [
        parameter.replace(name=names[parameter.name])
        for parameter in signature.parameters.values()
        if parameter.name in names
    ]
    annotation = f"Unpack[{CallOptions.__name__}]"
    rest = "options" if "options" not in names else "options_of_request"
    options = inspect.Parameter(rest, inspect.Parameter.VAR_KEYWORD, annotation=annotation)
    returned = signature.return_annotation
    method.__name__ = method.__qualname__ = name
    method.__doc__ = _documentation(module.sync.__doc__ or "", names, rest, is_whole=is_whole)
    method.__signature__ = signature.replace(
        parameters=[*own, options],
        return_annotation=f"Answer[{returned}]" if is_whole else returned,
    )
    return method


def _documentation(text: str, names: Mapping[str, str], options: str, *, is_whole: bool) -> str:
    """What the package says of the operation, but for its own client, names and errors."""
    about, _, rest = inspect.cleandoc(text).rpartition("\nReturns:\n")
    for own, shown in names.items():
        about = about.replace(f"\n    {own}: ", f"\n    {shown}: ")
    about = about.replace(_CLIENT, "") + _OPTIONS.format(options)
    returned = rest.partition("\n\nRaises:")[0]
    if is_whole:
        returned = "    The whole answer; its ``parsed`` is the body."
    return f"{about}\nReturns:\n{returned}\n{_RAISES}"
