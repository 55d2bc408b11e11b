"""What a forked process does not share with the one that it comes from: connections and locks."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class _Renewed(Protocol):
    def after_fork(self) -> None: ...


_ALL = WeakSet[_Renewed]()


def renew_in_forks(each: _Renewed) -> None:
    """Call ``after_fork`` of it in every process that is forked from this one."""
    _ALL.add(each)


def _after_fork() -> None:
    for each in tuple(_ALL):
        each.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no forks
    os.register_at_fork(after_in_child=_after_fork)
