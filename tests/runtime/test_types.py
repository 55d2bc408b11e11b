"""What models are made of: a body that is sent in parts."""

import io

from callrecords_runtime.types import File, parts_of


def test_an_object_is_sent_in_parts() -> None:
    file = File(io.BytesIO(b"\0"), "a.bin")
    data = {"note": "é", "files": [file.to_tuple()], "more": {"a": [1]}, "on": True, "no": None}
    assert parts_of({**data, "numbers": [1, 2.5], "rows": [["a"]]}) == [
        ("note", (None, "é".encode(), "text/plain")),
        ("files", file.to_tuple()),
        ("more", (None, b'{"a":[1]}', "application/json")),
        ("on", (None, b"true", "text/plain")),
        ("no", (None, b"null", "text/plain")),
        ("numbers", (None, b"1", "text/plain")),
        ("numbers", (None, b"2.5", "text/plain")),
        ("rows", (None, b'["a"]', "application/json")),
    ]
