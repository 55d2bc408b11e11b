"""The providers on loopback, for trying things and for tests.

    import callrecords
    from callrecords import sandbox

    with sandbox.run() as server:
        zudu = callrecords.Zudu(base_url=server.url("zudu"), api_key="any", api_secret="any")
        zudu.get_call("call-456")

        server.misbehave("zudu", "get_call", status=503, times=2)
        zudu.get_call("call-456")  # repeated twice, then answered
        assert len(server.requests) == 4

In tests the pytest fixture ``callrecords_sandbox`` is such a server, reset after each test.

The server plays what the installed packages carry in their ``openapi.json``: the patched
definitions with the documented payloads as examples.

- It checks what a definition demands: an unknown path is a 404, another method a 405, a missing
  or empty credential a 401, a parameter or a JSON body that does not fit its schema a 400 that
  names it. Error bodies have the shape the provider documents, or are ``{"message": ...}`` where
  none does.
- A request is answered with the documented payload of the id in its path; :meth:`Sandbox.ids`
  lists the ids, and any other is a 404, or a 400 where that is the only refusal of the kind that
  a provider documents. Where there are several payloads, that of the same query comes first and
  then the first by name, successes before errors; :meth:`Sandbox.answer` chooses another. Any
  account and any app will do, and any credential unless ``server.secret`` is set. After
  ``server.any_id = True`` another id is answered with a payload too, that has the id in the place
  of its own.
- Where no document shows a success of an operation, as in most packages that were added, the answer
  is invented: composed of the examples, defaults and bounds in its schema, and right by the checks
  that its client makes. It has the header ``x-callrecords-sandbox``, and the log
  ``callrecords.sandbox`` says so (INFO). Where nothing is found that fits, the answer is a 501 that
  says why.
- Where operations share an address, the header ``x-callrecords-operation`` names the one that is
  meant; else it is the one whose query or format the request asks for.
- ``list_sessions`` and ``list_participants`` of RealtimeKit page over all that is known: the
  documented ones and those of :meth:`Sandbox.add` and :meth:`Sandbox.add_sessions`. No document
  says whether the first page is 0 or 1 (discrepancy R-23), so both are; the page after is 2. A
  page holds 20 unless ``per_page`` says otherwise. ``associated_id``, ``status``, ``search``,
  ``sort_by`` and ``sort_order`` (ascending without it) are heeded, all other parameters are
  checked only.
- What is listed can be fetched: a session alone, its participants, each of them. A session that
  was given no participants has the documented ones.
- :meth:`Sandbox.add_file` keeps a file as a storage host does, of which parts can be asked for.
- The payload ``ended`` of ApifyCloud's ``get_call`` names the meeting of the documented sessions,
  so ``list_sessions(associated_id=...)`` leads from one to the other.

No library that serves examples was found to do this: connexion refuses OpenAPI 3.1, and none
pages, keeps ids consistent, or breaks a connection on demand. It needs ``callrecords[sandbox]``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callrecords.sandbox._control import Sandbox
    from callrecords.sandbox._definition import Example
    from callrecords.sandbox._received import ReceivedRequest
    from callrecords.sandbox._server import run, serve

__all__ = ["Example", "ReceivedRequest", "Sandbox", "run", "serve"]

_MODULES = {
    "Example": "_definition",
    "ReceivedRequest": "_received",
    "Sandbox": "_control",
    "run": "_server",
    "serve": "_server",
}
_EXTRA = ("jsonschema_rs", "starlette", "uvicorn")


def __getattr__(name: str) -> object:
    """Import what is public when it is first used: the pytest plugin must cost nothing."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = importlib.import_module(f"{__name__}.{_MODULES[name]}")
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRA:
            raise
        message = f"the sandbox needs {missing}: pip install 'callrecords[sandbox]'"
        raise ImportError(message, name=missing) from error
    value: object = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
