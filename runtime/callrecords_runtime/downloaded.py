"""What blocking and awaited downloads have in common: all but taking in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from callrecords_runtime.call import SAVING
from callrecords_runtime.client import Client, operation_of, refuse_unknown

if TYPE_CHECKING:
    from os import PathLike

    from callrecords_runtime.downloading import Downloading
    from callrecords_runtime.downloads import DownloadOptions, OnProgress


class Downloads(Client):
    """The part of a client that knows what becomes a file."""

    def _downloading(
        self,
        source: object,
        path: str | PathLike[str],
        on_progress: OnProgress | None,
        options: DownloadOptions,
    ) -> Downloading:
        # Few clients download anything.
        from callrecords_runtime.downloading import downloading  # noqa: PLC0415
        from callrecords_runtime.downloads import DownloadOptions  # noqa: PLC0415

        own = ("source", "path", "on_progress")
        refuse_unknown("download", options, DownloadOptions, lambda: own)
        return downloading(
            source,
            Path(path),
            on_progress,
            options,
            self._options,
            self.provider,
            self._clock,
        )

    def _saving(self, name: str) -> Self:
        """This client, or within a download one that lets that have the file of an operation."""
        saver = SAVING.get(None)
        if saver is None:
            return self
        answers = operation_of(self.provider.package, name).successes.values()
        if all(each.kind != "bytes" for each in answers):
            return self
        return self._duplicate(_options=self._options.changed(saver.bounds), _saver=saver)
