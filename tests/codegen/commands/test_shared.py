"""What all commands share."""

from __future__ import annotations

import contextlib
import gc

from codegen.commands.shared import rare_garbage_collection


def test_garbage_is_collected_as_before_when_a_command_has_ended_or_failed() -> None:
    before = gc.get_threshold()
    with contextlib.suppress(SystemExit), rare_garbage_collection():
        assert gc.isenabled()
        assert gc.get_threshold() > before
        raise SystemExit(1)
    assert gc.get_threshold() == before
