"""Every kind of change: its id, how bad it is, and what is said of it.

An id never changes its meaning, so that programs may decide by it. The table in
``docs/changes.md`` is made of this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.compare.comparison import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

SECURITY, BREAKING, ADDITIVE, DOCS = Severity
_SEVERITIES = {severity.name[0]: severity for severity in Severity}


@dataclass(frozen=True)
class Kind:
    """One kind of change."""

    id: str
    severities: tuple[Severity, ...]
    """What it may be; the first unless something else is said of one change."""
    what: str
    """What has changed, with the thing and what it belongs to, old and new names, in braces."""
    why: str
    """What a user feels; of some kinds, more is said of one change."""


_TURNS = {
    "became-required": "is required now",
    "became-optional": "may be missing now",
    "became-nullable": "may be null now",
    "became-non-null": "is never null now",
    "type-changed": "has another type",
}
_TURNS_OF = {
    "client-argument": ("became-required", "became-optional"),
    "argument": tuple(_TURNS),
    "body": tuple(_TURNS),
    "attribute": tuple(_TURNS),
    "result": ("became-nullable", "became-non-null", "type-changed"),
    "other-members": ("became-nullable", "became-non-null", "type-changed"),
}
_WHY_OF_TYPES = "What is read is more than before, or what is given or sent may only be less."
_WRITTEN = "Programs stay as they are; the client writes it."
_REFUSED = "Programs type-check as before, and the server may refuse what they send."
_MORE = "More may be sent than before."
_HOST = "Whoever is there sees what is sent, credentials included."
_NOT_GIVEN = "Calls without it fail."
_OTHER_NAME = "Code that calls it by its old name fails."
_OTHERWISE = "What was read as one of them may be read as another."

# The letters are the initials of the severities.
_ROWS = (
    ("server-host-changed", "S", "requests go to another host: {after} instead of {before}", _HOST),
    ("server-host-added", "S", "requests may go to another host: {hosts}", _HOST),
    ("server-address-changed", "A", "the server's address has changed",
     "Requests go below another path of the same host."),
    ("security-scheme-added", "S", "the security scheme {prose} is new",
     "There is another way to sign in."),
    ("security-scheme-removed", "S", "the security scheme {prose} is gone",
     "Who signs in by it has to find another way."),
    ("security-scheme-changed", "S", "the security scheme {prose} has changed",
     "Secrets are sent in another way."),
    ("credentials-changed", "S", "{prose} {asks} for other credentials",
     "Other credentials are sent, or have to be given."),
    ("credentials-dropped", "S", "{prose} {asks} for other credentials",
     "No credentials are asked for any more: whoever knows the address may call it."),
    ("client-argument-added", "A", "{owner} takes `{new}`", "It may be left out."),
    ("required-client-argument-added", "B", "{owner} takes `{new}`, which is required",
     "Code that makes a client without it fails, unless the environment says it."),
    ("client-argument-removed", "B", "{owner} no longer takes `{old}`",
     "Code that makes a client with it fails."),
    ("client-argument-renamed", "B", "{prose} is now called `{new}`",
     "Code that makes a client with the old name fails."),
    ("client-argument-environment-changed", "B",
     "what stands for {prose} in the environment is `{after}`, no longer `{before}`",
     "Programs that leave it to the environment fail."),
    ("client-renamed", "B", "the client {prose} is now called `{new}`",
     "Code that imports it by its old name fails."),
    ("refusal-added", "B", "`{refusal}` in an answer of {whose} is a refusal",
     "An answer that says so raises `EnvelopeError`; until now it was returned."),
    ("refusal-removed", "B", "`{refusal}` in an answer of {whose} is no refusal any more",
     "An answer that says so is returned; until now it raised `EnvelopeError`."),
    ("operation-added", "A", "the operation {prose} is new", "There is one operation more."),
    ("operation-removed", "B", "the operation {prose} is gone",
     "Code that calls it fails."),
    ("operation-renamed", "B", "the operation {prose} is now called `{new}`", _OTHER_NAME),
    ("operation-moved", "B", "the operation {prose} is now `{new}`", _OTHER_NAME),
    ("operation-path-changed", "A", "{prose} sends its requests elsewhere",
     ("Programs stay as they are. What stands between them and the server, such as a recorded"
      " answer or a rule of a proxy, may name the old path.")),
    ("argument-added", "A", "{owner} takes `{new}`", "It may be left out."),
    ("required-argument-added", "B", "{owner} takes `{new}`, which is required", _NOT_GIVEN),
    ("argument-removed", "B", "{owner} no longer takes `{old}`", "Calls that pass it fail."),
    ("argument-renamed", "B", "{prose} is now called `{new}`",
     "Calls that pass it by its old name fail."),
    ("argument-key-changed", "A", "{prose} is sent as `{after}`, no longer as `{before}`",
     "Programs stay as they are."),
    ("argument-became-client-argument", "B", "{prose} is an argument of the client now",
     "Calls that pass it fail: give it to the client, once."),
    ("client-argument-became-argument", "B", "{owner} takes `{new}`, which was the client's",
     "The client no longer sends it: calls have to give it."),
    ("client-argument-sent", "A", "{owner} sends the client's `{new}`",
     "Programs stay as they are; the client sends it."),
    ("client-argument-no-longer-sent", "A", "{owner} no longer sends the client's `{old}`",
     "Programs stay as they are; the client leaves it out."),
    ("argument-moved", "SBA", "{prose} has moved from the {before} to the {after}",
     "Its value is seen, or does something, where it was not and did not."),
    ("arguments-reordered", "B", "the arguments of {prose} stand in another order",
     "Calls that pass them by position, without names, mean something else."),
    ("argument-joined", "BA", "{prose} is sent as one parameter, its values separated by {signs}",
     "Programs type-check as before, and a value with {sign} raises `ConfigurationError`."),
    ("argument-split", "A", "{prose} is sent as several parameters, one for each value", _WRITTEN),
    ("style-changed", "A", "{prose} is written in another way", _WRITTEN),
    ("body-added", "A", "{owner} takes a body", "It may be left out."),
    ("required-body-added", "B", "{owner} takes a body, which is required", _NOT_GIVEN),
    ("body-removed", "B", "{owner} no longer takes a body", "Calls that pass it fail."),
    ("body-members-added", "A", "what is in {prose} may be given one by one",
     "`body` takes all of it, as before."),
    ("body-members-removed", "B", "what is in {prose} can no longer be given one by one",
     "Calls that pass a part of it by name fail: give all of it as `body`."),
    ("body-media-type-changed", "A", "{prose} is sent as another media type",
     "Programs stay as they are, as far as its type does."),
    ("answer-added", "AB", "{owner} documents the status {new}",
     "Until now it was raised without being documented, or read as another success."),
    ("answer-removed", "BA", "{owner} no longer documents the status {old}",
     "Nothing is read of it any more, or it is read as another success."),
    ("answer-media-type-changed", "BA", "{prose} comes in another format",
     "What is read of its body is another thing."),
    ("answer-became-success", "B", "the status {old} of {owner} now means success",
     "It is returned, no longer raised."),
    ("answer-became-error", "B", "the status {old} of {owner} now means an error", "It is raised."),
    ("answer-type-changed", "B", "the body of the status {old} of {owner} has changed",
     "Code that reads it from the `response` of an error meets something else."),
    ("result-moved", "BA", "{prose} is at another place of the answer",
     "No type need show it, but what is returned may be another thing."),
    ("paging-added", "B", "{whose} returns `Pages`",
     "Its items come one by one while they are walked through; code that uses the answer fails."),
    ("paging-removed", "B", "{whose} no longer returns `Pages`",
     "Code that walks through it, or passes `cursor`, fails."),
    ("paging-changed", "BA", "{whose} goes on from page to page in another way",
     "Other items may come, and a cursor from before may not be taken."),
    ("class-added", "A", "the {sort} {prose} is new", "There is one class more."),
    ("class-removed", "B", "the {sort} {prose} is gone", "Code that imports it fails."),
    ("class-renamed", "B", "the {sort} {prose} is now called `{new}`",
     "Code that imports it by its old name fails."),
    ("class-sort-changed", "B", "{prose} is no longer {before} but {after}",
     "Code that builds it or uses what is in it fails."),
    ("mapping-became-model", "B", "{prose} is no longer a mapping, as its members are listed",
     "Code that iterates over it, or looks up a member that is an attribute now, fails."),
    ("multipart-removed", "B", "{prose} is no longer sent as multipart",
     "The method `to_multipart` is gone."),
    ("attribute-added", "A", "{prose} is new", "There is one attribute more."),
    ("required-attribute-added", "B", "{prose} is new and required",
     "Code that builds the object, such as a test, has to give it."),
    ("attribute-removed", "B", "{prose} is gone", "Code that uses the attribute fails."),
    ("attribute-renamed", "B", "{prose} is now called `{new}`",
     "Code that uses the attribute by its old name fails."),
    ("attribute-key-changed", "B", "{prose} is `{after}` in JSON, no longer `{before}`",
     ("Programs type-check as before. But what `to_dict` writes has another key, and what it wrote"
      " before is not read back.")),
    ("enumeration-base-changed", "B", "the values of {prose} are {after}, no longer {before}",
     "Code that compares members with values, or builds them from values, fails."),
    ("member-added", "A", "{prose} is new",
     "The enumeration is open: until now the value came as an unknown member."),
    ("member-removed", "B", "{prose} is gone", "Code that names the member fails."),
    ("member-renamed", "B", "{prose} is now called `{new}`", "Code that names the member fails."),
    ("member-value-changed", "B", "{prose} has another value",
     "Code type-checks as before, and means another value."),
    ("choice-property-changed", "B",
     "which of {prose} is read is decided by `{after}`, no longer by `{before}`", _OTHERWISE),
    ("choice-property-added", "B", "which of {prose} is read is decided by `{after}` now",
     _OTHERWISE),
    ("choice-property-removed", "B", "which of {prose} is read is no longer decided by `{before}`",
     _OTHERWISE),
    ("choice-value-changed", "B",
     "{prose} with the `{key}` `{value}` is {after}, no longer {before}",
     "What was read as {before} is read as {after}."),
    ("choice-value-added", "BA", "{prose} with the `{key}` `{value}` is {after}",
     "What was read as {before} is read as {after}."),
    ("choice-value-removed", "B", "{prose} with the `{key}` `{value}` is no longer {before}",
     "What was read as {before} is read as {after}."),
    ("limit-became-stricter", "BA", "`{keyword}` of {prose} has changed", _REFUSED),
    ("limit-became-looser", "A", "`{keyword}` of {prose} has changed", _MORE),
    ("other-members-forbidden", "BA",
     "{prose} may no longer have members beyond those that are documented",
     _REFUSED),
    ("other-members-allowed", "A",
     "{prose} may now have members beyond those that are documented",
     _MORE),
    ("known-values-narrowed", "BA", "the known values of {prose} have changed", _REFUSED),
    ("known-values-widened", "A", "the known values of {prose} have changed", _MORE),
    ("default-changed", "DB", "the documented default of {prose} has changed",
     "Only the documentation is another."),
    ("deprecated", "A", "{prose} is deprecated", "It works as before, and will go away one day."),
    ("no-longer-deprecated", "D", "{prose} is no longer deprecated", "It is there to stay."),
    ("documentation-changed", "D", "{text} of {prose} has changed",
     "Only the documentation is another."),
    ("meaning-changed", "B", "{prose} has changed",
     "No type shows it, but other values may be accepted, sent or read than before."),
    ("event-added", "A", "{prose} is new", "It was received as an unknown one before."),
    ("event-removed", "B", "{prose} is gone",
     "It is received as an unknown one, if it is sent at all, and has no class any more."),
    ("incoming-request-changed", "B", "{prose} has changed",
     "Code that receives these requests of the provider may meet something else."),
    ("unread-part-added", "A", "{prose} is new, and left out",
     "The package lacks it: {reason}."),
    ("unread-part-removed", "A", "{prose}, which was left out, is gone",
     "The package has lacked it: {reason}."),
    ("unread-part-changed", "B", "{prose} has changed, and could not be compared",
     "The generator leaves it out, so nobody has looked at what this does: {reason}."),
)  # fmt: skip


def _kinds() -> Iterator[Kind]:
    for identity, letters, what, why in _ROWS:
        yield Kind(identity, tuple(map(_SEVERITIES.__getitem__, letters)), what, why)
    for noun, turns in _TURNS_OF.items():
        for turn in turns:
            what = f"{{prose}} {_TURNS[turn]}"
            yield Kind(f"{noun}-{turn}", (BREAKING, ADDITIVE), what, _WHY_OF_TYPES)


KINDS = {kind.id: kind for kind in _kinds()}
