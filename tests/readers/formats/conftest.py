"""Take the records of a declaration directly, without a file."""

import csv
import io

import pytest

from botscan.readers.tables.row_objects import rows_as_objects
from botscan.readers.words.headers import normalise


class Taken:
    """What a declaration makes of some values."""

    def __init__(self, columns, reasons, pages):
        self.columns, self.reasons, self.pages = columns, reasons, pages

    def __getitem__(self, column):
        return self.columns[column]


@pytest.fixture
def take():
    """(format, JSON objects, kind) -> columns of all records, their reject reasons, and the unpacked pages."""

    def taken(form, values, kind="accounts"):
        records_of = form.record_map(kind)
        pages = [(value, records_of.unpack(value)) for value in values]
        records, reasons = [], []
        for value, page in pages:
            found = [value] if page is None else list(page.records)
            records += found
            reasons += list(page.reasons) if page is not None and page.reasons else [None] * len(found)
        objects = [record if isinstance(record, dict) else {} for record in records]
        columns = {one.column: one.values(objects) for one in records_of.fields}
        return Taken(columns, reasons, [page for _, page in pages if page is not None])

    return taken


@pytest.fixture
def table():
    """Text of a table -> its header words, and its rows as objects."""

    def read(text, delimiter=","):
        headers, *rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        return [normalise(header) for header in headers], rows_as_objects(headers, rows)

    return read
