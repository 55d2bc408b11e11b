"""What models are made of: the absent value, open enumerations, files, how a model is shown."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from io import TextIOBase
from pathlib import Path
from typing import (
    IO,
    TYPE_CHECKING,
    Any,
    BinaryIO,
    Final,
    Literal,
    Never,
    Self,
    TypeAlias,
    TypeVar,
    cast,
    overload,
)

from attrs import AttrsInstance, define, fields

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

    _Plain: TypeAlias = (
        str | int | float | bytes | dt.date | UUID | Sequence[Any] | Mapping[str, Any] | None
    )

# All but object, to which mypy would join an int and a str.
FieldT = TypeVar("FieldT", bound="_Plain | File | GeneratedModel")
E = TypeVar("E", bound=enum.Enum)

if TYPE_CHECKING:
    # Checkers narrow by ``is``, by truth and in ``match`` what is the only member of an
    # enumeration: a sentinel of PEP 661 is true, and mypy asks a class object for no truth. That
    # it has neither value nor name they see from ``self``, which it is not.

    class _Sent: ...

    class _OnlyMember(enum.Enum):
        @property
        def value(self: _Sent) -> Never: ...  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
        @property
        def name(self: _Sent) -> Never: ...  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
else:
    # No enumeration: encoders take that for its value, and orjson crashes where there is none.
    _OnlyMember = object


class Unset(_OnlyMember):
    """The type of :data:`UNSET`, the value of a field that is not there.

    Null is ``None`` and only where the definition allows it, so that absent, null and a value stay
    three different things. ``UNSET`` is false, one object however it was copied or pickled, and as
    text empty: test it with ``is``, or take :func:`or_none` of a field.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        _UNSET = ""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __str__(self) -> str:
        return ""  # as csv writes None

    def __reduce__(self) -> str:
        return "UNSET"  # the name of what copies and pickles are


UNSET: Final = Unset._UNSET if TYPE_CHECKING else Unset()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


@overload
def or_none(value: FieldT | Unset) -> FieldT | None: ...
@overload  # without a second, mypy joins the types of a union instead of giving them back
def or_none(value: Unset) -> None: ...  # type: ignore[overload-cannot-match]
def or_none(value: FieldT | Unset) -> FieldT | None:
    """The value of a field, or None when it was not sent: ``value or None`` would lose a 0."""
    return None if value is UNSET else value


class GeneratedModel:
    """What all models are: fields of pydantic's models, too, and what FastAPI takes and answers.

    An instance is taken as it is, and a JSON object read as a client reads an answer: what cannot
    be a value of its field is set aside, and an error only where the field is required.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def to_dict(self) -> dict[str, Any]:
            """The JSON object."""
            ...

        @classmethod
        def from_dict(cls, data: Mapping[str, Any]) -> Self:
            """The model of a JSON object."""
            ...

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from callrecords_runtime.pydantic_schemas import schema_of_model  # noqa: PLC0415 - for few

        return schema_of_model(cls, cls._generated())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        from callrecords_runtime.pydantic_schemas import json_schema_of_model  # noqa: PLC0415

        return json_schema_of_model(cls, cls._generated(), handler)

    @classmethod
    def _generated(cls) -> type[GeneratedModel]:
        """The generated class that one's own inherits from, or else the class itself."""
        ancestors = cls.__mro__
        return ancestors[ancestors.index(GeneratedModel) - 1]


class _Open(enum.Enum):
    @property
    def is_known(self) -> bool:
        """Whether the definition lists this value."""
        return type(self).__members__.get(self._name_) is self

    def __repr__(self) -> str:
        if self.is_known:
            return f"{type(self).__name__}.{self._name_}"
        return f"{type(self).__name__}({self._value_!r}, unknown)"


class OpenStrEnum(_Open, enum.StrEnum):
    """Text from a documented list, and whatever else the provider sends.

    A value that the definition does not list becomes an instance too, with :attr:`is_known` false;
    nothing is lost. Members compare equal to their text.
    """

    @classmethod
    def _missing_(cls, value: object) -> OpenStrEnum | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = unknown._value_ = value
        return unknown


class OpenIntEnum(_Open, enum.IntEnum):
    """A number from a documented list, and whatever else the provider sends.

    The counterpart of :class:`OpenStrEnum`.
    """

    @classmethod
    def _missing_(cls, value: object) -> OpenIntEnum | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        unknown = int.__new__(cls, value)
        unknown._name_ = str(value)
        unknown._value_ = value
        return unknown


class Members(dict[Any, E]):
    """An open enumeration's members by their value; any other value gives an unknown member.

    ``COLOR_MEMBERS[value]`` is ``Color(value)``, several times quicker.
    """

    __slots__ = ("_enumeration",)

    def __init__(self, enumeration: type[E]) -> None:
        super().__init__({member.value: member for member in enumeration})
        self._enumeration = enumeration

    def __missing__(self, value: object) -> E:
        return self._enumeration(value)


FileContent = IO[bytes] | bytes | str
FileTypes = (
    tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
"""What httpx takes as one file: its name, its content, its media type, and headers if any."""
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """A file to upload, or a binary body.

    Raises:
        TypeError: the payload is nothing that bytes can be read from.
    """

    payload: BinaryIO
    """A file opened in binary mode, or ``io.BytesIO``."""
    file_name: str | None = None
    """What an upload is called; without it what the payload is called, or else ``upload``."""
    mime_type: str | None = None
    """What an upload is; without it what the ending of its name says."""

    def __attrs_post_init__(self) -> None:
        payload: object = self.payload
        if not hasattr(payload, "read") or isinstance(payload, TextIOBase):
            raise TypeError(
                "the payload of a File is a file opened in binary mode or io.BytesIO(…), not "
                f"{type(payload).__name__}"
            )

    def to_tuple(self) -> FileTypes:
        """What httpx takes for a multipart upload."""
        return self.file_name or _name_of(self.payload), self.payload, self.mime_type

    @staticmethod
    def require(value: object) -> File:
        """The value, which is to be sent as a file.

        Raises:
            TypeError: it is no file.
        """
        if not isinstance(value, File):
            raise TypeError(f"expected a File(…) to send, not {type(value).__name__}")
        return value


def _name_of(payload: object) -> str:
    name = getattr(payload, "name", None)  # of a temporary file, a number
    return Path(name).name if isinstance(name, str) else "upload"


def parts_of(data: Mapping[str, object]) -> RequestFiles:
    """The members of an object as the parts of a multipart body; each item of a list is one.

    Files go as they are, texts as texts, and all else as JSON has it.
    """
    from callrecords_runtime.parameters import json_of  # noqa: PLC0415 - that needs these types

    parts: RequestFiles = []
    for name, value in data.items():
        for item in cast("list[object]", value) if isinstance(value, list) else [value]:
            if isinstance(item, tuple):
                parts.append((name, cast("FileTypes", item)))
            elif isinstance(item, str):
                parts.append((name, (None, item.encode(), "text/plain")))
            else:
                content = json_of(item)
                kind = "application/json" if isinstance(item, dict | list) else "text/plain"
                parts.append((name, (None, content, kind)))
    return parts


def represent(model: AttrsInstance) -> str:
    """A model's repr: the fields that are there, in their order, and of secrets that they are."""
    told: list[str] = []
    for field in fields(type(model)):
        value = getattr(model, field.name)
        if value is not UNSET and (value or field.name != "additional_properties"):
            told.append(f"{field.name}={value!r}" if field.repr else f"{field.name}=***")
    return f"{type(model).__name__}({', '.join(told)})"
