"""What becomes of models and enumerations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.comparison import Change, Severity
from codegen.compare.judgement import judge
from codegen.compare.surface import Direction, Enumeration, Model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codegen.compare.surface import Field, OfferedClass, Surface


def class_changes(
    old: Surface, new: Surface, renamed: Mapping[str, str], package: str
) -> Iterator[Change]:
    """What has become of each class.

    Args:
        old: What was offered.
        new: What is offered.
        renamed: New class names by old ones.
        package: The name that Python imports.
    """
    classes = _Classes(old, new, renamed, f"{package}.models")
    for name, offered in old.classes.items():
        yield from classes.of_class(offered, new.classes.get(renamed.get(name, name)))
    known = {renamed.get(name, name) for name in old.classes}
    for name, offered in new.classes.items():
        if name not in known:
            yield Change(
                what=f"the {_kind(offered)} `{name}` is new",
                python_name=f"{package}.models.{name}",
                pointer=offered.pointer,
                severity=Severity.ADDITIVE,
                why="There is one class more.",
                new=_shown(offered),
            )


class _Classes:
    """The comparison of the classes of two surfaces."""

    def __init__(self, old: Surface, new: Surface, renamed: Mapping[str, str], models: str) -> None:
        self._old = old
        self._new = new
        self._renamed = renamed
        self._models = models

    def of_class(self, old: OfferedClass, new: OfferedClass | None) -> Iterator[Change]:
        place = f"{self._models}.{old.name}"
        if new is None:
            yield Change(
                what=f"the {_kind(old)} `{old.name}` is gone",
                python_name=place,
                pointer=old.pointer,
                severity=Severity.BREAKING,
                why="Code that imports it fails.",
                old=_shown(old),
            )
            return
        if new.name != old.name:
            yield Change(
                what=f"the {_kind(old)} `{old.name}` is now called `{new.name}`",
                python_name=place,
                pointer=new.pointer,
                severity=Severity.BREAKING,
                why="Code that imports it by its old name fails.",
                old=f"class {old.name}",
                new=f"class {new.name}",
            )
        if isinstance(old, Model) and isinstance(new, Model):
            yield from self._of_model(old, new)
        elif isinstance(old, Enumeration) and isinstance(new, Enumeration):
            yield from self._of_enumeration(old, new)
        else:
            yield Change(
                what=f"`{old.name}` is no longer {_with_article(old)} but {_with_article(new)}",
                python_name=place,
                pointer=new.pointer,
                severity=Severity.BREAKING,
                why="Code that builds it or uses what is in it fails.",
                old=_shown(old),
                new=_shown(new),
            )

    def _of_model(self, old: Model, new: Model) -> Iterator[Change]:
        direction = self._direction(old, new)
        gone = [field for name, field in old.fields.items() if name not in new.fields]
        come = [field for name, field in new.fields.items() if name not in old.fields]
        for name, field in old.fields.items():
            if name in new.fields:
                yield from self._of_field(old, field, new.fields[name], direction)
        by_attribute = {field.python_name: field for field in come}
        for field in gone:
            successor = by_attribute.get(field.python_name)
            if successor is None:
                yield self._gone(old, field, come)
            else:
                come.remove(successor)
                yield self._other_wire_name(old, field, successor)
                yield from self._of_field(old, field, successor, direction)
        for field in come:
            yield self._come(new, field)
        yield from self._of_extras(old, new)

    def _of_field(
        self, owner: Model, old: Field, new: Field, direction: Direction
    ) -> Iterator[Change]:
        place = self._attribute(owner, old)
        if old.python_name != new.python_name:
            yield Change(
                what=f"`{owner.name}.{old.python_name}` is now called `{new.python_name}`",
                python_name=place,
                pointer=new.pointer,
                severity=Severity.BREAKING,
                why="Code that uses the attribute by its old name fails.",
                old=old.declaration,
                new=new.declaration,
            )
        judgement = judge(old.type.renamed(self._renamed), new.type, direction)
        if judgement is not None:
            yield Change(
                what=f"`{owner.name}.{old.python_name}` {judgement.turn}",
                python_name=place,
                pointer=new.pointer,
                severity=judgement.severity,
                why=judgement.why,
                old=old.declaration,
                new=new.declaration,
            )

    def _gone(self, owner: Model, field: Field, come: list[Field]) -> Change:
        alike = [it for it in come if it.type == field.type.renamed(self._renamed)]
        hint = f" `{alike[0].python_name}`, which is new, may be it." if len(alike) == 1 else ""
        return Change(
            what=f"`{owner.name}.{field.python_name}` is gone",
            python_name=self._attribute(owner, field),
            pointer=field.pointer,
            severity=Severity.BREAKING,
            why=f"Code that uses the attribute fails.{hint}",
            old=field.declaration,
        )

    def _come(self, owner: Model, field: Field) -> Change:
        why = "There is one attribute more."
        if field.required:
            why = "Code that builds the object, such as a test, has to give it."
        return Change(
            what=f"`{owner.name}.{field.python_name}` is new"
            + (" and required" if field.required else ""),
            python_name=self._attribute(owner, field),
            pointer=field.pointer,
            severity=Severity.BREAKING if field.required else Severity.ADDITIVE,
            why=why,
            new=field.declaration,
        )

    def _other_wire_name(self, owner: Model, old: Field, new: Field) -> Change:
        return Change(
            what=f"`{owner.name}.{old.python_name}` is `{new.wire_name}` in JSON, no longer"
            f" `{old.wire_name}`",
            python_name=self._attribute(owner, old),
            pointer=new.pointer,
            severity=Severity.BREAKING,
            why="Programs type-check as before. But what `to_dict` writes has another key, and what"
            " it wrote before is not read back.",
            old=f'"{old.wire_name}"',
            new=f'"{new.wire_name}"',
        )

    def _of_extras(self, old: Model, new: Model) -> Iterator[Change]:
        place = f"{self._models}.{old.name}.additional_properties"
        judgement = judge(old.extra.renamed(self._renamed), new.extra, Direction.READ)
        if judgement is not None:
            yield Change(
                what=f"what `{old.name}` has beyond its attributes {judgement.turn}",
                python_name=place,
                pointer=new.pointer,
                severity=judgement.severity,
                why=judgement.why,
                old=f"additional_properties: dict[str, {old.extra}]",
                new=f"additional_properties: dict[str, {new.extra}]",
            )
        if old.is_mapping and not new.is_mapping:
            yield Change(
                what=f"`{old.name}` is no longer a mapping, as its members are listed",
                python_name=f"{self._models}.{old.name}",
                pointer=new.pointer,
                severity=Severity.BREAKING,
                why="Code that iterates over it, or looks up a member that is an attribute now,"
                " fails.",
                old=f"class {old.name}(MutableMapping[str, {old.extra}])",
                new=_shown(new),
            )
        if old.is_multipart and not new.is_multipart:
            yield Change(
                what=f"`{old.name}` is no longer sent as multipart",
                python_name=f"{self._models}.{old.name}.to_multipart",
                pointer=new.pointer,
                severity=Severity.BREAKING,
                why="The method `to_multipart` is gone.",
                old="def to_multipart(self) -> RequestFiles",
            )

    def _of_enumeration(self, old: Enumeration, new: Enumeration) -> Iterator[Change]:
        if old.base != new.base:
            yield Change(
                what=f"the values of `{old.name}` are {_values(new)}, no longer {_values(old)}",
                python_name=f"{self._models}.{old.name}",
                pointer=f"{new.pointer}/enum",
                severity=Severity.BREAKING,
                why="Code that compares members with values, or builds them from values, fails.",
                old=_shown(old),
                new=_shown(new),
            )
            return
        names = {value: name for name, value in new.members.items()}
        for name, value in old.members.items():
            if name not in new.members or new.members[name] != value:
                yield self._of_member(old, new, name, names.get(value))
        values = set(old.members.values())
        for name, value in new.members.items():
            if value not in values and name not in old.members:
                yield Change(
                    what=f"`{old.name}.{name}` is new",
                    python_name=f"{self._models}.{old.name}.{name}",
                    pointer=f"{new.pointer}/enum",
                    severity=Severity.ADDITIVE,
                    why="The enumeration is open: until now the value came as an unknown member.",
                    new=_member(name, value),
                )

    def _of_member(
        self, old: Enumeration, new: Enumeration, name: str, other_name: str | None
    ) -> Change:
        value = old.members[name]
        what = f"`{old.name}.{name}` is gone"
        why = "Code that names the member fails."
        after = ""
        if other_name is not None:
            what = f"`{old.name}.{name}` is now called `{other_name}`"
            after = _member(other_name, value)
        elif name in new.members:
            what = f"`{old.name}.{name}` has another value"
            why = "Code type-checks as before, and means another value."
            after = _member(name, new.members[name])
        return Change(
            what=what,
            python_name=f"{self._models}.{old.name}.{name}",
            pointer=f"{new.pointer}/enum",
            severity=Severity.BREAKING,
            why=why,
            old=_member(name, value),
            new=after,
        )

    def _direction(self, old: Model, new: Model) -> Direction:
        return self._old.directions.get(old.name, Direction.NEITHER) | self._new.directions.get(
            new.name, Direction.NEITHER
        )

    def _attribute(self, owner: Model, field: Field) -> str:
        return f"{self._models}.{owner.name}.{field.python_name}"


def _kind(offered: OfferedClass) -> str:
    return "enumeration" if isinstance(offered, Enumeration) else "model"


def _with_article(offered: OfferedClass) -> str:
    return "an enumeration" if isinstance(offered, Enumeration) else "a model"


def _values(enumeration: Enumeration) -> str:
    return "texts" if enumeration.base == "str" else "numbers"


def _member(name: str, value: str | int) -> str:
    return f"{name} = {value!r}"


def _shown(offered: OfferedClass) -> str:
    """The class as its module has it, without texts and methods."""
    if isinstance(offered, Enumeration):
        base = "OpenStrEnum" if offered.base == "str" else "OpenIntEnum"
        lines = [_member(name, value) for name, value in offered.members.items()]
        head = f"class {offered.name}({base}):"
    else:
        lines = [field.declaration for field in offered.fields.values()]
        bases = f"(MutableMapping[str, {offered.extra}])" if offered.is_mapping else ""
        head = f"class {offered.name}{bases}:"
    return "\n    ".join([head, *(lines or ["..."])])
