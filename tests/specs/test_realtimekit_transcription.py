"""What is read of a client's source, and that the committed file is what is read of the newest."""

from __future__ import annotations

from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from codegen.files.errors import BadInputError
from specs.realtimekit.transcribe import WRITTEN, definition_of, text_of

if TYPE_CHECKING:
    from codegen.files.values import JSONObject

RESOURCE = '''
from ...types.realtime_kit import thing_create_params, thing_get_params
from ...types.realtime_kit.thing_create_response import ThingCreateResponse
from ...types.realtime_kit.thing_get_response import ThingGetResponse

class ThingsResource(SyncAPIResource):
    @cached_property
    def with_raw_response(self) -> ThingsResourceWithRawResponse:
        return ThingsResourceWithRawResponse(self)

    def get(self, thing_id: str, *, kind: str | Omit = omit) -> ThingGetResponse:
        """A sentence of theirs."""
        if not thing_id:
            raise ValueError
        return self._get(
            path_template("/things/{thing_id}", thing_id=thing_id),
            options=make_request_options(
                query=maybe_transform(
                    {"kind": kind, "since": since}, thing_get_params.ThingGetParams
                ),
            ),
            cast_to=ThingGetResponse,
        )

    def create(self, *, name: str) -> ThingCreateResponse:
        return self._post(
            path_template("/things"),
            body=maybe_transform({"class_": class_}, thing_create_params.ThingCreateParams),
            options=make_request_options(),
            cast_to=ThingCreateResponse,
        )

class AsyncThingsResource(AsyncAPIResource):
    async def get(self, thing_id: str) -> ThingGetResponse:
        return await self._get("elsewhere", cast_to=ThingGetResponse)
'''
TYPES = {
    "thing_get_params": """
class ThingGetParams(TypedDict, total=False):
    kind: Required[Literal["a", "b"]]
    since: Annotated[Union[str, datetime], PropertyInfo(alias="sinceTime", format="iso8601")]
""",
    "thing_create_params": """
class Part(TypedDict, total=False):
    id: Required[str]

class ThingCreateParams(TypedDict, total=False):
    class_: Required[Annotated[Optional[Iterable[Part]], PropertyInfo(alias="class")]]
    size: int
""",
    "thing_get_response": """
class DataPart(BaseModel):
    id: str

DataStore: TypeAlias = Union[DataPart, Dict[str, float], None]

class ThingGetResponse(BaseModel):
    made_at: datetime
    meta: object
    user_id: Optional[str] = FieldInfo(alias="user_Id", default=None)
    parts: Optional[List[DataPart]] = None
    store: Optional[DataStore] = None
""",
    "thing_create_response": """
class ThingCreateResponse(BaseModel):
    first: bool = FieldInfo(alias="100ms")
""",
}
DOCUMENT: JSONObject = {
    "servers": [{"url": "https://api.example.com"}],
    "security": [{"key": []}],
    "paths": {"/known": {"get": {}}},
    "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
}
PART = {"$ref": "#/components/schemas/ThingGetResponseDataPart"}


BY_PATH = {"resources/things": RESOURCE} | {f"types/{name}": text for name, text in TYPES.items()}


def definition(folder: Path, **files: str) -> Any:
    for name, text in {**BY_PATH, **files}.items():
        kind, _, module = name.partition("/")
        file = folder / kind / "realtime_kit" / f"{module}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return cast("Any", definition_of(folder, "1.0", DOCUMENT))


def body_of(operation: Any) -> Any:
    return operation["requestBody"]["content"]["application/json"]["schema"]


def answer_of(operation: Any) -> Any:
    return operation["responses"]["2XX"]["content"]["application/json"]["schema"]


def test_a_method_says_the_path_and_what_is_sent_in_the_address(tmp_path: Path) -> None:
    operation = definition(tmp_path)["paths"]["/things/{thing_id}"]["get"]
    assert operation["parameters"] == [
        {"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "kind", "in": "query", "required": True,
         "schema": {"type": "string", "enum": ["a", "b"]}},
        {"name": "sinceTime", "in": "query", "schema": {"type": "string", "format": "date-time"}},
    ]  # fmt: skip
    assert "A sentence" not in str(operation)


def test_what_is_sent_may_be_null_where_the_client_says_so(tmp_path: Path) -> None:
    body = body_of(definition(tmp_path)["paths"]["/things"]["post"])
    assert body == {
        "type": "object",
        "required": ["class"],
        "properties": {"class": {"type": ["array", "null"], "items": PART}},
    }


def test_what_an_answer_may_lack_is_no_null(tmp_path: Path) -> None:
    answer = answer_of(definition(tmp_path)["paths"]["/things/{thing_id}"]["get"])
    assert answer["required"] == ["made_at", "meta"]
    assert answer["properties"]["user_Id"] == {"type": "string"}
    assert answer["properties"]["meta"] == {}


def test_classes_with_the_same_members_are_one_schema(tmp_path: Path) -> None:
    made = definition(tmp_path)
    answer = answer_of(made["paths"]["/things/{thing_id}"]["get"])
    assert answer["properties"]["parts"] == {"type": "array", "items": PART}
    assert list(made["components"]["schemas"]) == ["ThingGetResponseDataPart"]


def test_a_choice_may_be_null(tmp_path: Path) -> None:
    answer = answer_of(definition(tmp_path)["paths"]["/things/{thing_id}"]["get"])
    values = {"type": "object", "additionalProperties": {"type": "number"}}
    assert answer["properties"]["store"] == {"anyOf": [{"anyOf": [PART, values]}, {"type": "null"}]}


def test_what_the_document_has_is_left_to_it(tmp_path: Path) -> None:
    known = RESOURCE.replace("/things/{thing_id}", "/known")
    made = definition(tmp_path, **{"resources/things": known})
    assert list(made["paths"]) == ["/things"]
    assert made["security"] == DOCUMENT["security"]


def test_two_methods_of_one_request_must_agree(tmp_path: Path) -> None:
    assert definition(tmp_path, **{"resources/things_again": RESOURCE})
    other = RESOURCE.replace('"since": since', "")
    with pytest.raises(BadInputError, match=r"contradicts things\.get"):
        definition(tmp_path, **{"resources/things_again": other})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("made_at: datetime", "made_at: Decimal"),
        ("made_at: datetime", "made_at: Set[str]"),
        ("made_at: datetime", "made_at: 3"),
    ],
)
def test_an_unknown_annotation_is_refused_with_its_line(tmp_path: Path, old: str, new: str) -> None:
    types = TYPES["thing_get_response"].replace(old, new)
    with pytest.raises(BadInputError, match=r"thing_get_response\.py:\d+: .* not understood"):
        definition(tmp_path, **{"types/thing_get_response": types})


@pytest.mark.parametrize(
    ("old", "new"),
    [('path_template("/things")', "there"), ("maybe_transform({", "deepcopy({")],
)
def test_an_unknown_request_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(BadInputError, match="not understood"):
        definition(tmp_path, **{"resources/things": RESOURCE.replace(old, new)})


def test_the_committed_file_is_made_of_the_client_that_it_names() -> None:
    found = util.find_spec("cloudflare")
    if found is None or not found.submodule_search_locations:
        pytest.skip("cloudflare is not installed")
    version = metadata.version("cloudflare")
    if f"`cloudflare` {version}," not in WRITTEN.read_text():
        pytest.skip(f"cloudflare is {version}; `nox -s transcribe` installs what was read")
    package = Path(found.submodule_search_locations[0])
    assert text_of(package, version) == WRITTEN.read_bytes()
