"""What becomes of models and enumerations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.python_type import with_names
from codegen.compare.surface import Enumeration, Field, Member, Model, OfferedClass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pair, Pairing

_WITH_ARTICLE = {"model": "a model", "enumeration": "an enumeration"}
_VALUES = {"str": "texts", "int": "numbers"}


def class_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of each class, but for the types in it."""
    package = pairing.package
    for gone in package.gone(OfferedClass):
        yield gone.change("class-removed", sort=gone.part.SORT)
    for offered in package.both(OfferedClass):
        yield from _of_class(offered)
    for model in package.both(Model):
        yield from _of_model(model)
        yield from _of_attributes(model, pairing)
    for enumeration in package.both(Enumeration):
        yield from _of_enumeration(enumeration)
    for come in package.come(OfferedClass):
        yield come.change("class-added", sort=come.part.SORT)


def _of_class(offered: Pair[OfferedClass]) -> Iterator[Change]:
    old, new = offered.old, offered.new
    if old.name != new.name:
        before, after = f"class {old.name}", f"class {new.name}"
        yield offered.change("class-renamed", old=before, new=after, sort=old.SORT)
    if old.SORT != new.SORT:
        before, after = _WITH_ARTICLE[old.SORT], _WITH_ARTICLE[new.SORT]
        yield offered.change("class-sort-changed", before=before, after=after)


def _of_model(model: Pair[Model]) -> Iterator[Change]:
    if model.old.is_mapping and not model.new.is_mapping:
        yield model.change("mapping-became-model", old=model.old.head)
    if model.old.is_multipart and not model.new.is_multipart:
        method = "def to_multipart(self) -> RequestFiles"
        yield model.change("multipart-removed", old=method, new="")


def _of_attributes(model: Pair[Model], pairing: Pairing) -> Iterator[Change]:
    come = model.come(Field)
    for attribute in model.both(Field):
        old, new = attribute.old, attribute.new
        if old.name != new.name:
            yield attribute.change("attribute-renamed")
        if old.wire_name != new.wire_name:
            yield attribute.change("attribute-key-changed", old=old.wire_name, new=new.wire_name)
    for gone in model.gone(Field):
        type_ = with_names(gone.part.type, pairing.renamed)
        alike = [one.part.name for one in come if one.part.type == type_]
        hint = f" `{alike[0]}`, which is new, may be it." if len(alike) == 1 else ""
        yield gone.change("attribute-removed", why=f"Code that uses the attribute fails.{hint}")
    for one in come:
        yield one.change("required-attribute-added" if one.part.required else "attribute-added")


def _of_enumeration(enumeration: Pair[Enumeration]) -> Iterator[Change]:
    old, new = enumeration.old, enumeration.new
    pointer = f"{new.pointer}/enum"
    if old.base != new.base:
        before, after = _VALUES[old.base], _VALUES[new.base]
        yield enumeration.change(
            "enumeration-base-changed", pointer=pointer, before=before, after=after
        )
        return
    for gone in enumeration.gone(Member):
        yield gone.change("member-removed", pointer=pointer)
    for member in enumeration.both(Member):
        if member.old.name != member.new.name:
            yield member.change("member-renamed")
        elif member.old.value != member.new.value:
            yield member.change("member-value-changed")
    for come in enumeration.come(Member):
        yield come.change("member-added")
