"""What a method of a client looks like: its arguments, what they may be, its docstring."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from codegen.generator.docstrings import docstring, entry, sections
from codegen.generator.python import (
    NULL,
    UNSET,
    EnumOf,
    ListOf,
    PythonType,
    free,
    named,
    plain_type_of,
    union,
)
from codegen.generator.results import THE_ONLY

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from codegen.generator.methods import Method, Parameter
    from codegen.openapi.client_facts import Path

_WIDTH = 92
"""Of a docstring in a class: a line has a hundred signs, of which eight are its indentation."""
_FIRST_WIDTH = _WIDTH - 3
"""Of its first line, which begins with the quotes."""
_MOST_LISTED = 12
"""Of an enumeration with more members, an annotation lists none."""
_ROOT = re.compile(r"[A-Za-z_]\w*")
_HIDDEN = {"datetime": "_datetime", "models": "_models"}
"""What a module of clients calls modules where a method of a class has their name."""
_ERRORS = {
    "401": "AuthenticationFailed",
    "403": "PermissionDenied",
    "404": "NotFound",
    "410": "NotFound",
    "429": "RateLimited",
}
"""By status, what the runtime raises; another 4xx is a BadRequest, and 5xx a ServerError."""


@dataclass(frozen=True)
class Argument:
    """One argument in a signature."""

    name: str
    annotation: str
    default: str
    """Empty where it must be given."""
    description: str

    def __str__(self) -> str:
        return f"{self.name}: {self.annotation}" + (f" = {self.default}" if self.default else "")


@dataclass(frozen=True)
class Signature:
    """A method as its class has it."""

    method: Method
    positional: tuple[Argument, ...]
    keywords: tuple[Argument, ...]
    returns: str
    """What it returns, or what each item of the pages is, as an annotation."""
    docstring: str
    walking: tuple[Argument, ...] = ()
    """Of the keywords, those that say how a list is walked through: no request has them."""

    @property
    def given(self) -> str:
        """The arguments as they are handed on: how a list is walked through, the others by name."""
        sent = [each for each in (*self.positional, *self.keywords) if each not in self.walking]
        named = [f"{each.name}={each.name}" for each in sent]
        return "".join(f", {each}" for each in [*(each.name for each in self.walking), *named])


@dataclass(frozen=True)
class Scope:
    """A class with methods, in which annotations stand.

    A method called ``list`` hides the type of that name from all annotations of its class.
    """

    models: Collection[str]
    """The names of all classes of the package."""
    hiding: Collection[str]
    """What the class itself defines."""

    def annotation(self, type_: PythonType, *, is_sent: bool = False) -> str:
        """The type as an annotation.

        What is sent may be given as texts and numbers where it is a member of an enumeration.
        """
        texts: list[str] = []
        for each in type_.alternatives:
            match each:
                case ListOf():
                    inner = self.annotation(each.item, is_sent=is_sent)
                    is_wider = is_sent and _has_enumerations(each.item)
                    texts.append(f"{'Sequence' if is_wider else self._visible('list')}[{inner}]")
                case EnumOf():
                    texts.append(self._visible(each.name))
                    texts += [self._values_of(each)] if is_sent else []
                case _:
                    texts.append(self._visible(str(each)))
        return " | ".join(dict.fromkeys(texts))

    def _values_of(self, enumeration: EnumOf) -> str:
        if len(enumeration.values) > _MOST_LISTED:
            return self._visible(enumeration.base)
        values = [f'"{one}"' if isinstance(one, str) else str(one) for one in enumeration.values]
        return f"Literal[{', '.join(values)}]"

    def _visible(self, name: str) -> str:
        if name in self.models:
            return f"{self._visible('models')}.{name}"
        found = _ROOT.match(name)
        root = found[0] if found else ""
        if root not in self.hiding:
            return name
        return f"{_HIDDEN.get(root, f'builtins.{root}')}{name[len(root) :]}"

    def signature(self, method: Method) -> Signature:
        """A method's arguments and its docstring."""
        given = [each for each in method.parameters if each.is_given]
        positional = [self._argument(each) for each in given if each.location == "path"]
        keywords = [self._argument(each) for each in given if each.location != "path"]
        keywords += self._body(method)
        walking = self._walking(positional + keywords) if method.paging else ()
        keywords += walking
        return Signature(
            method=method,
            positional=tuple(positional),
            keywords=tuple(keywords),
            returns=self.annotation(method.returns),
            docstring=_docstring(method, [*positional, *keywords]),
            walking=walking,
        )

    def _walking(self, others: Sequence[Argument]) -> tuple[Argument, ...]:
        cursor = "Of a page, to go on after it; the other arguments must be the same."
        # Most parameters called so are the size of a page: who writes what the API calls limit
        # must not get one page for all.
        limit = free("limit", {each.name for each in others})
        return (
            Argument("cursor", f"{self._visible('str')} | None", "None", cursor),
            Argument(limit, f"{self._visible('int')} | None", "None", "At most so many items."),
        )

    def _argument(self, parameter: Parameter) -> Argument:
        type_, default = _type_and_default(parameter)
        annotation = self.annotation(type_, is_sent=True)
        return Argument(parameter.name, annotation, default, parameter.description)

    def _body(self, method: Method) -> list[Argument]:
        if not method.bodies:
            return []
        type_ = union(plain_type_of(body.prop) for body in method.bodies)
        default, text = "", "What to send."
        if method.has_members:
            type_, default = type_ | named(NULL), "None"
            text = "All members at once, instead of one by one."
        elif not method.needs_body:
            type_, default = _optional(type_)
        return [Argument("body", self.annotation(type_, is_sent=True), default, text)]


def _has_enumerations(type_: PythonType) -> bool:
    is_one = any(isinstance(each, EnumOf) for each in type_.alternatives)
    return is_one or any(map(_has_enumerations, type_.items))


def _type_and_default(parameter: Parameter) -> tuple[PythonType, str]:
    type_ = plain_type_of(parameter.prop)
    is_member = parameter.location == "body"
    if parameter.prop.required:
        # All members may come in the body's model instead.
        return (type_ | named(UNSET), "UNSET") if is_member else (type_, "")
    return _optional(type_) if is_member else (type_ | named(NULL), "None")


def _optional(type_: PythonType) -> tuple[PythonType, str]:
    """The type of what may be left out, and its default: not None where null means something."""
    if type_.is_nullable:
        return type_ | named(UNSET), "UNSET"
    return type_ | named(NULL), "None"


# Docstrings.


def _docstring(method: Method, arguments: Sequence[Argument]) -> str:
    summary, description = method.texts
    which = "each request" if method.paging else "this request"
    texts = {each.name: each.description for each in arguments}
    texts["options"] = f"``timeout``, ``headers``, ``params``, ``max_retries`` of {which}."
    return sections(
        [docstring(summary, _FIRST_WIDTH), docstring(description, _WIDTH) if description else ""],
        Args=[entry(name, text, _WIDTH - 4) for name, text in texts.items()],
        Returns=[docstring(_returns(method), _WIDTH - 4)],
        Raises=[entry(name, text, _WIDTH - 4) for name, text in _raises(method).items()],
    )


def _returns(method: Method) -> str:
    if method.facts.pages is not None:
        items = _place(method.facts.pages.items)
        return f"The items of {items}, fetched page by page while they are walked through."
    if method.is_streamed:
        return f"What comes, event by event. {method.whole}".rstrip()
    if str(method.returns) == NULL:
        return "Nothing."
    if method.facts.result:
        return f"What the answer has at {', or else at '.join(map(_place, method.facts.result))}."
    whole = method.whole or "The body of the answer."
    is_file = "bytes" in method.kinds.values()
    return f"{whole} ``download`` writes it to a file as it comes." if is_file else whole


def _place(path: Path) -> str:
    return f"``{'.'.join(path).replace('.[]', '[]')}``" if path else "the answer"


def _raises(method: Method) -> dict[str, str]:
    errors: dict[str, list[str]] = defaultdict(list)
    for status, text in method.errors.items():
        name = _ERRORS.get(status) or {"4": "BadRequest", "5": "ServerError"}.get(status[:1])
        if name is not None:
            errors[name].append(text or _phrase(status))
    raised = {name: " ".join(dict.fromkeys(texts)) for name, texts in sorted(errors.items())}
    if any(path[-1:] == (THE_ONLY,) for path in method.facts.result):
        raised.setdefault("NotFound", "The answer holds none.")
        raised["SeveralFound"] = "The answer holds several."
    if method.refusals:
        raised["EnvelopeError"] = "The answer says that something went wrong."
    raised["ConfigurationError"] = "An argument cannot be sent."
    raised["RequestError"] = "It did not succeed."
    if method.is_streamed:
        raised["RequestError"] = "While reading: it did not succeed, or did not come to its end."
    elif method.paging:
        raised["ConfigurationError"] = "An argument cannot be sent, or no page gave the cursor."
        raised["RequestError"] = "While walking: a page could not be had."
    return raised


def _phrase(status: str) -> str:
    try:
        return f"{HTTPStatus(int(status)).phrase}."
    except ValueError:
        return f"Status {status}."
