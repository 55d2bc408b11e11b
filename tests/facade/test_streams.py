"""What a server sends piece by piece is given, or written, as it comes."""

from __future__ import annotations

import gc
import hashlib
import importlib
import io
import itertools
import json
import socket
import threading
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug import Request, Response

import callrecords
from callrecords import sandbox
from callrecords_runtime.errors import (
    AnswerTooLarge,
    BadRequest,
    ConfigurationError,
    ConnectionFailed,
    DecodeError,
    DriftError,
    EnvelopeError,
    NotFound,
    TimedOut,
)
from callrecords_runtime.exchange import CLOCK
from callrecords_runtime.types import File
from codegen.commands.add.addition import Wanted
from tests.runtime.added_packages import importable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_httpserver import HTTPServer

    from tests.facade.conftest import Clients, Wire

    Start = Callable[[Callable[[socket.socket], None]], Wire]

DEFINITION = Path(__file__).parents[1] / "data/served/streams.yaml"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module", autouse=True)
def _package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with importable(tmp_path_factory.mktemp("repository"), Wanted("chats", str(DEFINITION))):
        yield


@pytest.fixture
def chats(clients: Clients, wire: Start) -> Callable[..., Any]:
    """Makes a client of a server that sends what it is given, and hangs up."""

    def make(content: bytes = b"", **settings: Any) -> Any:
        def send(connection: socket.socket) -> None:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1024):  # what is left unread would break the connection
                pass

        return clients.client_for("chats", base_url=wire(send).url, **settings)

    return make


def sent(*events: bytes) -> bytes:
    return HEAD + b"\r\n" + b"".join(events)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def failure(clients: Clients, stream: Any) -> Any:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each test says which
        clients.take(stream)
    return caught.value


def test_the_sandbox_answers_event_by_event_where_that_is_asked_for(clients: Clients) -> None:
    with sandbox.run() as server:
        options = {"base_url": server.url("chats"), "on_drift": "raise"}
        made = clients.client_for("chats", **options)
        chunks = clients.take(clients.call(made, "create_chat_completion_stream", prompt="Hi"))
        assert [chunk.delta for chunk in chunks] == ["text"]
        assert clients.call(made, "create_chat_completion", prompt="Hi").id == "text"
        (event,) = clients.take(clients.call(made, "list_events"))
        assert event.to_dict()["type"] == "started"
        assert [line.id for line in clients.take(clients.call(made, "list_lines"))] == ["text"]
        assert clients.take(clients.call(made, "list_texts")) == ["text"]


def test_events_are_models_as_they_come(clients: Clients, wire: Start) -> None:
    wanted = threading.Event()

    def send(connection: socket.socket) -> None:
        connection.sendall(CHUNKED + chunk(b': hello\n\ndata: {"type": "started",\ndata: "at": '))
        connection.sendall(chunk(b'"2026-01-02T03:04:05Z"}\n\n'))
        assert wanted.wait(10)  # the first is there before the second is sent
        connection.sendall(chunk(b'data: {"type": "ended", "seconds": 5}\n\n') + b"0\r\n\r\n")

    client = clients.client_for("chats", base_url=wire(send).url)
    stream = client.list_events()
    assert (stream.response, repr(stream)[-27:]) == (None, "tream of chats list_events>")
    (started,) = clients.take(stream, 1)
    assert (type(started).__name__, started.at.year) == ("Started", 2026)
    wanted.set()
    (ended,) = clients.take(stream)
    assert (type(ended).__name__, ended.seconds) == ("Ended", 5)
    assert stream.response.status == 200


def test_events_have_what_the_server_says_of_them(clients: Clients, chats: Any) -> None:
    client = chats(sent(b'id: 7\nevent: chunk\nretry: 9\ndata: {"delta": "a"}\n\ndata: [DONE]\n\n'))
    (event,) = clients.take(client.create_chat_completion_stream(prompt="Hi").events())
    assert (event.data.delta, event.event, event.id, event.retry) == ("a", "chunk", "7", 9)


def test_texts_lines_and_data_in_a_described_event_are_read(clients: Clients, chats: Any) -> None:
    texts = chats(sent(b"data: [DONE]\n\ndata: 1\n\n")).list_texts()
    assert clients.take(texts) == ["[DONE]", "1"]
    lines = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + b'{"id": "a"}\n{"id": "b"}'
    )
    assert [one.id for one in clients.take(chats(lines).list_lines())] == ["a", "b"]
    described = chats(sent(b'event: one\ndata: {"id": "a"}\n\nevent: done\ndata: [DONE]\n\n'))
    assert [one.id for one in clients.take(described.list_enveloped_stream())] == ["a"]
    nothing = chats(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").list_texts()
    assert clients.take(nothing) == []


def test_the_request_says_which_answer_is_wanted(clients: Clients, chats: Any) -> None:
    requests: list[Any] = []
    client = chats(sent(), on_request=lambda attempt: requests.append(attempt.request))
    body: Any = {"prompt": "Hi"}
    model = importlib.import_module("callrecords_chats.models").CreateChatCompletionRequest
    for arguments in (body, {"body": model(**body)}, {"body": model(**body, stream=False)}):
        clients.take(client.create_chat_completion_stream(**arguments))
        request = requests.pop()
        assert json.loads(request.content) == {"prompt": "Hi", "stream": True}
        assert request.headers["accept"] == "text/event-stream"
        assert request.path == "/chat/completions"
    clients.take(client.list_enveloped_stream())
    query = requests.pop()
    assert (query.path, query.params) == ("/enveloped", {"stream": True})


def test_an_argument_that_cannot_be_sent_is_refused_at_once(clients: Clients, chats: Any) -> None:
    del clients
    with pytest.raises(ConfigurationError, match="needs prompt"):
        chats().create_chat_completion_stream()


@pytest.mark.parametrize("way", ["done", "closed", "abandoned", "failed"])
def test_the_connection_is_closed_with_the_stream(clients: Clients, wire: Start, way: str) -> None:
    closed = threading.Event()

    def send(connection: socket.socket) -> None:
        first = b"nonsense\n\n" if way == "failed" else b'{"delta": "a"}\n\n'
        last = b"data: [DONE]\n\n" if way == "done" else b""
        connection.sendall(CHUNKED + chunk(b"data: " + first + last))
        connection.settimeout(10)
        while connection.recv(1024):  # of the request, and then nothing
            pass
        closed.set()

    client = clients.client_for("chats", base_url=wire(send).url)
    stream = client.create_chat_completion_stream(prompt="Hi")
    match way:
        case "closed":
            clients.take(stream, 1)
            clients.done(stream.close())
            assert clients.take(stream) == []
        case "abandoned":
            clients.take(stream, 1)
            del stream
            gc.collect()
            clients.done(client.close() if clients.is_awaited else None)
        case "failed":
            assert isinstance(failure(clients, stream), DecodeError)
        case _:
            assert len(clients.take(stream)) == 1
    assert closed.wait(10)


@pytest.mark.parametrize(
    ("events", "kind", "message"),
    [
        (b'data: {"delta": "a"}\n\ndata: {"del\n\n', DecodeError, "event 2: expected JSON, got {"),
        (b'data: {"delta": "a"}\n\ndata: {"delta": "b', DecodeError, "event 2: expected JSON"),
        (b'event: error\ndata: {"message": "busy"}\n\n', EnvelopeError, "busy"),
        (b'data: {"error": {"message": "busy", "code": 7}}\n\n', EnvelopeError, "busy"),
        (b"data: " + b"x" * 2_000, AnswerTooLarge, "an event has more than the 1,000 bytes"),
    ],
)
def test_a_broken_event_is_an_error_with_its_place(
    clients: Clients, chats: Any, events: bytes, kind: type[Exception], message: str
) -> None:
    stream = chats(sent(events), max_bytes=1_000).create_chat_completion_stream(prompt="Hi")
    error = failure(clients, stream)
    assert type(error) is kind
    assert message in str(error)


def test_what_is_no_stream_is_not_read_as_an_empty_one(clients: Clients, chats: Any) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    error = failure(clients, chats(head + b'{"id": "a"}').list_events())
    assert type(error) is DecodeError
    assert 'expected text/event-stream, got application/json: {"id": "a"}' in str(error)
    refused = chats(b"HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\nno", max_retries=0)
    assert isinstance(failure(clients, refused.list_events()), BadRequest)


def test_an_event_that_is_none_that_is_known_is_told_and_left_out(
    clients: Clients, chats: Any
) -> None:
    events = sent(b'data: {"type": "ping"}\n\ndata: {"type": "ended", "new": 1}\n\n')
    drift: list[Any] = []
    (ended,) = clients.take(chats(events, on_drift=drift.append).list_events())
    assert ended.additional_properties == {"new": 1}
    assert [each.operation for each in drift] == ["list_events"] * len(drift)
    assert {each.path for each in drift} >= {"$.new"}
    assert len(drift) > 1
    assert isinstance(failure(clients, chats(events, on_drift="raise").list_events()), DriftError)


def test_a_stream_that_breaks_off_has_not_ended(clients: Clients, chats: Any) -> None:
    client = chats(CHUNKED + chunk(b'data: {"delta": "a"}\n\n') + b"ff\r\ndata:")
    stream = client.create_chat_completion_stream(prompt="Hi")
    assert [each.delta for each in clients.take(stream, 1)] == ["a"]
    assert type(failure(clients, stream)) is ConnectionFailed


def test_an_event_that_has_begun_ends_in_time_and_silence_is_as_long_as_the_timeout(
    clients: Clients, wire: Start
) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(CHUNKED + chunk(b"data: "))
        while True:
            connection.sendall(chunk(b"x"))
            threading.Event().wait(0.01)

    url = wire(drip).url
    stream = clients.client_for("chats", base_url=url, deadline=0.1).list_texts()
    assert type(failure(clients, stream)) is TimedOut

    def keep_silent(connection: socket.socket) -> None:
        connection.sendall(CHUNKED + chunk(b"data: 1\n\n"))
        connection.recv(1)

    url = wire(keep_silent).url
    stream = clients.client_for("chats", base_url=url, timeout=0.05).list_texts()
    assert clients.take(stream, 1) == ["1"]
    assert type(failure(clients, stream)) is TimedOut


def test_between_events_time_does_not_count(clients: Clients, chats: Any) -> None:
    now = itertools.count(CLOCK.monotonic(), 200)
    client = chats(sent(*(b"data: %d\n\n: ping\n\n" % number for number in range(9))))
    client._clock = CLOCK._replace(monotonic=lambda: float(next(now)))  # noqa: SLF001 - its seam
    stream = client.with_options(deadline=None).list_texts()
    assert len(clients.take(stream)) == 9


def test_a_stream_in_a_block_is_closed_at_its_end(clients: Clients, chats: Any) -> None:
    stream = chats(sent(b"data: 1\n\ndata: 2\n\n")).list_texts()
    if clients.is_awaited:

        async def first() -> Any:
            async with stream as events:
                return await anext(events)

        assert clients.done(first()) == "1"
    else:
        with stream as events:
            assert next(events) == "1"
    assert clients.take(stream) == []


def test_a_stream_that_was_stored_is_read_as_a_client_reads_its_own() -> None:
    body = b'data: {"type": "ended", "seconds": 5}\n\ndata: {"type": "ended"}\n\n'
    assert [each.seconds for each in callrecords.decode("chats", "list_events", body)] == [
        5,
        callrecords.UNSET,
    ]


@pytest.mark.parametrize("form", [0, 1])
def test_a_body_of_any_format_asks_for_the_stream(
    clients: Clients, httpserver: HTTPServer, form: int
) -> None:
    sent = list[bytes]()

    def answer(request: Request) -> Response:
        sent.append(request.get_data())
        return Response(b'data: {"delta": "a"}\n\n', content_type="text/event-stream")

    httpserver.expect_request("/speech").respond_with_handler(answer)
    client = clients.client_for("chats", base_url=httpserver.url_for("").rstrip("/"))
    operation: Any = importlib.import_module("callrecords_chats._operations.create_speech_stream")
    kinds = [each.type for each in operation.OPERATION.bodies]
    bodies = {"text": "Hi"}, {"voice": b"la"}
    body = kinds[form].from_dict(bodies[form])
    assert [each.delta for each in clients.take(client.create_speech_stream(body=body))] == ["a"]
    asked = (b'"stream":true', b'name="stream"\r\nContent-Type: text/plain\r\n\r\ntrue')
    assert asked[form] in sent[0]
    assert body.stream is callrecords.UNSET


# Files that operations answer with.


class Audio:
    """A server that answers with a file, and breaks off now and then."""

    def __init__(self, clients: Clients, server: HTTPServer) -> None:
        self.client = clients.client_for("chats", base_url=server.url_for("").rstrip("/"))
        self.answers = deque[Response]()
        server.expect_request("/audio").respond_with_handler(lambda _: self.answers.popleft())

    def will(self, content: bytes, status: int = 200, **headers: str) -> None:
        kind = {"Content-Type": "audio/mpeg" if status == 200 else "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append(Response([content], status, kind | named))


@pytest.fixture
def audio(clients: Clients, httpserver: HTTPServer) -> Audio:
    return Audio(clients, httpserver)


def test_a_file_that_an_operation_answers_with_is_written_as_it_comes(
    clients: Clients, audio: Audio, tmp_path: Path
) -> None:
    target, content = tmp_path / "one.mp3", bytes(range(256)) * 2_000
    told: list[tuple[int, int | None]] = []
    audio.will(content[:1_000], Content_Length="512000")  # breaks off
    audio.will(content, Content_Length="512000")
    got = clients.call(
        audio.client,
        "download",
        audio.client.get_audio,
        target,
        on_progress=lambda *far: told.append(far),
    )
    assert (target.read_bytes(), got.size) == (content, len(content))
    assert got.sha256 == hashlib.sha256(content).hexdigest()
    assert [*tmp_path.iterdir()] == [target]
    assert (told[:3], told[-1]) == ([(0, 512_000), (1_000, 512_000), (0, 512_000)], (512_000,) * 2)
    assert len(told) > 5


def test_what_an_operation_answers_instead_of_a_file_is_read_as_usual(
    clients: Clients, audio: Audio, tmp_path: Path
) -> None:
    target = tmp_path / "one.mp3"
    audio.will(b'{"id": "7"}', 202)
    error = clients.failure(audio.client, "download", audio.client.get_audio, target)
    assert str(error) == "a Completion has no address of a file"
    audio.will(b'{"message": "No."}', 404)
    error = clients.failure(audio.client, "download", audio.client.get_audio, target)
    assert str(error) == "chats get_audio: 404: No."
    audio.will(b"x" * 1_001)
    error = clients.failure(
        audio.client, "download", audio.client.get_audio, target, max_bytes=1_000
    )
    assert type(error) is AnswerTooLarge
    assert [*tmp_path.iterdir()] == []


def test_a_function_may_look_into_the_file_or_give_another(
    clients: Clients, audio: Audio, tmp_path: Path
) -> None:
    target, seen = tmp_path / "one.mp3", list[bytes]()

    def other(file: File) -> File:
        seen.append(file.payload.read())
        return File(io.BytesIO(b"other")) if len(seen) > 1 else file

    async def awaited() -> File:
        return other(await audio.client.get_audio())

    ask = awaited if clients.is_awaited else lambda: other(audio.client.get_audio())
    for content in (b"one", b"other"):
        audio.will(b"one")
        clients.call(audio.client, "download", ask, target)
        assert target.read_bytes() == content
    assert seen == [b"one"] * 2


@pytest.mark.parametrize(("wanted", "content"), [(0, b"first"), (1, b"second")])
def test_of_two_files_the_one_that_a_function_gives_is_written(
    clients: Clients, audio: Audio, tmp_path: Path, wanted: int, content: bytes
) -> None:
    async def awaited() -> Any:
        return [await audio.client.get_audio() for _ in range(2)][wanted]

    def blocking() -> Any:
        return [audio.client.get_audio() for _ in range(2)][wanted]

    audio.will(b"first")
    audio.will(b"second")
    ask = awaited if clients.is_awaited else blocking
    clients.call(audio.client, "download", ask, tmp_path / "one.mp3")
    assert (tmp_path / "one.mp3").read_bytes() == content


def test_a_file_without_anything_in_it_replaces_none(
    clients: Clients, audio: Audio, tmp_path: Path
) -> None:
    target = tmp_path / "one.mp3"
    target.write_bytes(b"before")
    audio.will(b"")
    error = clients.failure(audio.client, "download", audio.client.get_audio, target)
    assert (type(error), str(error)) == (NotFound, "chats get_audio: 200: the file is empty")
    empty = clients.failure(audio.client, "download", lambda: File(io.BytesIO()), target)
    assert str(empty) == "the file to download is empty"
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"before"]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError])
def test_what_progress_raises_ends_an_operation_that_answers_with_a_file(
    clients: Clients, audio: Audio, tmp_path: Path, kind: type[BaseException]
) -> None:
    def stop(done: int, _: int | None) -> None:
        if done:
            raise kind("enough")

    audio.will(b"one")
    with pytest.raises(kind, match="enough"):
        clients.call(
            audio.client, "download", audio.client.get_audio, tmp_path / "x", on_progress=stop
        )
    assert [*tmp_path.iterdir()] == []
