"""Files that a definition refers to come with it, and errors name the file that a thing is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

from codegen.files.errors import BadInputError, Problem
from codegen.openapi.canonical import canonical
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.mending import mended
from codegen.openapi.validation import validate_definition

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codegen.files.document import Document

    Read = Callable[..., Document]

HEAD = "openapi: 3.1.0\ninfo: {title: Calls, version: '1'}\n"
GET = "get: {operationId: get_call, responses: {'200': {description: It., content: "


@pytest.fixture
def bundle(tmp_path: Path) -> Read:
    """Write files, of which the first is the definition, and read that."""

    def read(main: str, **files: str) -> Document:
        (tmp_path / "api").mkdir()
        (tmp_path / "api/openapi.yaml").write_text(HEAD + main)
        for name, text in files.items():
            path = tmp_path / "api" / (name.replace("__", "/") + ".yaml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return read_definition(tmp_path / "api/openapi.yaml")

    return read


def answering(schema: str) -> str:
    return f"paths: {{/call: {{{GET}{{application/json: {{schema: {schema}}}}}}}}}}}}}}}\n"


def form(document: Document) -> Any:
    """Its canonical form, in which nothing may be lost."""
    meant = mended(document)
    assert meant.told == ()
    validate_definition(meant)
    return canonical(meant).data


def test_a_reference_to_a_file_that_is_not_there_is_told_with_the_file_that_has_it(
    bundle: Read,
) -> None:
    files = {"schemas__call": "type: object\nproperties:\n  agent: {$ref: agents/agent.yaml}\n"}
    document = bundle(answering("{$ref: schemas/call.yaml}"), **files)
    (told,) = mended(document).told
    file = f"{document.path}".replace("openapi.yaml", "schemas/call.yaml")
    assert str(document.error_of(told)) == (
        f"{file}:3 at /properties/agent/$ref: 'agents/agent.yaml' leads to no file in the "
        "definition's folder, or nothing of its kind there; it is read as if it were not there"
    )


ONE_FILE = (
    answering("{$ref: '#/components/schemas/Call'}")
    + """
components:
  schemas:
    Call:
      type: object
      properties:
        id: {type: string}
        agent: {$ref: '#/components/schemas/Agent'}
    Agent:
      type: object
      properties:
        name: {type: string}
        calls: {type: array, items: {$ref: '#/components/schemas/Call'}}
"""
)
CALL = "{type: object, properties: {id: {type: string}, agent: {$ref: %s}}}"
AGENT = (
    "{type: object, properties: {name: {type: string}, calls: {type: array, items: {$ref: %s}}}}"
)


@pytest.mark.parametrize(
    ("main", "files"),
    [
        pytest.param(
            answering("{$ref: 'schemas/Call.yaml'}"),
            {"schemas__Call": CALL % "./Agent.yaml", "schemas__Agent": AGENT % "Call.yaml"},
            id="a file each, in a circle",
        ),
        pytest.param(
            answering("{$ref: 'all.yaml#/defs/Call'}"),
            {
                "all": "defs:\n  Call: "
                + CALL % "'#/defs/Agent'"
                + "\n  Agent: "
                + AGENT % "'#/defs/Call'"
            },
            id="one file for all",
        ),
        pytest.param(
            answering("{$ref: '#/components/schemas/Call'}")
            + "components: {schemas: {Call: {$ref: Call.yaml}, Agent: {$ref: Agent.yaml}}}",
            {"Call": CALL % "Agent.yaml", "Agent": AGENT % "openapi.yaml#/components/schemas/Call"},
            id="components that are files, and back",
        ),
        pytest.param(
            answering("{$ref: '#/components/schemas/Call'}")
            + "components: {schemas: {$ref: schemas/index.yaml}}",
            {
                "schemas__index": "Call: {$ref: Call.yaml}\nAgent: {$ref: ./Agent.yaml}",
                "schemas__Call": CALL % "index.yaml#/Agent",
                "schemas__Agent": AGENT % "./Call.yaml",
            },
            id="an index of components",
        ),
        pytest.param(
            "paths: {$ref: paths/index.yaml}",
            {
                "paths__index": "/call: {$ref: call.yaml}",
                "paths__call": GET + "{application/json: {schema: {$ref: ../Call.yaml}}}}}}",
                "Call": CALL % "Agent.yaml",
                "Agent": AGENT % "Call.yaml#",
            },
            id="paths in files",
        ),
    ],
)
def test_a_definition_of_several_files_is_the_same_as_of_one(
    bundle: Read, tmp_path: Path, main: str, files: dict[str, str]
) -> None:
    whole = tmp_path / "whole.yaml"
    whole.write_text(HEAD + ONE_FILE)
    assert form(bundle(main, **files)) == form(read_definition(whole))


def test_every_kind_of_object_may_be_in_a_file(bundle: Read) -> None:
    operation = """
paths:
  /call/{id}:
    parameters: [{$ref: 'parts.yaml#/Id'}]
    post:
      operationId: make_call
      parameters: {$ref: 'parts.yaml#/Parameters'}
      requestBody: {$ref: 'parts.yaml#/Body'}
      responses:
        '200': {$ref: 'parts.yaml#/Answer'}
        default: {$ref: 'parts.yaml#/Problem', description: Ours.}
components: {securitySchemes: {key: {$ref: 'parts.yaml#/Key'}}}
security: [{key: []}]
"""
    parts = """
Id: {name: id, in: path, required: true, schema: {$ref: '#/Text'}}
Text: {type: string, minLength: 1}
Parameters: [{$ref: '#/Page'}]
Page: {name: page, in: query, schema: {type: integer}}
Body: {content: {application/json: {schema: {$ref: '#/Pet'}}}}
Pet:
  oneOf: [{$ref: '#/Dog'}, {$ref: '#/Cat'}]
  discriminator: {propertyName: kind, mapping: {d: '#/Dog', c: 'parts.yaml#/Cat'}}
Dog: {type: object, required: [kind], properties: {kind: {type: string}, bark: {type: boolean}}}
Cat: {type: object, required: [kind], properties: {kind: {type: string}}}
Answer: {description: Done., headers: {Left: {$ref: '#/Header'}}}
Header: {schema: {$ref: '#/Text'}}
Problem: {description: Theirs.}
Key: {type: apiKey, in: header, name: X-Key}
"""
    data = form(bundle(operation, parts=parts))
    post = data["paths"]["/call/{id}"]["post"]
    assert [one["name"] for one in post["parameters"]] == ["id", "page"]
    assert post["parameters"][0]["schema"] == {"type": "string", "minLength": 1}
    assert post["responses"]["default"]["description"] == "Ours."
    assert post["responses"]["200"]["headers"]["Left"]["schema"]["minLength"] == 1
    (pet,) = [post["requestBody"]["content"]["application/json"]["schema"]]
    mapping = pet["discriminator"]["mapping"]
    assert {**mapping, "Dog": 0, "Cat": 0} == {
        "d": "#/components/schemas/Dog", "c": "#/components/schemas/Cat", "Dog": 0, "Cat": 0,
    }  # fmt: skip
    assert data["components"]["securitySchemes"]["key"]["name"] == "X-Key"


PETS = (
    "{oneOf: [{$ref: %s}, {$ref: %s}], "
    "discriminator: {propertyName: kind, mapping: {cat: %s, dog: %s, odd: 1}}}"
)


@pytest.mark.parametrize(
    "mapped",
    [
        ("Cat.yaml", "all.yaml#/Dog"),
        ("./Cat.yaml", "./all.yaml#/Dog"),
        ("'openapi.yaml#/components/schemas/Cat'", "all.yaml#/Dog"),
        ("Cat", "Dog"),
        ("'#/components/schemas/Cat'", "'#/components/schemas/Dog'"),
    ],
)
def test_the_values_of_a_discriminator_lead_to_what_was_in_files(
    bundle: Read, mapped: tuple[str, str]
) -> None:
    kind = "{type: object, properties: {kind: {type: string}, %s: {type: string}}}"
    document = bundle(
        answering(PETS % ("Cat.yaml", "all.yaml#/Dog", *mapped))
        + "components: {schemas: {Cat: {$ref: Cat.yaml}}}",
        Cat=kind % "meows",
        all="Dog: " + kind % "barks",
    )
    answer = cast("Any", definition_data(document))["paths"]["/call"]["get"]["responses"]["200"]
    mapping = answer["content"]["application/json"]["schema"]["discriminator"]["mapping"]
    place = "#/components/schemas/"
    assert {value: str(to).removeprefix(place) for value, to in mapping.items()} == {
        "cat": "Cat", "dog": "Dog", "odd": "1",
    }  # fmt: skip


def test_a_definition_may_say_its_own_address(bundle: Read) -> None:
    document = bundle(
        "$self: https://calls.example/openapi.yaml\n"
        + answering("{$ref: 'https://calls.example/openapi.yaml#/components/schemas/Call'}")
        + "components: {schemas: {Call: {$ref: Call.yaml}}}",
        Call="{type: object, properties: {id: {type: string}}}",
    )
    assert list(form(document)["components"]["schemas"]) == ["Call"]


def test_an_error_names_the_file_that_the_place_is_in_and_its_line(bundle: Read) -> None:
    document = bundle(
        answering("{$ref: 'all.yaml#/Call'}"),
        all="# Ours.\nCall:\n  type: object\n  properties:\n    id: {type: string}\n",
    )
    error = document.error("/components/schemas/Call/properties/id", "is odd")
    assert (str(error.file)[-12:], error.line, error.pointer) == (
        "api/all.yaml", 5, "/Call/properties/id",
    )  # fmt: skip
    assert document.place_of(error) == "/components/schemas/Call/properties/id"
    own = document.error_of(Problem("", "/info/title", "is odd"))
    assert (str(own.file)[-12:], own.line) == ("openapi.yaml", 2)
    assert document.place_of(own) == "/info/title"
    assert document.place_of(BadInputError("odd", file="elsewhere", pointer="/info")) is None


@pytest.mark.parametrize(
    "reference",
    [
        *("gone.yaml", "../outside.yaml#/S", "here.yaml#/none", "here.yaml#S", "here.yaml#/S/type"),
        *("https://a.example/b.yaml", "http://[/x.yaml", "a%00b.yaml", "x" * 5000, "round.yaml#/A"),
    ],
)
def test_what_is_not_beside_the_definition_is_read_as_if_it_were_not_there(
    bundle: Read, tmp_path: Path, reference: str
) -> None:
    (tmp_path / "outside.yaml").write_text("S: {type: string}")
    document = bundle(
        answering(yaml.safe_dump({"$ref": reference}, default_flow_style=True, width=10**6)),
        here="S: {type: string}",
        round="A: {$ref: '#/B'}\nB: {$ref: '#/A'}",
    )
    (told,) = mended(document).told
    assert told.pointer.endswith("/schema/$ref")
    assert reference[:20] in told.message


def test_a_link_out_of_the_folder_is_not_followed(bundle: Read, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("{type: object, properties: {secret: {}}}")
    document = bundle(answering("{$ref: link.yaml}"))
    (tmp_path / "api/link.yaml").symlink_to(tmp_path / "secret.yaml")
    again = read_definition(tmp_path / "api/openapi.yaml")
    assert definition_data(again) == definition_data(document)


def test_a_file_that_does_not_parse_is_named(bundle: Read) -> None:
    with pytest.raises(BadInputError) as caught:
        bundle(answering("{$ref: broken.yaml}"), broken="a: [\n")
    assert str(caught.value.file).endswith("broken.yaml")


def test_what_holds_itself_where_it_stands_has_an_end(bundle: Read) -> None:
    item = GET + "{}}}, callbacks: {again: {'{$url}': {$ref: item.yaml}}}}"
    document = bundle("paths: {/call: {$ref: item.yaml}}", item=item)
    validate_definition(mended(document))
