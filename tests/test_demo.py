"""What README's first line shows in its last step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import demo

if TYPE_CHECKING:
    import pytest


def test_the_demo_loses_nothing_and_ends_with_what_an_update_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert demo.main() == 0
    payloads, _, rest = capsys.readouterr().out.partition("One record of each provider")
    assert "payloads decoded, none of them with a loss." in payloads
    records, _, update = rest.partition("The day a definition changes")
    for provider in ("apifycloud", "cometchat", "realtimekit", "zudu"):
        assert provider in records
    assert "callrecords_zudu.models.Call.agent_id" in update
    assert "callrecords_zudu.models.Call.queue" in update
