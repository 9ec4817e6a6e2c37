"""Mappings into documents: what a table has in its cells, and what is wrong with others."""

import datetime
import zoneinfo

import pytest
from wonbon import Document, InvalidArgument
from wonbon.documents import to_document

SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
NINE = 1744675200  # 2025-04-15T09:00:00+09:00


def document(record, timezone=None):
    return to_document(record, "document", timezone)


def test_fields_are_those_of_the_contract_and_other_keys_become_labels():
    made = document(
        {
            "id": 17,
            "title": "제목",
            "body": "본문",
            "publisher": "가람통신",
            "url": "https://a.example/1",
            "byline": "홍길동 기자",
            "section": "사회",
            "content_type": "HTML",
            "published_at": datetime.datetime(2025, 4, 15, 9, tzinfo=SEOUL),
            "labels": {"desk": "night"},
            "edition": 5,
            "tags": ["가", "나"],
            "paid": True,
        }
    )
    assert made.id == "17"
    assert made.content_type == 2
    assert made.published_at.seconds == NINE
    assert made.byline == "홍길동 기자"
    labels = {"desk": "night", "edition": "5", "tags": '["가", "나"]', "paid": "true"}
    assert dict(made.labels) == labels


def test_a_document_is_taken_as_it_is():
    given = Document(id="a")
    assert document(given) is given


class NotATime(datetime.datetime):
    """As pandas.NaT: a datetime that differs from itself."""

    def __ne__(self, other):
        return True


class NotAvailable:
    """As pandas.NA: nobody knows whether it differs from itself."""

    def __ne__(self, other):
        return self

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")


@pytest.mark.parametrize("empty", [None, float("nan"), NotATime(2025, 1, 1), NotAvailable()])
def test_empty_cells_are_left_out(empty):
    keys = ("title", "published_at", "content_type", "labels", "edition", "id")
    assert document(dict.fromkeys(keys, empty)) == Document()


@pytest.mark.parametrize(
    "time",
    [
        "2025-04-15T09:00:00+09:00",
        "2025-04-15T00:00:00Z",
        datetime.datetime(2025, 4, 15, tzinfo=datetime.UTC),
    ],
)
def test_times_with_a_zone_are_moments(time):
    assert document({"published_at": time}).published_at.seconds == NINE


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ("2025-04-15T09:00:00", NINE),
        (datetime.datetime(2025, 4, 15, 9), NINE),
        ("2025-04-15", NINE - 9 * 3600),
        (datetime.date(2025, 4, 15), NINE - 9 * 3600),
    ],
)
def test_times_without_a_zone_are_read_in_that_of_the_client_or_refused(time, seconds):
    assert document({"published_at": time}, SEOUL).published_at.seconds == seconds
    with pytest.raises(InvalidArgument, match=r"document\.published_at: names no time zone"):
        document({"published_at": time})


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ("text", "document"),
        ({1: "x"}, "document"),
        ({"title": 3}, "document.title"),
        ({"body": b"x"}, "document.body"),
        ({"id": 1.5}, "document.id"),
        ({"id": True}, "document.id"),
        ({"body": "가\ud800"}, "document.body"),
        ({"edition": "\udfff"}, "document.edition"),
        ({"content_type": "pdf"}, "document.content_type"),
        ({"published_at": 1744675200}, "document.published_at"),
        ({"published_at": "2025.04.15 09:00"}, "document.published_at"),
        ({"published_at": "0001-01-01T00:00:00+09:00"}, "document.published_at"),
        ({"labels": ["x"]}, "document.labels"),
        ({"labels": {"x": 1}}, "document.labels[x]"),
        ({"labels": {"x": "1"}, "x": "2"}, "document.x"),
    ],
)
def test_what_cannot_be_a_document_is_refused_by_its_field(record, field):
    with pytest.raises(InvalidArgument) as refused:
        document(record)
    assert refused.value.field == field
    assert refused.value.reason == "INVALID_FIELD"
    assert str(refused.value).startswith(f"INVALID_ARGUMENT: {field}: ")


def test_rows_of_a_pandas_table():
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    table = pandas.DataFrame(
        {
            "id": [1, 2],
            "title": ["제목", None],
            "body": ["본문", float("nan")],
            "published_at": pandas.to_datetime(["2025-04-15T09:00:00+09:00", None]),
            "edition": pandas.array([3, None], dtype="Int64"),
        }
    )
    first, second = map(document, table.to_dict("records"))
    assert (first.id, first.title, first.body) == ("1", "제목", "본문")
    assert first.published_at.seconds == NINE
    assert dict(first.labels) == {"edition": "3"}
    assert second == Document(id="2")
