"""Made-up sources: bytes in memory in the place of files."""

import io

import pytest

from botscan.readers import Source, read_accounts


@pytest.fixture
def source_of():
    """A function from bytes to a Source."""

    def make(data, name="made.txt"):
        return Source(name, spool=io.BytesIO(data))

    return make


@pytest.fixture
def read(source_of):
    """A function from bytes to an AccountTable; the platform is twitter unless the test says otherwise."""

    def make(data, **options):
        return read_accounts(source_of(data), **{"platform": "twitter", **options})

    return make


@pytest.fixture
def warned():
    """A function from an AccountTable to {(code, column): count} of its warnings."""

    def make(accounts):
        return {(note.code, note.column): note.count for note in accounts.report.warnings}

    return make
