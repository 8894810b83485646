"""Logs: one JSON object a line on standard error, with the trace id, and without personal data."""

from __future__ import annotations

import errno
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, ClassVar, TextIO, cast

import msgspec
import structlog

from yanxiu_wire.tracing import trace_id

# The last defence only: code does not log national ids in the first place. 17 digits and a digit or X, standing alone.
_NATIONAL_ID = re.compile(r"(?<![0-9])([0-9]{6})[0-9]{8}([0-9]{3}[0-9Xx])(?![0-9A-Za-z])")
_MASK = "******************"
# Such an id has 17 digits in a row; whether a line has them is found out in a tenth of the time.
_DIGITS = bytes(ord("0") if byte in b"0123456789" else ord(" ") for byte in range(256))
_IN_A_ROW = b"0" * 17


_ABOUT: ContextVar[Mapping[str, str]] = ContextVar("yanxiu_about", default=MappingProxyType({}))


class _Told:
    """Whose log `told` writes, and from which level on."""

    service: str | None = None
    level = logging.INFO


class _Out:
    """A file to which lines of the log go; one that it does not take is lost, and counted, and nothing else is.

    Its disk may be full, or who reads it be gone: no answer and no command fails for that. Nothing is held back: what
    a buffer kept would come later, or fail once more when the process ends.
    """

    lost: ClassVar[int] = 0
    torn: ClassVar[bool] = False
    heard_by: ClassVar[list[Callable[[], None]]] = []

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write what ends a line; where lines before it were lost, say first how many."""
        try:
            if _Out.lost:
                self._put("\n" * _Out.torn + _lines_lost(_Out.lost))
                _Out.lost, _Out.torn = 0, False
            self._put(text)
        except OSError:
            _Out.lost += 1
            for hear in _Out.heard_by:
                hear()

    def _put(self, text: str) -> None:
        try:
            place = self._file.fileno()
        except (OSError, ValueError):
            # No file at all: whoever caught what is printed, as tests do, has it.
            self._file.write(text)
            return
        line = text.encode("utf-8", "backslashreplace")
        if (taken := os.write(place, line)) < len(line):
            _Out.torn = _Out.torn or taken > 0
            raise OSError(errno.ENOSPC, "a part of a line")

    def flush(self) -> None:
        """Nothing is held back."""


def _lines_lost(lines: int) -> str:
    at = datetime.now(UTC).isoformat()
    told = {"event": "log-lines-lost", "lines": lines, "level": "warning", "timestamp": at, "service": _Told.service}
    return msgspec.json.encode(told).decode() + "\n"


def hear_of_lost_lines(hear: Callable[[], None]) -> None:
    """Have `hear` called for each line that could not be written."""
    _Out.heard_by.append(hear)


def configure(service: str, *, level: int = logging.INFO) -> None:
    """Send this process's logs, the standard library's too, to standard error as JSON lines that name the service."""
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_about,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_service(service),
        add_trace,
        structlog.processors.format_exc_info,
        mask_national_ids,
    ]
    # A line and its end are one write: the cells of a service share its file.
    # The file of this moment: a cell sends what its pack prints nowhere afterwards, and goes on telling here.
    structlog.configure(
        processors=[*chain, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _Out(sys.stderr))),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(_Out(sys.stderr))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(level, logging.WARNING))
    _Told.service, _Told.level = service, level


def told(event: str, **facts: Any) -> None:
    """Write a line at level info, as `logger().info` does where `configure` was called, in a third of the time.

    For what is told of every request; what is bound to the context beside the trace is not in it.
    """
    if _Told.service is None:
        logger().info(event, **facts)
        return
    if _Told.level > logging.INFO:
        return
    at = datetime.now(UTC).replace(tzinfo=None).isoformat() + "Z"
    line = {**facts, "event": event, "level": "info", "timestamp": at, "service": _Told.service}
    written = msgspec.json.encode(add_trace(None, "", line))
    text = written.decode()
    if _IN_A_ROW in written.translate(_DIGITS):
        text = _NATIONAL_ID.sub(_MASK, text)
    _Out(sys.stderr).write(text + "\n")


def about(**facts: str) -> None:
    """Have every line of the current task, and of those that it begins, tell these facts; for a task's beginning."""
    _ABOUT.set(facts)


def logger() -> Any:
    """A logger: `log.info("what-happened", district=..., count=...)`."""
    return structlog.get_logger()


def add_trace(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the current trace id."""
    found = trace_id()
    if found is not None:
        event["trace_id"] = found
    return event


def _add_about(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, fact in _ABOUT.get().items():
        event.setdefault(name, fact)
    return event


def masked(value: Any) -> Any:
    """The same value without what looks like an 18-digit national id, wherever in it that stands."""
    return _masked(value)


def mask_national_ids(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace everything that looks like an 18-digit national id, wherever in the event it stands."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _NATIONAL_ID.sub(_MASK, value)
    if isinstance(value, dict):
        return {_masked(key): _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(inner) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    # Numbers and objects are written by their text; an id may hide in either.
    text = str(value)
    masked = _NATIONAL_ID.sub(_MASK, text)
    return value if masked == text and isinstance(value, int | float) else masked


def _add_service(service: str) -> Any:
    def add(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = service
        return event

    return add
