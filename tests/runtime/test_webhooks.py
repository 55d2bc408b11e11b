"""Events as they come: verified, told apart, typed, and with drift as an answer has it."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import json
import os
import sys
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from callrecords_apifycloud import webhooks as apifycloud
from callrecords_cometchat import models
from callrecords_cometchat import webhooks as cometchat
from callrecords_realtimekit import webhooks as realtimekit
from callrecords_zudu import webhooks as zudu
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from callrecords_runtime import public_keys
from callrecords_runtime.drift import DriftKind
from callrecords_runtime.errors import (
    ConfigurationError,
    ConnectionFailed,
    EventDecodeError,
    KeyUnavailable,
    VerificationError,
)
from callrecords_runtime.messages import Request
from callrecords_runtime.public_keys import PublicKeys
from callrecords_runtime.webhooks import UnknownEvent

if TYPE_CHECKING:
    from types import FrameType

    from pytest_httpserver import HTTPServer

    from callrecords_runtime.drift import Drift

# Made for these tests; no provider has ever used it.
SECRET = "test-data-secret-not-real"
BOOKED = (
    b'{"event":"scheduled.created","deliveredAt":"2026-05-01T15:00:00.000Z","attempt":1,'
    b'"payload":{"scheduled_call":{"id":"33333333-3333-4333-8333-333333333333",'
    b'"status":"scheduled","scheduled_at":"2026-05-02T15:00:00.000Z"}}}'
)
FIRST = "0735b37b0393769045fd3a2f7a76c763431aa7025ee495680ccfcee6455c1168"
SECOND = "6443a3b767bc4b107911a7338e028b4b7295aa743716506c42a93c3a0e5a523d"
WITH_TIME = "d013345cbdf4a8809eba7a760512b360df9a897abf6800cc988543b7c8aa7348"

PEM = """\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArggbbJc1u2YZ/VwtqFe4
P6ZJukXIKY9fK78uJpw3+Tv0PjQmTcjLUZUPicgus7msO2Dj9R4RIgi6YdaIy9+t
E4XLlS62enfvGJIeoXcGpcFKmo0XSzo0m4sQdaXfpHrqNMofXezH+7OZ1G2dgsEM
yKMjZBlkirguM9kPkVy2rayIUTz41/++yGSTdsXncg2nidqtMwyOZcN91uot/ik0
GFs97LAcuSauLWdn08Qq836em6tWpNGAJPzifNVL8jsYmfiLAvLoSuIlJSCm7Qes
OmPFJ17hE7Rz66o+waRQY+xcqmPWQTzUcvQhmOB8ePV2maHAyzmhoioAiEAl6hbC
iwIDAQAB
-----END PUBLIC KEY-----
"""
ENDED = (
    '{"event":"meeting.ended", "meeting":{"id":"11111111-1111-4111-8111-111111111111",'
    '"sessionId":"22222222-2222-4222-8222-222222222222","title":"Réunion","status":"LIVE"},'
    '"reason":"ALL_PARTICIPANTS_LEFT"}'
).encode()
SIGNATURE = (
    "VUWNQIUkziyh4JxC9I8USjRuVk+nHL2DK0Xr12YebeABkrDkevbUzVXg62r8ws03TgwxBKpF1yMWtSJUxjcJXFNudJ1iyb"
    "vpBkUCPk+L2sTa/Gw+FgAVZbZgvwAbD+X4vSUM1/olHilzVGEhN+PDuubzb19rj5KHrU1bs0ZYdhRYH3RZRCGY7NzVp+VG"
    "paixhEBXp85lQCwZVjOoN28ikbrabNO0C6sBsC0TO+U6jjEiXX07SGVqgCV9MJysCKr59LQcklSyBwVv3FUCDKMOAz8Hqj"
    "LEd0inE0YCGb74S+VmGlz8zjAB4BMKiC5K8GMHrzCIQBZEVjILHcraAnVRtw=="
)
BASIC = "Basic aG9va3VzZXIwMTpob29rcGFzczAy"
CALLED = json.dumps(
    {"trigger": "call_ended", "data": {"sessionId": "v1.us.1", "created_at": 1, "destroyed_at": 2}}
).encode()


def booked(body: bytes = BOOKED, signature: str = f"sha256={FIRST}", **options: Any) -> Any:
    headers = {"X-ApifyCloud-Signature": signature}
    told: Any = {"secret": SECRET, **options}
    return apifycloud.receive(headers, body, **told)


class Published:
    """What publishes a key, at a time that a test tells."""

    def __init__(self) -> None:
        self.key: object = PEM
        self.now = 1000.0
        self.asked = 0

    def __call__(self, url: str) -> Any:
        assert url == "https://api.realtime.cloudflare.com/.well-known/webhooks.json"
        self.asked += 1
        if isinstance(self.key, Exception):
            raise self.key
        return {"success": True, "data": {"publicKey": self.key}, "message": ""}


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Published:
    made = Published()
    keys = PublicKeys(made, lambda: made.now)
    monkeypatch.setattr("callrecords_runtime.signatures.KEYS", keys)
    return made


@pytest.fixture(scope="module")
def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem_of(key: rsa.RSAPrivateKey) -> str:
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, public).decode()


def signed(key: rsa.RSAPrivateKey, body: bytes) -> str:
    signature = key.sign(body, padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature).decode()


def ended(body: bytes = ENDED, signature: str = SIGNATURE, **headers: str) -> Any:
    return realtimekit.receive({"rtk-signature": signature, "rtk-uuid": "u-1", **headers}, body)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if "_WEBHOOK_" in name]:
        monkeypatch.delenv(name)


# What is signed with a shared secret.


def test_an_event_that_is_signed_with_the_secret_is_verified() -> None:
    event = booked()
    assert event.event == "scheduled.created"
    assert event.verification == "verified"
    assert event.data.attempt == 1
    assert event.about == "33333333-3333-4333-8333-333333333333"
    assert event.drift == ()


def test_another_attempt_has_another_signature_and_the_same_id() -> None:
    again = booked(BOOKED.replace(b'"attempt":1', b'"attempt":2'), f"sha256={SECOND}")
    assert again.id == booked().id


def test_one_of_several_secrets_will_do() -> None:
    assert booked(secret=["another", SECRET]).verification == "verified"


def test_a_secret_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APIFYCLOUD_WEBHOOK_SECRET", SECRET)
    assert booked(secret=None).verification == "verified"


@pytest.mark.parametrize("secret", [None, "", []])
def test_without_a_secret_nothing_is_received(secret: Any) -> None:
    with pytest.raises(ConfigurationError, match="secret=…, or set APIFYCLOUD_WEBHOOK_SECRET"):
        booked(secret=secret)


@pytest.mark.parametrize(
    "signature",
    ["", FIRST, f"sha256={WITH_TIME}", f"sha256={SECOND}", f"sha256={FIRST[:-1]}", "sha256=",
     f"sha256={FIRST} ", f"sha256={'g' * 64}", f"sha256={FIRST}, sha256={FIRST}", "sha256=é" * 9],
)  # fmt: skip
def test_another_signature_is_refused(signature: str) -> None:
    with pytest.raises(VerificationError) as caught:
        booked(signature=signature)
    assert caught.value.status == 401
    assert SECRET not in str(caught.value)


def test_the_case_of_the_digits_does_not_matter() -> None:
    assert booked(signature=f"sha256={FIRST.upper()}").verification == "verified"


@pytest.mark.parametrize(
    ("age", "is_recent"), [(0, True), (299, True), (302, False), (-299, True), (-302, False)]
)
def test_what_was_signed_too_long_ago_is_refused_by_who_asks_for_it(
    age: int, *, is_recent: bool
) -> None:
    then = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=age)
    body = json.dumps({"event": "scheduled.created", "deliveredAt": then.isoformat()}).encode()
    signature = f"sha256={hmac.new(SECRET.encode(), body, 'sha256').hexdigest()}"
    assert booked(body, signature).verification == "verified"
    refusal = pytest.raises(VerificationError, match="not signed within the last 300 seconds")
    with contextlib.nullcontext() if is_recent else refusal:
        booked(body, signature, max_age=300)


@pytest.mark.parametrize("time", ["", "yesterday", 5, None])
def test_what_does_not_say_when_it_was_signed_is_refused_by_who_asks_for_it(time: object) -> None:
    body = json.dumps({"event": "scheduled.created", "deliveredAt": time}).encode()
    signature = f"sha256={hmac.new(SECRET.encode(), body, 'sha256').hexdigest()}"
    with pytest.raises(VerificationError):
        booked(body, signature, max_age=300)


def test_a_traceback_with_variables_shows_no_secret() -> None:
    with pytest.raises(VerificationError) as caught:
        apifycloud.receive({"X-ApifyCloud-Signature": "sha256="}, BOOKED, secret=SECRET)
    frames: list[FrameType] = []
    traceback = caught.value.__traceback__
    while traceback is not None:
        frames.append(traceback.tb_frame)
        traceback = traceback.tb_next
    shown = [repr(frame.f_locals) for frame in frames if "callrecords" in frame.f_code.co_filename]
    assert shown
    assert not [one for one in shown if SECRET in one]


# What is signed with a key that is published.


def test_an_event_that_is_signed_with_the_published_key_is_verified(published: Published) -> None:
    event = ended()
    assert (event.event, event.verification) == ("meeting.ended", "verified")
    assert event.about == "22222222-2222-4222-8222-222222222222"
    assert event.id == "u-1"
    assert event.data.meeting.title == "Réunion"
    assert published.asked == 1


def test_a_key_with_written_line_ends_is_the_same(published: Published) -> None:
    published.key = PEM.replace("\n", "\\n")
    assert ended().verification == "verified"


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (ENDED.replace(b", ", b","), SIGNATURE),
        (ENDED + b"\n", SIGNATURE),
        (ENDED, f"W{SIGNATURE[1:]}"),
        (ENDED, ""),
        (ENDED, "no base64!"),
        (ENDED, SIGNATURE[:-4]),
    ],
)
def test_other_bytes_and_other_signatures_are_refused(
    published: Published, body: bytes, signature: str
) -> None:
    with pytest.raises(VerificationError):
        ended(body, signature)
    assert published.asked <= 1


@pytest.mark.parametrize(
    ("way", "digest"),
    [
        (padding.PKCS1v15(), hashes.SHA1()),  # noqa: S303 - which is refused
        (padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()),
    ],
)
def test_other_ways_to_sign_are_refused(
    published: Published, other_key: rsa.RSAPrivateKey, way: Any, digest: Any
) -> None:
    published.key = pem_of(other_key)
    with pytest.raises(VerificationError):
        ended(signature=base64.b64encode(other_key.sign(ENDED, way, digest)).decode())


def test_a_key_is_fetched_once_for_many_events(published: Published) -> None:
    for _ in range(5):
        ended()
    assert published.asked == 1


def test_a_new_key_is_fetched_when_a_signature_does_not_fit_the_old_one(
    published: Published, other_key: rsa.RSAPrivateKey
) -> None:
    ended()
    published.key = pem_of(other_key)
    published.now += 10
    assert ended(signature=signed(other_key, ENDED)).verification == "verified"
    with pytest.raises(VerificationError):
        ended()
    assert published.asked == 2


def test_wrong_signatures_have_the_key_fetched_every_ten_seconds_at_most(
    published: Published, other_key: rsa.RSAPrivateKey
) -> None:
    wrong = signed(other_key, ENDED)
    for _ in range(100):
        with pytest.raises(VerificationError):
            ended(signature=wrong)
        published.now += 1
    assert published.asked == 10


def test_a_key_that_was_withdrawn_is_not_trusted_for_longer_than_an_hour(
    published: Published, other_key: rsa.RSAPrivateKey
) -> None:
    ended()
    published.key = pem_of(other_key)
    published.now += 3600
    with pytest.raises(VerificationError):
        ended()


OFFLINE = ConnectionFailed(
    "no way there",
    provider="webhooks",
    operation="",
    request=Request(method="GET", path="/", template="/"),
)


@pytest.mark.parametrize("key", [OFFLINE, "no key", None, 5])
def test_without_a_key_nobody_can_tell(published: Published, key: object) -> None:
    published.key = key
    with pytest.raises(KeyUnavailable) as caught:
        ended()
    assert caught.value.status == 503
    with pytest.raises(KeyUnavailable, match="a moment ago"):
        ended()
    published.key = PEM
    published.now += 10
    assert ended().verification == "verified"


def test_an_old_key_stays_of_use_while_nobody_answers(published: Published) -> None:
    ended()
    published.key = OFFLINE
    published.now += 5000
    assert ended().verification == "verified"


def test_who_has_a_key_does_not_wait_for_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    published = Published()
    others: list[Any] = []

    def slow(url: str) -> Any:
        first = published(url)
        if published.asked == 1:
            return first
        other = Thread(target=lambda: others.append(ended()), daemon=True)
        other.start()
        other.join(timeout=5)
        published.now += 15
        raise OFFLINE

    keys = PublicKeys(slow, lambda: published.now)
    monkeypatch.setattr("callrecords_runtime.signatures.KEYS", keys)
    ended()
    published.now += 5000
    ended()
    assert [other.verification for other in others] == ["verified"]
    ended()  # which does not ask again at once, however long it took
    assert len(others) == 1


def test_without_cryptography_it_is_said_what_to_install(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    del published
    for name in [name for name in sys.modules if name.startswith("cryptography")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigurationError, match=r"pip install 'callrecords-runtime\[webhooks\]'"):
        ended()


def test_only_a_safe_address_is_asked_for_a_key() -> None:
    with pytest.raises(ConfigurationError, match="https"):
        realtimekit.receive(
            {"rtk-signature": SIGNATURE}, ENDED, key_url="http://key.example/webhooks.json"
        )


def test_a_key_is_fetched_from_the_whole_of_its_address(httpserver: HTTPServer) -> None:
    answer: Any = {"data": {"publicKey": PEM}}
    httpserver.expect_request("/keys", query_string="of=all&version=2").respond_with_json(answer)
    assert public_keys.fetched(httpserver.url_for("/keys?of=all&version=2")) == answer


def test_keys_of_a_process_go_on_in_its_forks() -> None:
    lock = public_keys.KEYS._lock  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    public_keys.KEYS.after_fork()
    assert public_keys.KEYS._lock is not lock  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


# What is not signed.


def test_a_name_and_a_password_make_an_event_basic_and_never_verified() -> None:
    told: Any = {"username": "hookuser01", "password": "hookpass02"}
    event = cometchat.receive({"authorization": BASIC}, CALLED, **told)
    assert event.verification == "basic"
    assert cometchat.receive({"authorization": BASIC}, CALLED).verification == "unverified"
    assert (
        cometchat.receive({"Authorization": BASIC.lower()[:6] + BASIC[6:]}, CALLED, **told)
        .verification == "basic"
    )  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": ""}, {"authorization": f"Bearer {BASIC[6:]}"},
     {"authorization": "Basic aG9va3VzZXIwMTpob29r"}, {"authorization": "Basic é"}],
)  # fmt: skip
def test_another_name_or_password_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(VerificationError):
        cometchat.receive(headers, CALLED, username="hookuser01", password="hookpass02")


def test_a_name_without_a_password_is_a_mistake() -> None:
    with pytest.raises(ConfigurationError, match="go together"):
        cometchat.receive({}, CALLED, username="hookuser01")


def test_an_event_of_which_nothing_is_documented_comes_as_it_is() -> None:
    event = zudu.receive({}, b'{"call": [1, {"any": null}]}')
    assert (event.event, event.verification, event.about) == ("post_call", "unverified", None)
    assert event.data == {"call": [1, {"any": None}]}
    assert event.drift == ()


# What an event is.


def test_the_data_of_an_event_is_a_model() -> None:
    event = cometchat.receive({}, CALLED)
    assert event.event == "call_ended"
    assert isinstance(event.data, models.CallEndedEvent)
    assert event.data.data
    assert event.data.data.destroyed_at == 2
    assert event.about == "v1.us.1"


def test_an_event_without_what_tells_it_apart_is_told_apart_by_its_bytes() -> None:
    assert cometchat.receive({}, CALLED).id == f"sha256:{hashlib.sha256(CALLED).hexdigest()}"


def test_an_id_is_of_what_the_provider_says_tells_events_apart() -> None:
    body = json.dumps({**json.loads(CALLED), "webhook": "my/hook"}).encode()
    assert cometchat.receive({}, body).id == "my%2Fhook/call_ended/v1.us.1/1/2"


def test_an_unknown_event_is_kept_and_told() -> None:
    told: list[Drift] = []
    body = b'{"trigger": "call_muted", "data": {}}'
    event = cometchat.receive({}, body, on_drift=told.append)
    assert isinstance(event, UnknownEvent)
    assert event.event == "call_muted"
    assert event.data == {"trigger": "call_muted", "data": {}}
    assert event.id.startswith("sha256:")
    assert [(one.path, one.kind, one.actual) for one in told] == [
        ("$.trigger", DriftKind.UNKNOWN_MEMBER, "call_muted")
    ]


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'{"trigger": 5.5}', b'"call_ended"'])
def test_an_event_without_a_name_is_kept_and_told(body: bytes) -> None:
    event = cometchat.receive({}, body, on_drift="ignore")
    assert isinstance(event, UnknownEvent)
    assert event.data == json.loads(body)
    assert [one.kind for one in event.drift] == [DriftKind.MISSING]


def test_what_does_not_fit_is_set_aside_and_told() -> None:
    told: list[Drift] = []
    body = json.dumps({"trigger": "call_ended", "data": {"created_at": "soon"}, "new": 1}).encode()
    event = cometchat.receive({}, body, on_drift=told.append)
    assert isinstance(event.data, models.CallEndedEvent)
    assert event.data.to_dict() == json.loads(body)
    assert {one.path for one in told} == {"$.data.created_at", "$.new"}
    assert {one.operation for one in told} == {"call_ended"}
    assert tuple(told) == event.drift


def test_drift_may_be_an_error() -> None:
    body = json.dumps({"trigger": "call_ended", "new": 1}).encode()
    with pytest.raises(EventDecodeError) as caught:
        cometchat.receive({}, body, on_drift="raise")
    assert [one.path for one in caught.value.problems] == ["$.new"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_an_error(body: bytes) -> None:
    with pytest.raises(EventDecodeError) as caught:
        cometchat.receive({}, body)
    assert caught.value.status == 400


def test_a_body_of_too_many_values_is_an_error() -> None:
    with pytest.raises(EventDecodeError, match="values"):
        cometchat.receive({}, b"[" + b"0," * 2_000_000 + b"0]")


@pytest.mark.parametrize("body", [CALLED.decode(), json.loads(CALLED), None])
def test_only_the_bytes_of_a_body_are_taken(body: Any) -> None:
    with pytest.raises(ConfigurationError, match="body must be the bytes of the request"):
        cometchat.receive({}, body)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-APIFYCLOUD-SIGNATURE": f"sha256={FIRST}"},
        [("x-apifycloud-signature", f"sha256={FIRST}")],
        [(b"x-apifycloud-signature", f"sha256={FIRST}".encode())],
    ],
)
def test_headers_are_taken_as_frameworks_have_them(headers: Any) -> None:
    assert apifycloud.receive(headers, BOOKED, secret=SECRET).verification == "verified"


@pytest.mark.parametrize("value", [["a", "b"], ("a", "b"), [b"a", "b"]])
def test_values_of_a_header_may_stand_in_a_list(published: Published, value: Any) -> None:
    del published
    assert ended(**{"rtk-uuid": value}).id == "a%2C%20b"


@pytest.mark.parametrize(
    "headers", [None, 5, ["ab", 5], [("a",)], {"a": None}, {5: "a"}, {"a": [5]}, {"a": {"b": "c"}}]
)
def test_what_are_no_headers_is_a_mistake(headers: Any) -> None:
    with pytest.raises(ConfigurationError, match="headers must be those of the request"):
        zudu.receive(headers, b"{}")


@pytest.mark.parametrize("secret", [5, b"bytes", ["a", 5]])
def test_what_is_no_secret_is_a_mistake_and_not_shown(secret: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^secret must be a text, or a list of texts$"):
        booked(secret=secret)


def test_half_of_a_surrogate_pair_is_as_good_as_any_other_text() -> None:
    body = b'{"trigger":"call_started","webhook":"w","data":{"sessionId":"\\ud800","created_at":1}}'
    event = cometchat.receive({}, body)
    assert event.id == "w/call_started/%ED%A0%80/1"
    with pytest.raises(VerificationError):
        cometchat.receive({"authorization": "Basic \udc80"}, body, username="u", password="p")


async def receive_awaited() -> Any:
    return await apifycloud.async_receive(
        {"x-apifycloud-signature": f"sha256={FIRST}"}, BOOKED, secret=SECRET
    )


def test_an_event_can_be_awaited() -> None:
    import anyio  # noqa: PLC0415

    assert anyio.run(receive_awaited).id == booked().id
