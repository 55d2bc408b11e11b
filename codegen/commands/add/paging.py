"""How the lists of a definition go on, where names that many providers use show it.

A list that is not recognised is one request, whose answer a person sees whole; a list that is
recognised wrongly ends too early or never. Nothing is therefore guessed from a single name: what a
request says must have its counterpart in another parameter, or in the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from codegen.openapi.client_facts import Path, written_path
from codegen.openapi.grammar import children, parameters, without_parameter_names
from codegen.openapi.references import followed, object_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.answers import Answers
    from codegen.openapi.grammar import Operation

# Names are as `plain` has them: `page[size]`, `page_size` and `pageSize` are one.
_PAGE: Final = frozenset({
    "currentpage", "page", "pageindex", "pageno", "pagenr", "pagenum", "pagenumber", "pg",
})  # fmt: skip
_OFFSET: Final = frozenset({"offset", "pageoffset", "skip"})
_START: Final = frozenset({"from", "start", "startat", "startindex"})
"""Offsets too if they are integers; of another type they begin a time."""
_SIZE: Final = frozenset({
    "count", "itemsperpage", "limit", "maxitems", "maxresults", "pagelimit", "pagesize", "perpage",
    "recordsperpage", "resultsperpage", "rows", "rpp", "size", "take", "top",
})  # fmt: skip
_CURSOR: Final = frozenset({
    "after", "continuation", "continuationtoken", "cursor", "marker", "nextcursor", "nextpagetoken",
    "nexttoken", "pageafter", "pagecursor", "pagetoken", "paginationtoken", "startingafter",
    "starttoken",
})  # fmt: skip
_TOKENS: Final = ("cursor", "token")
_NEXT_CURSOR: Final = frozenset({
    "continuationtoken", "endcursor", "next", "nextcontinuationtoken", "nextcursor", "nextmarker",
    "nextpagecursor", "nextpagetoken", "nexttoken",
})  # fmt: skip
_NEXT_URL: Final = frozenset({
    "nextlink", "nextpagelink", "nextpageuri", "nextpageurl", "nexturi", "nexturl", "odatanextlink",
})  # fmt: skip
_NEXT: Final = frozenset({"next", "nextpage"})
"""Addresses if something else says so."""
_LINKS: Final = frozenset({"link", "links"})
_BACK: Final = frozenset({"prev", "previous", "previouspage", "prevpage"})
_TOTAL: Final = frozenset({
    "total", "totalcount", "totalelements", "totalhits", "totalitems", "totalrecords",
    "totalresults", "totalrows", "totalsize",
})  # fmt: skip
_OF_PAGES: Final = _PAGE | _TOTAL | {"pagecount", "pages", "totalpages"}
"""What an answer says that is one page of several."""
_HOLDERS: Final = frozenset({
    "cursor", "cursors", "data", "link", "links", "meta", "metadata", "next", "page", "pageinfo",
    "pagination", "paging", "responsemetadata", "result", "resultinfo", "results",
})  # fmt: skip
"""What is looked into for what says how a list goes on."""
_BESIDE_ITEMS: Final = frozenset({"errors", "links", "messages", "warnings"})
"""Lists of objects that may stand beside the items."""
_DEEPEST: Final = 3
_INTEGER: Final = frozenset({"integer"})
_TEXT: Final = frozenset({"string"})
_ADDRESSES: Final = frozenset({"iri", "iri-reference", "uri", "uri-reference", "url"})
_TIMES: Final = frozenset({"date", "date-time", "time"})


def plain(name: str) -> str:
    """A name without signs and capitals."""
    return re.sub(r"[\W_]", "", name).lower()


def _tells_of_pages(name: str) -> bool:
    known = _OF_PAGES | _SIZE | _OFFSET | _NEXT_CURSOR | _NEXT_URL | _NEXT | _BACK | _HOLDERS
    return name in known | _BESIDE_ITEMS or "count" in name or "total" in name


class _Value(NamedTuple):
    """A member of an answer or of a request's body, or a parameter."""

    path: Path
    """The only step is a parameter's name."""
    schemas: list[str]
    is_parameter: bool = False

    @property
    def name(self) -> str:
        """As it is without signs and capitals."""
        return plain(self.path[-1])

    @property
    def said(self) -> str:
        """As an overlay says it."""
        return self.path[0] if self.is_parameter else written_path(self.path)

    @property
    def holder(self) -> str:
        """That of the object it is in; empty for the answer itself."""
        return plain(self.path[-2]) if len(self.path) > 1 else ""


@dataclass(frozen=True)
class Recogniser:
    """Looks at one operation and its first documented success."""

    answers: Answers
    """The answers of the definition."""
    operation: Operation
    paths: Collection[str]
    """The paths of all operations, without the names of parameters."""

    def pages(self) -> JSONObject | None:
        """How the list goes on, as an overlay says it; None if nothing shows that it does."""
        items = self._items()
        if items is None:
            return None
        # What is asked for otherwise may do something; only a cursor shows that it is a list, or
        # numbers of pages on both sides.
        is_got = self.operation.method == "get"
        others = (
            (self._by_url, self._by_link, self._by_number) if is_got else (self._by_number_in_body,)
        )
        for way in (self._by_cursor, *others):
            if (found := way()) is not None and self._fits(items, found):
                size = self._size()
                return {
                    **({"items": written_path(items.path)} if items.path else {}),
                    **found,
                    **({} if size is None else {"size": size.said}),
                    **self._about_all(),
                    **self._identity(items),
                }
        return None

    # What there is.

    @cached_property
    def _answer(self) -> list[str]:
        return [*self.answers.successes(self.operation).values()][:1]

    @cached_property
    def _members(self) -> list[_Value]:
        """The members of the answer, and of the objects in it that may say how a list goes on."""
        return list(self._within(self._answer, ()))

    def _within(self, schemas: list[str], path: Path) -> Iterator[_Value]:
        for name, inner in self.answers.members(schemas).items():
            here = (*path, name)
            yield _Value(here, inner)
            if (
                len(here) < _DEEPEST
                and plain(name) in _HOLDERS
                and not self.answers.is_array(inner)
            ):
                yield from self._within(inner, here)

    @cached_property
    def _queries(self) -> list[_Value]:
        """What a request may say: query parameters, and the members of its body."""
        sent = parameters(self.answers.definition, self.operation)
        queries = [
            _Value(
                (name,),
                [followed(self.answers.definition, node.pointer) + "/schema"],
                is_parameter=True,
            )
            for (name, location), node in sent.items()
            if location == "query" and "schema" in node.value
        ]
        body = self.answers.sent(self.operation)
        return queries if body is None else [*queries, *self._within([body], ())]

    def _items(self) -> _Value | None:
        """The list itself: the whole answer, or a member that is the only one it can be."""
        if self.answers.is_array(self._answer):
            return _Value((), self._answer)
        for depth in (1, 2):
            lists = [
                member
                for member in self._members
                if len(member.path) == depth and self.answers.is_array(member.schemas)
            ]
            for likely in (self._is_named, self._is_of_objects, self._is_of_values):
                if len(found := [one for one in lists if likely(one)]) == 1:
                    return found[0]
            if lists:
                return lists[0] if len(lists) == 1 and self._is_only_one(lists[0]) else None
        return None

    def _is_named(self, member: _Value) -> bool:
        """Whether the path ends in the name of a list."""
        return plain(without_parameter_names(self.operation.path)).endswith(member.name)

    def _is_of_objects(self, member: _Value) -> bool:
        return self._holds_objects(member) and member.name not in _BESIDE_ITEMS

    def _holds_objects(self, member: _Value) -> bool:
        items = self.answers.items(member.schemas)
        return bool(self.answers.members(items)) or "object" in self.answers.types(items)

    def _is_of_values(self, member: _Value) -> bool:
        """Whether a list is all that an answer has: of values most things have several."""
        return member.name not in _BESIDE_ITEMS and self._is_alone(member)

    def _is_only_one(self, member: _Value) -> bool:
        """Whether a list of objects has nothing but values beside it, which are no result."""
        objects = any(self.answers.members(one.schemas) for one in self._beside(member))
        return self._holds_objects(member) and not objects

    def _is_alone(self, member: _Value) -> bool:
        """Whether nothing stands beside a list but what tells of pages."""
        return all(_tells_of_pages(one.name) for one in self._beside(member))

    def _beside(self, member: _Value) -> list[_Value]:
        """The other members of the object that a member is in."""
        same = [one for one in self._members if one.path[:-1] == member.path[:-1]]
        return [one for one in same if one.path != member.path]

    def _fits(self, items: _Value, pages: JSONObject) -> bool:
        """Whether the list is what was asked for, and not a part of one thing that was.

        What is asked for by page is a list; what merely has the address of a next one, or holds a
        list further inside, need not be.
        """
        if not items.path or (len(items.path) == 1 and "url" not in pages):
            return True
        is_sure = plain(str(pages.get("next"))).endswith(tuple(_NEXT_URL))
        if len(items.path) == 1 and (is_sure or self._asks_for_pages()):
            return True
        return self._is_alone(items)

    def _said(self, value: _Value, keyword: str) -> list[JSON]:
        forms = self.answers.forms(value.schemas)
        return [form[keyword] for _, form in forms if keyword in form]

    def _may_be(self, value: _Value, types: Collection[str]) -> bool:
        """Whether a value has one of some types, or nothing says which it has."""
        known = self.answers.types(value.schemas) - {"null"}
        return not known.isdisjoint(types) if known else not self.answers.members(value.schemas)

    def _first(self, values: list[_Value], names: Collection[str]) -> _Value | None:
        return next((value for value in values if value.name in names), None)

    # The ways.

    def _size(self) -> _Value | None:
        """The parameter that says how many items a page has."""
        sizes = [one for one in self._queries if one.name in _SIZE and self._may_be(one, _INTEGER)]
        return self._first(sizes, _SIZE)

    def _by_cursor(self) -> JSONObject | None:
        """What the answer calls next is what a parameter takes."""
        members = [one for one in self._members if self._is_text(one, _ADDRESSES | _TIMES)]
        for query in self._queries:
            if query.name in _CURSOR and self._is_text(query, _TIMES):
                known = self._first(members, _NEXT_CURSOR - {query.name})
                following = known or self._first(members, {query.name})
                if following is not None:
                    return {"cursor": query.said, "next": written_path(following.path)}
        return None

    def _is_text(self, value: _Value, others: Collection[str]) -> bool:
        """Whether a value may be a text, of none of some formats."""
        return self._may_be(value, _TEXT) and not self._has_format(value, others)

    def _has_format(self, value: _Value, formats: Collection[str]) -> bool:
        return not set(formats).isdisjoint(map(str, self._said(value, "format")))

    def _by_url(self) -> JSONObject | None:
        """The answer has the address of the next page."""
        for member in self._members:
            is_named = member.name in _NEXT_URL
            is_link = member.name == "href" and member.holder in _NEXT
            if (is_named or is_link or self._is_address(member)) and self._may_be(member, _TEXT):
                return {"url": True, "next": written_path(member.path)}
        return None

    def _is_address(self, member: _Value) -> bool:
        """Whether what is called next is an address: its format, or what is beside it, says so."""
        if member.name not in _NEXT:
            return False
        beside = {one.name for one in self._beside(member)}
        has_way_back = not beside.isdisjoint(_BACK) and "count" in beside
        return self._has_format(member, _ADDRESSES) or member.holder in _LINKS or has_way_back

    def _by_link(self) -> JSONObject | None:
        """The header ``Link`` is documented, and a parameter asks for a page."""
        for node in children(self.operation.node):
            if node.kind != "response" or not str(node.key).startswith("2"):
                continue
            pointer = followed(self.answers.definition, node.pointer)
            headers = object_at(self.answers.definition, f"{pointer}/headers")
            if any(name.lower() == "link" for name in headers) and self._asks_for_pages():
                return {"link": True}
        return None

    def _asks_for_pages(self) -> bool:
        return self._first(self._queries, _PAGE | _OFFSET | _CURSOR | _SIZE) is not None

    def _by_number(self) -> JSONObject | None:
        """Parameters say which page, or after how many items, and how many it has."""
        if any(one.name in _CURSOR and one.name.endswith(_TOKENS) for one in self._queries):
            return None  # a list that goes on by it, in a way that was not seen
        size = self._size()
        is_one_of_several = any(
            member.name in _OF_PAGES and self._may_be(member, _INTEGER) for member in self._members
        )
        numbers = [one for one in self._queries if self._may_be(one, _INTEGER)]
        page = self._first(numbers, _PAGE)
        if page is not None and (size is not None or is_one_of_several):
            return {"page": page.said, **self._base(page, least=True)}
        offset = self._first(numbers, _OFFSET) or self._first(
            [one for one in numbers if "integer" in self.answers.types(one.schemas)], _START
        )
        if offset is not None and size is not None:
            return {"offset": offset.said, **self._base(offset, least=False)}
        return None

    def _by_number_in_body(self) -> JSONObject | None:
        """The body of the request says it, and the answer tells of pages too."""
        found = self._by_number()
        tells = any(one.name in _OF_PAGES and self._may_be(one, _INTEGER) for one in self._members)
        of_body = {one.said for one in self._queries if not one.is_parameter}
        is_in_body = found is not None and not of_body.isdisjoint(map(str, found.values()))
        return found if tells and is_in_body and self._size() is not None else None

    def _base(self, query: _Value, *, least: bool) -> JSONObject:
        """What the first page is called, if the definition says so.

        Of numbers that may be 0 nothing is said: many definitions allow it to pages from 1 on.
        """
        for value in (*self._said(query, "default"), *self._said(query, "minimum") * least):
            if value == 1 or (value == 0 and value in self._said(query, "default")):
                return {"first": 1 if value == 1 else 0}
        return {}

    # What else pages have.

    def _about_all(self) -> JSONObject:
        """Where the answer says how many items there are in all, and which of them these are."""
        numbers = [
            one
            for one in self._members
            if self._may_be(one, _INTEGER) and self.answers.types(one.schemas)
        ]
        found: dict[str, _Value | None] = {"total": self._first(numbers, _TOTAL)}
        if found["total"] is None and (following := self._first(self._members, _NEXT)) is not None:
            beside = [one for one in self._beside(following) if one in numbers]
            found["total"] = self._first(beside, {"count"})
        ends = self._first(numbers, {"startoffset"}), self._first(numbers, {"endoffset"})
        if None not in ends:
            found["start"], found["end"] = ends
        return {key: written_path(one.path) for key, one in found.items() if one is not None}

    def _identity(self, items: _Value) -> JSONObject:
        """What tells items apart: their ``id``, if one of them can be asked for by itself."""
        members: dict[str, list[str]] = self.answers.members(self.answers.items(items.schemas))
        path = without_parameter_names(self.operation.path).rstrip("/")
        is_alone = f"{path}/{{}}" in self.paths
        return {"identity": "id"} if is_alone and "id" in members else {}
