"""Export formats: one declaration a file, and the list of those that are read."""

from botscan.readers.formats.format import Field, Format, RecordMap, Unpacked
from botscan.readers.formats.generic import GENERIC
from botscan.readers.formats.twitter_v1 import TWITTER_V1
from botscan.readers.formats.twitter_v2 import TWITTER_V2

#: Every format that is read; the generic one, which has no signature, last.
FORMATS: tuple[Format, ...] = (TWITTER_V1, TWITTER_V2, GENERIC)
FORMAT: dict[str, Format] = {one.name: one for one in FORMATS}

__all__ = ["FORMAT", "FORMATS", "GENERIC", "Field", "Format", "RecordMap", "Unpacked"]
