"""What a package offers to its users, and where in the definition each part comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Flag, auto
from typing import TYPE_CHECKING, ClassVar, TypeVar

from codegen.files.values import pointer_to
from codegen.generator.python import UNSET, declaration
from codegen.openapi.client_facts import FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codegen.files.values import JSON, JSONObject
    from codegen.generator.python import PythonType
    from codegen.openapi.client_facts import PagesFact

PartT = TypeVar("PartT", bound="Part")


class Direction(Flag):
    """Which way values of a type travel."""

    NEITHER = 0
    """No operation reaches it; the class is there all the same."""
    READ = auto()
    """The server answers with them."""
    SENT = auto()
    """The program sends them."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing that a user of a package can name; in it may be others."""

    IN_PROSE: ClassVar = "`{part.name}`"
    """What people call it, who know the place of its ``owner``, in which it is."""
    IN_PYTHON: ClassVar = "{owner.python_name}.{part.name}"
    """Where it stands, likewise."""
    SHOWN: ClassVar[str]
    """How the package writes it, or else the definition; nothing writes a group."""

    name: str
    """Its own name in code."""
    pointer: str
    """Its place in the definition."""
    direction: Direction = Direction.NEITHER
    parts: tuple[Part, ...] = ()
    """What is in it; the arguments of an operation stand in the order of the definition."""

    @property
    def shown(self) -> str:
        """As the package has it, or else the definition."""
        return self.SHOWN.format(part=self)

    def of(self, sort: type[PartT]) -> tuple[PartT, ...]:
        """What is in it of one sort."""
        return tuple(part for part in self.parts if isinstance(part, sort))


@dataclass(frozen=True, kw_only=True)
class Value(Part):
    """What has values of some type."""

    NOUN: ClassVar = ""
    """What the ids of the changes of its type begin with; empty where nobody declares the type."""

    type: PythonType


@dataclass(frozen=True, kw_only=True)
class Declared(Value):
    """A value that code gives by a name, and may leave out unless it is required."""

    IN_PROSE: ClassVar = "the argument `{part.name}` of {owner.prose}"
    IN_PYTHON: ClassVar = "{owner.python_name}({part.name})"

    @property
    def required(self) -> bool:
        """Whether code has to give it."""
        return UNSET not in self.type.alternatives

    @property
    def shown(self) -> str:
        """As it is declared."""
        return declaration(self.name, self.type)


@dataclass(frozen=True, kw_only=True)
class Field(Declared):
    """One attribute of a model."""

    IN_PROSE: ClassVar = "`{owner.name}.{part.name}`"
    IN_PYTHON: ClassVar = "{owner.python_name}.{part.name}"
    NOUN: ClassVar = "attribute"

    wire_name: str


class Extra(Value):
    """The members of a model that the definition does not list."""

    IN_PROSE: ClassVar = "what {owner.prose} has beyond its attributes"
    SHOWN: ClassVar = "{part.name}: dict[str, {part.type}]"
    NOUN: ClassVar = "other-members"


@dataclass(frozen=True, kw_only=True)
class Member(Part):
    """One known value of an enumeration."""

    IN_PROSE: ClassVar = "`{owner.name}.{part.name}`"
    SHOWN: ClassVar = "{part.name} = {part.value!r}"

    value: str | int


class OfferedClass(Part):
    """A class of the package's models."""

    IN_PYTHON: ClassVar = "{owner.python_name}.models.{part.name}"
    SORT: ClassVar[str]

    @property
    def head(self) -> str:
        """The first line, as its module has it."""
        return f"class {self.name}"

    @property
    def shown(self) -> str:
        """The class without texts and methods."""
        lines = [part.shown for part in self.parts if not isinstance(part, Extra)]
        return "\n    ".join([f"{self.head}:", *(lines or ["..."])])


@dataclass(frozen=True, kw_only=True)
class Model(OfferedClass):
    """A class of attributes; without any of its own, it is a mutable mapping."""

    SORT: ClassVar = "model"

    is_multipart: bool

    @property
    def is_mapping(self) -> bool:
        """Whether no member has a name of its own."""
        return not self.of(Field)

    @property
    def head(self) -> str:
        """The first line: without attributes of its own, it is a mutable mapping."""
        (extra,) = self.of(Extra)
        bases = f"(MutableMapping[str, {extra.type}])" if self.is_mapping else ""
        return f"class {self.name}{bases}"


@dataclass(frozen=True, kw_only=True)
class Enumeration(OfferedClass):
    """A class of known values, which is open to others."""

    SORT: ClassVar = "enumeration"

    base: str
    """``str`` or ``int``."""

    @property
    def head(self) -> str:
        """The first line, which says of what its members are."""
        return f"class {self.name}(Open{self.base.capitalize()}Enum)"


@dataclass(frozen=True, kw_only=True)
class Given(Declared):
    """What a method takes. Where it may be left out, None leaves it out too, in most cases.

    So its type is what may be given by value, and ``Unset`` in it says that it may be left out.
    """

    written: str
    """As the signature has it; empty if it is in none, as the client gives it."""
    is_nullable: bool
    """Whether the definition lets it be null."""

    @property
    def sends_null(self) -> bool:
        """Whether None is sent, as null: only in a body."""
        return self.is_nullable

    @property
    def shown(self) -> str:
        """As it is declared."""
        return self.written or f"{self.name}: {self.type}"


@dataclass(frozen=True, kw_only=True)
class Argument(Given):
    """One parameter of an operation, or one member of its body."""

    NOUN: ClassVar = "argument"

    wire_name: str
    location: str
    """``path``, ``query``, ``header`` or ``cookie``; ``body`` for a member of it."""
    position: tuple[str, int] | None
    """In a path, whatever its parameters are called: that path, and how many stand before."""
    delimiter: str
    """What separates the values of a list that is sent as one parameter; empty of any other."""
    is_given: bool
    """Whether who calls the method gives it: else the client does."""
    is_of_client: bool
    """Whether it is an argument of the client."""

    @property
    def is_member(self) -> bool:
        """Whether it is a member of the body."""
        return self.location == "body"

    @property
    def sends_null(self) -> bool:
        """Whether None is sent, as null: nothing but a body has one."""
        return self.is_nullable and self.is_member


@dataclass(frozen=True, kw_only=True)
class Body(Given):
    """The ``body`` argument of an operation's method."""

    IN_PROSE: ClassVar = "the body of {owner.prose}"
    NOUN: ClassVar = "body"

    formats: tuple[str, ...]
    """The media types that it may be sent in."""
    has_members: bool
    """Whether its members are arguments, too."""

    @property
    def shown(self) -> str:
        """As it is declared; of one that is required, how else it can be given."""
        is_either = self.has_members and self.required
        return f"{self.written}  # or its members" if is_either else self.written


@dataclass(frozen=True, kw_only=True)
class Answer(Value):
    """One documented response; its name is a number, a range such as ``4XX``, or ``default``."""

    IN_PROSE: ClassVar = "the answer with the status {part.name} of {owner.prose}"
    IN_PYTHON: ClassVar = "{owner.python_name}"
    SHOWN: ClassVar = "{part.name}: {part.type}"

    is_success: bool
    formats: tuple[str, ...]
    """The media types that it may come in."""
    is_read_as: str
    """What is read of its body: ``json``, ``text``, ``bytes`` or ``nothing``."""


@dataclass(frozen=True, kw_only=True)
class Result(Value):
    """What an operation's method returns, or what each item of its pages is."""

    IN_PROSE: ClassVar = "what {owner.prose} returns"
    IN_PYTHON: ClassVar = "{owner.python_name}"
    NOUN: ClassVar = "result"

    places: tuple[str, ...]
    """Where in an answer's model it is, by the names of attributes: the first that the answer has.

    It is all of the answer if there are none.
    """
    pages: PagesFact | None
    """How a list goes on; None if it is no list of pages."""

    @property
    def shown(self) -> str:
        """As the signature has it."""
        return f"-> {self.type}" if self.pages is None else f"-> Pages[{self.type}]"


@dataclass(frozen=True, kw_only=True)
class Operation(Part):
    """One operation: a method of the client, or of one of its groups, whose name goes before."""

    SHOWN: ClassVar = "{part.method} {part.path}"

    method: str
    path: str
    operation: str
    """What the definition calls it."""
    refusals: tuple[str, ...] | None
    """Members of an answer, each with the value by which it says no; None for those of all."""

    def fact(self, member: str) -> str:
        """Where a fact about the client is said of it."""
        return pointer_to(FACTS, "operations", self.operation, member)


class Group(Part):
    """An attribute of the client that has methods, as far as the definition says what it is."""


@dataclass(frozen=True, kw_only=True)
class Setting(Declared):
    """A text that the client's constructor takes.

    It is a credential, a part of the host's name, or a parameter of the operations.
    """

    NOUN: ClassVar = "client-argument"

    wire_name: str
    environment: str
    """The environment variable that stands for it."""
    default: str | None
    """What is taken if neither says anything."""
    description: str
    """What is said of it beside the definition."""

    @property
    def shown(self) -> str:
        """As it is declared, and what stands for it."""
        default = "" if self.default is None else f", else {self.default!r}"
        if not self.required and self.default is None:
            default = ", else none"
        return f"{self.name}: str | None = None  # else ${self.environment}{default}"


@dataclass(frozen=True, kw_only=True)
class Client(Part):
    """The class that sends requests: its arguments, and its methods, those of groups included."""

    SHOWN: ClassVar = "class {part.name}"

    refusals: tuple[str, ...]
    """Members of an answer to an operation that says nothing else of it, as there."""


class Surface(Part):
    """A package: the client, and all classes, that a patched definition makes."""


@dataclass(frozen=True)
class Side:
    """One of two things to compare: a patched definition, and the package made of it."""

    definition: JSONObject
    surface: Surface
    unread: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the package lacks, as the generator cannot read it: the reasons, by pointer."""
    left_out: Mapping[str, JSON] = field(default_factory=dict[str, "JSON"])
    """What was left out of the definition so that the rest can be read, by its place in the
    published one: all that is said of it, but for texts."""
