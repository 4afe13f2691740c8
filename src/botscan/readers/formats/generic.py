"""Tables and JSON with canonical headers or their synonyms in English and Indonesian."""

from __future__ import annotations

from botscan.readers.formats.format import Format, RecordMap

GENERIC = Format(
    name="generic",
    title="CSV, TSV, JSON, JSON Lines or Parquet with headers such as handle and followers_count",
    accounts=RecordMap(),
)
