"""All the codecs that are measured. Importing this takes the peers, which are not always there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from callrecords_cometchat.models import CallResponse
from callrecords_realtimekit.models import SessionListResponse

from benchmarks.codecs import (
    cattrs_classes,
    cloudflare_models,
    msgspec_structs,
    ours,
    pydantic_models,
    stock_models,
)
from benchmarks.contest import Aim, Contest, Entry
from benchmarks.documented import PAGE, ROOT, documented_call, page_of_sessions
from benchmarks.reading import reader

if TYPE_CHECKING:
    from pathlib import Path


def contests(folder: Path) -> tuple[Contest, ...]:
    """A small body and a large one; peers that are generated are put into a folder.

    Raises:
        FailedRunError: the stock generator fails.
    """
    return (_call(folder), _page(folder))


def _call(folder: Path) -> Contest:
    return Contest(
        subject="CometChat's documented call",
        body=documented_call().body,
        times=300,
        entries=_entries("cometchat", "get_call", CallResponse, folder),
        decoding_aims=(
            Aim(ours.CHECKED, msgspec_structs.NAME, 1.6),
            Aim(ours.CHECKED, pydantic_models.NAME, 0.35),
            Aim(ours.CHECKED, stock_models.NAME, 0.4),
            Aim(ours.UNCHECKED, stock_models.NAME, 0.3),
        ),
        encoding_aims=(Aim(ours.UNCHECKED, stock_models.NAME, 0.5),),
    )


def _page(folder: Path) -> Contest:
    theirs = Entry(cloudflare_models.page_codec(), reader(SessionListResponse, {"type_": "type"}))
    entries = _entries("realtimekit", "list_sessions", SessionListResponse, folder)
    return Contest(
        subject=f"A page of {PAGE} RealtimeKit sessions",
        body=page_of_sessions(),
        times=10,
        entries=(*entries, theirs),
        decoding_aims=(
            Aim(ours.CHECKED, cloudflare_models.NAME, 0.6),
            Aim(ours.CHECKED, msgspec_structs.NAME, 1.9),
            Aim(ours.CHECKED, pydantic_models.NAME, 0.55),
        ),
        encoding_aims=(Aim(ours.UNCHECKED, stock_models.NAME, 0.5),),
    )


def _entries(provider: str, operation: str, model: Any, folder: Path) -> tuple[Entry, ...]:  # noqa: ANN401 - a generated model's class
    package = f"callrecords_{provider}"
    definition = ROOT / "generated" / provider / package / "openapi.json"
    codecs = [
        ours.unchecked(model.from_dict),
        ours.checked(model.from_dict, package=package, operation=operation),
        ours.checked_at_first(model.from_dict, package=package, operation=operation),
        pydantic_models.codec(model),
        cattrs_classes.codec(model),
        msgspec_structs.codec(model),
        *stock_models.codecs(definition, model.__name__, folder / provider),
    ]
    read = reader(model)
    return tuple(Entry(codec, read) for codec in codecs)
