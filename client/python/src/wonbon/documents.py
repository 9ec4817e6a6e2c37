"""Documents out of what Python programs have: dicts, rows of a table."""

from __future__ import annotations

import datetime
import json
import numbers
from collections.abc import Mapping
from typing import Any

from wonbon.errors import invalid
from wonbon.v1.document_pb2 import ContentType, Document

_TEXTS = ("title", "body", "publisher", "url", "byline", "section")
_CONTENT_TYPES = {
    "text": ContentType.CONTENT_TYPE_TEXT,
    "html": ContentType.CONTENT_TYPE_HTML,
}


def to_document(
    record: Mapping[str, Any] | Document, at: str, timezone: datetime.tzinfo | None
) -> Document:
    """The record as a message; a message is answered as it is.

    Known keys are the fields of Document; others become labels, as in `wonbon import`. What a table
    has in an empty cell (None, NaN, NaT, NA) is left out. published_at: a datetime, a date, or text
    in ISO 8601; `timezone` is for those that name no zone: None: they are refused.
    InvalidArgument: its field begins with `at`.
    """
    if isinstance(record, Document):
        return record
    if not isinstance(record, Mapping):
        raise invalid(at, f"must be a mapping or a Document, not {type(record).__name__}")
    document = Document()
    for key, value in record.items():
        if not isinstance(key, str):
            raise invalid(at, f"the key {key!r} must be text")
        if _is_missing(value):
            continue
        field = f"{at}.{key}"
        try:
            _set(document, key, value, field, timezone)
        except UnicodeEncodeError as error:
            raise invalid(field, f"character {error.start} is half of a surrogate pair") from None
    return document


def _is_missing(value: Any) -> bool:
    if value is None:
        return True
    if isinstance(value, (str, bytes, Mapping, list, tuple)):
        return False
    try:
        return bool(value != value)  # noqa: PLR0124  NaN and NaT differ from themselves
    except TypeError:  # nobody knows of NA whether it does
        return True
    except ValueError:  # an array
        return False


def _set(
    document: Document, key: str, value: Any, field: str, timezone: datetime.tzinfo | None
) -> None:
    if key in _TEXTS:
        setattr(document, key, _text(value, field))
    elif key == "id":
        # Archives number their articles.
        is_number = isinstance(value, numbers.Integral) and not isinstance(value, bool)
        document.id = str(value) if is_number else _text(value, field)
    elif key == "published_at":
        time = _time(value, field, timezone)
        try:
            document.published_at.FromDatetime(time)
        except (ValueError, OverflowError):
            raise invalid(field, "is outside of the years 1 to 9999 in UTC") from None
    elif key == "content_type":
        document.content_type = _content_type(value, field)
    elif key == "labels":
        if not isinstance(value, Mapping):
            raise invalid(field, f"must be a mapping, not {type(value).__name__}")
        for name, text in value.items():
            at = f"{field}[{name}]"
            _label(document, _text(name, at), _text(text, at), at)
    else:
        _label(document, key, _as_text(value), field)


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise invalid(field, f"must be text, not {type(value).__name__}")
    return value


def _as_text(value: Any) -> str:
    if isinstance(value, (bool, int, float, list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _label(document: Document, name: str, text: str, field: str) -> None:
    if name in document.labels:
        raise invalid(field, f"the label {name!r} is given twice")
    document.labels[name] = text


def _content_type(value: Any, field: str) -> ContentType:
    if isinstance(value, str) and value.lower() in _CONTENT_TYPES:
        return _CONTENT_TYPES[value.lower()]
    for kind in _CONTENT_TYPES.values():
        if value == kind:
            return kind
    raise invalid(field, f"must be text or html, not {value!r}")


def _time(value: Any, field: str, timezone: datetime.tzinfo | None) -> datetime.datetime:
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError:
            raise invalid(field, f"{value[:40]!r} is no time in ISO 8601") from None
    elif not isinstance(value, datetime.date):
        raise invalid(field, f"must be a datetime or text, not {type(value).__name__}")
    elif not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    if value.tzinfo is not None:
        return value  # type: ignore[no-any-return]
    if timezone is None:
        raise invalid(field, "names no time zone; Client(timezone=...) says which is meant")
    return value.replace(tzinfo=timezone)  # type: ignore[no-any-return]
