"""What reading an overlay gives, and what it says of a bad one."""

from pathlib import Path

import pytest

from codegen.files.errors import BadInputError, BadInputs
from codegen.files.values import ABSENT
from codegen.overlay import read_overlay

DATA = Path(__file__).parents[2] / "data" / "overlays"
BAD = sorted(file for file in (DATA / "bad").iterdir() if file.suffix != ".expected")


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.name)
def test_a_bad_overlay_is_refused_with_the_message_beside_it(file: Path) -> None:
    with pytest.raises((BadInputError, BadInputs)) as refusal:
        read_overlay(file)

    message = str(refusal.value).replace(str(file), file.name)
    assert message == Path(f"{file}.expected").read_text().rstrip("\n")


def test_what_is_wrong_with_an_overlay_is_of_one_kind() -> None:
    with pytest.raises(BadInputs) as refusal:
        read_overlay(DATA / "bad" / "several.yaml")
    assert {error.kind for error in refusal.value.problems} == {"overlay/unreadable"}


def test_every_expected_message_has_its_bad_overlay() -> None:
    expected = {file.stem for file in (DATA / "bad").glob("*.expected")}

    assert expected == {file.name for file in BAD}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"none\.yaml: No such file"):
        read_overlay(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", ["overlay.yaml", "overlay.json"])
class TestAGoodOverlay:
    def test_gives_its_version(self, name: str) -> None:
        assert read_overlay(DATA / "good" / name).version == "1.1.0"

    def test_gives_the_extensions_of_its_root_alone(self, name: str) -> None:
        overlay = read_overlay(DATA / "good" / name)

        assert overlay.extensions == {
            "x-discrepancies": {
                "T-1": {"disagreement": "The title is wrong", "decision": "It is corrected"}
            }
        }

    def test_gives_its_actions_in_order_with_their_pointers(self, name: str) -> None:
        actions = read_overlay(DATA / "good" / name).actions

        assert [(action.pointer, action.target) for action in actions] == [
            ("/actions/0", "$.info"),
            ("/actions/1", "$.info.description"),
            ("/actions/2", "$.paths['/rooms']"),
            ("/actions/3", "$.tags[?@.name == 'old']"),
        ]

    def test_tells_an_update_to_null_from_none(self, name: str) -> None:
        actions = read_overlay(DATA / "good" / name).actions

        assert [action.update for action in actions] == [{"title": "Calls"}, None, ABSENT, ABSENT]

    def test_gives_what_is_copied_and_what_is_removed(self, name: str) -> None:
        actions = read_overlay(DATA / "good" / name).actions

        assert [action.copy for action in actions] == [None, None, "$.paths['/calls']", None]
        assert [action.remove for action in actions] == [False, False, False, True]

    def test_gives_each_action_its_description_and_extensions(self, name: str) -> None:
        action, other, *_ = read_overlay(DATA / "good" / name).actions

        assert (action.description, other.description) == ("Correct the title.", "")
        assert (action.extensions, other.extensions) == ({"x-discrepancy": "T-1"}, {})


def test_a_table_of_names_needs_no_action(tmp_path: Path) -> None:
    file = tmp_path / "overlay.yaml"
    head = "overlay: 1.1.0\ninfo: {title: T, version: '1'}\n"
    file.write_text(head + "x-names: {Call: get_call 200}\n")
    overlay = read_overlay(file)
    assert (overlay.actions, overlay.extensions) == ((), {"x-names": {"Call": "get_call 200"}})

    file.write_text(head + "x-names: {Call: get_call 200}\nactions: []\n")
    with pytest.raises(BadInputError, match="expected at least one action"):
        read_overlay(file)
    file.write_text(head)
    with pytest.raises(BadInputError, match="actions is missing"):
        read_overlay(file)


def test_two_readings_of_an_action_are_two_actions() -> None:
    file = DATA / "good" / "overlay.yaml"
    action, again = read_overlay(file).actions[0], read_overlay(file).actions[0]

    assert len({action, again}) == 2


def test_an_error_about_an_action_names_its_file_line_and_pointer() -> None:
    file = DATA / "good" / "overlay.yaml"
    action = read_overlay(file).actions[3]

    assert str(action.error("wrong")) == f"{file}:19 at /actions/3: wrong"
    assert str(action.error("wrong", "remove")) == f"{file}:20 at /actions/3/remove: wrong"
