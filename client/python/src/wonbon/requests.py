"""Parts of requests that Client and AsyncClient share."""

from __future__ import annotations

import datetime
from typing import Any

from wonbon.documents import to_document
from wonbon.rpcs import Request
from wonbon.submission import Record
from wonbon.v1.submission_pb2 import CompareSide


def compare_side(side: str | Record, at: str, timezone: datetime.tzinfo | None) -> CompareSide:
    if isinstance(side, str):
        return CompareSide(document_id=side)
    return CompareSide(document=to_document(side, f"{at}.document", timezone))


def next_page(request: Request, response: Any) -> Request | None:
    """The request for the page behind the response; None behind the last page."""
    if not response.next_page_token:
        return None
    following = type(request)()
    following.CopyFrom(request)
    following.page_token = response.next_page_token  # type: ignore[attr-defined]
    return following
