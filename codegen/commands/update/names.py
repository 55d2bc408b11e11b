"""What keeps the names of functions and classes, wherever a new definition has their schemas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codegen.commands.update.moves import LEAST_LIKENESS, Moves, likeness
from codegen.commands.update.proposals import (
    Proposal,
    Proposed,
    as_written,
    component_shape,
    is_alike,
)
from codegen.files.errors import BadInputs
from codegen.files.values import JSON, JSONObject, pointer_to
from codegen.openapi.answers import Answers
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import operations, without_parameter_names
from codegen.openapi.names import module_of, name_of
from codegen.openapi.places import NO_NAMES, parsed_place
from codegen.openapi.references import SCHEMAS, component_key, followed, object_at
from codegen.openapi.resolution import Resolution
from codegen.openapi.shapes import differences
from codegen.overlay.queries import path_to
from codegen.overlay.text import Edits
from codegen.providers.patched import in_canonical_form

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from codegen.commands.update.moves import Move
    from codegen.openapi.canonical import Canonical
    from codegen.openapi.grammar import Operation
    from codegen.providers.patched import Inputs


def with_names(proposed: Proposed, old: Canonical, in_use: JSONObject) -> Proposed:
    """What keeps the names that functions and classes have, wherever their schemas have gone.

    Args:
        proposed: With the new definition.
        old: The canonical definition before.
        in_use: The patched definition before.
    """
    for what_changes in (_names_apart, _kept_functions, _moved_functions, _kept_classes):
        proposed = proposed.with_changes(what_changes(proposed.inputs, old))
    known = set[str]()
    # One at a time, as each moves what stands inside it.
    while (move := Moves(proposed.inputs, old, in_use).first(known)) is not None:
        known.add(move.name)
        proposed = proposed.with_changes([_moved_class(proposed.inputs, move)])
    return proposed


def _names_apart(inputs: Inputs, old: Canonical) -> Iterator[Proposal]:
    """Lines without the places where something else stands than where the class does."""
    try:
        _ = inputs.canonical
    except BadInputs:
        repairs = () if inputs.repairs is None else inputs.repairs.actions
        plain = replace(inputs, overlay=None)
        form = definition_data(in_canonical_form(plain, repairs, strict=False))
    else:
        return
    resolution = Resolution(form, replace(inputs.names, document=None), None)
    for name, places in inputs.names.classes.items():
        if apart := _apart(old, name, resolution):
            text = f"{name} is no longer what stands at {', '.join(apart)}, which differs now"
            line = _line([each.text for each in places if each.text not in apart])
            yield Proposal(text, Edits(names={name: line}))


def _apart(old: Canonical, name: str, resolution: Resolution) -> list[str]:
    """The places of a class that differ from it as it was, or else from the first of them."""
    shapes = resolution.shapes_of(name)
    if len(shapes) <= 1:
        return []
    before = component_shape(definition_data(old), name)
    same = (
        shape
        for _, shape in shapes
        if next(differences(before, (resolution.definition, shape)), None) is None
    )
    first = next(same, shapes[0][1])
    return [place for place, shape in shapes if resolution.differ(first, shape)]


def _kept(name: str, places: Sequence[str]) -> Proposal:
    """A line that keeps a name, of which nobody need decide."""
    shown = f"{name}: {', '.join(places)}"
    text = f"upstream writes it otherwise; `{shown}` in the table of names keeps its name"
    return Proposal(text, Edits(names={name: _line(places)}), is_automatic=True)


def _followed(inputs: Inputs, before: str, after: str) -> dict[int, JSONObject | None]:
    """The actions on operations of a path that changes, with the new one in their targets."""
    actions: dict[int, JSONObject | None] = {}
    old, new = (path_to({}, pointer_to("paths", path)) for path in (before, after))
    for number, action in enumerate(inputs.actions):
        if action.target.startswith(old):
            target = new + action.target.removeprefix(old)
            actions[number] = {**as_written(action, number), "target": target}
    return actions


def _kept_functions(inputs: Inputs, old: Canonical) -> Iterator[Proposal]:
    """Lines for the operations without one that upstream calls otherwise now, or groups so."""
    named = {_mark(*line) for line in inputs.names.operations.values()}
    form = definition_data(inputs.canonical)
    new = {_mark(one.method, one.path): one for one in operations(form)}
    for operation in operations(definition_data(old)):
        mark, value = _mark(operation.method, operation.path), operation.node.value
        now = new.get(mark)
        if now is None or mark in named:
            continue
        theirs = now.node.value
        if any(theirs.get(key) != value.get(key) for key in ("operationId", "tags")):
            name = f"{module_of(operation)}.{name_of(operation)}"
            yield _kept(name, [f"{now.method.upper()} {now.path}"])


def _mark(method: str, path: str) -> tuple[str, str]:
    """What an operation is known by, whatever the parameters of its path are called."""
    return method.lower(), without_parameter_names(path)


def _kept_classes(inputs: Inputs, old: Canonical) -> Iterator[Proposal]:
    """Lines for the classes that have another name in the new definition, or several."""
    new, table = inputs.canonical, inputs.names.classes
    before, after = _schemas(old), _schemas(new)
    lost = [name for name in before if name not in after and name not in table]
    fresh = {
        name: new.places[name]
        for name in after
        if name not in before and name not in table and name in new.places
    }
    called = _called(old, lost, new, fresh)
    begins = _beginnings(new, {*table, *called.values()}, called)
    lines: dict[str, list[str]] = {
        name: [_translated(fresh[one], begins)] for one, name in called.items()
    }
    for one in fresh.keys() - called.keys():
        # What was one class wherever it was used, and stands in some place by itself now.
        text = _translated(fresh[one], begins)
        was = _class_at(old, text)
        if was is not None and is_alike(definition_data(old), was, definition_data(new), one):
            known = [each.text for each in table.get(was, ())] or [old.places[was]]
            lines.setdefault(was, known).append(text)
    names_now = {name: one for one, name in called.items()}
    for name in [name for name in lost if name not in names_now and name in old.places]:
        # What was a class by itself, and shares one with others now.
        place = _translated(old.places[name], names_now)
        now = _class_at(new, place)
        if now is not None and is_alike(definition_data(old), name, definition_data(new), now):
            lines[name] = [_translated(place, begins)]
    for name, places in lines.items():
        yield _kept(name, places)


def _class_at(form: Canonical, text: str) -> str | None:
    """The one class at a place of a form."""
    place = parsed_place(text)
    resolution = Resolution(definition_data(form), NO_NAMES, None)
    names = [] if place is None else resolution.components_at(place)
    return names[0] if len(names) == 1 else None


def _called(
    old: Canonical, lost: Sequence[str], new: Canonical, fresh: Mapping[str, str]
) -> dict[str, str]:
    """The names that new classes had before: those of the same place, else of the same shape."""
    called: dict[str, str] = {}

    def is_in_place(name: str, one: str) -> bool:
        return _translated(fresh[one], called) == old.places.get(name)

    def is_same(name: str, one: str) -> bool:
        return is_alike(definition_data(old), name, definition_data(new), one)

    def found(fits: Callable[[str, str], bool]) -> bool:
        for name in [name for name in lost if name not in called.values()]:
            for one in [one for one in fresh if one not in called]:
                if fits(name, one):
                    called[one] = name
                    return True
        return False

    # What is known by its shape may be where the place of another one begins.
    while found(is_in_place) or found(is_same):
        pass
    return called


def _beginnings(
    form: Canonical, table: Collection[str], called: Mapping[str, str]
) -> dict[str, str]:
    """What places in the table begin with that lead through the classes of a form.

    That is a name in the table or of a component as published, else the whole way to a class.
    """
    begins: dict[str, str] = {}
    for name, place in form.places.items():
        is_name = name in table or component_key(form.published(f"{SCHEMAS}/{name}")) is not None
        begins[name] = called.get(name) or (name if is_name else _translated(place, begins))
    return begins


def _translated(place: str, called: Mapping[str, str]) -> str:
    """A place whose start has its old name."""
    start = _start(place)
    return called.get(start, start) + place[len(start) :]


def _start(place: str) -> str:
    return place.partition(".")[0].partition("[")[0].partition("(")[0]


def _schemas(definition: Canonical) -> JSONObject:
    return object_at(definition_data(definition), SCHEMAS)


def _moved_functions(inputs: Inputs, old: Canonical) -> Iterator[Proposal]:
    """Changed lines for functions whose paths are gone.

    An operation is known again by what the provider calls it, by the end of its path or by what it
    answers.
    """
    new = inputs.canonical
    gone = new.pending - old.pending
    taken = {_mark(*line) for line in inputs.names.operations.values()}
    free = [
        one for one in operations(definition_data(new)) if _mark(one.method, one.path) not in taken
    ]
    before, after = (
        {
            _mark(one.method, one.path): one.node.value.get("operationId")
            for one in operations(definition_data(form.base))
        }
        for form in (old, new)
    )
    for line, (method, path) in inputs.names.operations.items():
        if line not in gone:
            continue
        mark, function = _mark(method, path), line.rpartition(".")[2]
        own, end = before.get(mark), mark[1].split("/", 2)[-1]
        for one in [one for one in free if one.method == mark[0]]:
            place = _mark(one.method, one.path)
            is_called_so = own is not None and own == after.get(place)
            is_versioned = place[1].endswith(f"/{end}")
            if is_called_so or is_versioned or _answers(inputs, one, function):
                free.remove(one)
                now = f"{method} {one.path}"
                edits = Edits(names={line: now}, actions=_followed(inputs, path, one.path))
                yield Proposal(f"{line} has moved: its line of the table is `{now}`", edits)
                break


def _answers(inputs: Inputs, operation: Operation, function: str) -> bool:
    """Whether an operation documents what payloads show that a function answers."""
    definition = definition_data(inputs.canonical)
    for payload in inputs.payloads:
        schema = Answers(definition).answered(operation, payload.status)
        if payload.operation == function and schema is not None:
            documented = object_at(definition, followed(definition, schema))
            if likeness(documented, {"properties": payload.body}) >= LEAST_LIKENESS:
                return True
    return False


def _moved_class(inputs: Inputs, move: Move) -> Proposal:
    """The changed line for a class that does not stand in its places any more, but elsewhere."""
    new, names = inputs.canonical, inputs.names.classes
    begins = _beginnings(new, names, {})
    if move.name in new.places:  # what stands in its old place has no name there any more
        begins[move.name] = names[move.name][0].text
    line = _translated(new.places[move.new], begins)
    told = f", as {move.shown_by} shows" if move.shown_by else ""
    text = f"{move.name} has moved{told}: its line of the table is `{line}`"
    return Proposal(text, Edits(names={move.name: line}))


def unused_names(proposed: Proposed) -> Iterator[Proposal]:
    """What takes lines, or places in them, out of the table that name nothing any more."""
    names, form = proposed.inputs.names, proposed.inputs.canonical
    if form.pending:  # which may be places of classes that exist only after corrections
        form = proposed.form
    lines: dict[str, Sequence[str]] = {
        name: () for name in names.operations if name in form.pending
    }
    for name, places in names.classes.items():
        kept = [place.text for place in places if place.text not in form.pending]
        if len(kept) < len(places):
            lines[name] = kept
    for name, rest in lines.items():
        text = f"nothing stands any more where the table of names has `{name}`; the line goes"
        yield Proposal(text, Edits(names={name: _line(rest)}))


def known_classes(inputs: Inputs, old: Canonical) -> Iterator[Proposal]:
    """What gives new classes the names of those that they are the same as.

    They are of one shape and stand in properties, parameters or statuses that are called alike.
    """
    new, table = inputs.canonical, inputs.names.classes
    before = _schemas(old)
    begins = _beginnings(new, table, {})
    written = {name: _translated(place, begins) for name, place in new.places.items()}
    known = {
        name: [place.text for place in table.get(name, ())] or [place]
        for name, place in written.items()
        if name in before
    }
    lines: dict[str, list[str]] = {}
    same: set[str] = set()
    for name in [one for one in written if one in new.derived and one not in before]:
        if _start(new.places[name]) in same:
            same.add(name)
            continue
        for other, places in known.items():
            is_called_so = _last_word(written[name]) in map(_last_word, places)
            if is_called_so and is_alike(definition_data(new), other, definition_data(new), name):
                lines.setdefault(other, [*places]).append(written[name])
                same.add(name)
                break
    for name, places in lines.items():
        text = f"what is new at {', '.join(places[len(known[name]) :])} is called {name} too"
        yield Proposal(text, Edits(names={name: _line(places)}))


def _last_word(place: str) -> str | None:
    """What the last thing on the way to a place is called: a property, a parameter, a status."""
    parsed = parsed_place(place)
    if parsed is None:
        return None
    steps = [step for step in parsed.steps if step.startswith(".")]
    return [parsed.start, *parsed.parts, *(step[1:] for step in steps)][-1]


def _line(texts: Sequence[str]) -> JSON:
    return None if not texts else texts[0] if len(texts) == 1 else [*texts]
