"""Catches what a process would log, as it would log it."""

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from chassis import logs


@contextmanager
def logged(form: str = "json") -> Iterator[io.StringIO]:
    """Where everything goes that is logged meanwhile."""
    written, root = io.StringIO(), logging.getLogger()
    before = root.handlers, root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        logs.configure("events", form)
        yield written
    root.handlers, root.level = before
    structlog.reset_defaults()
