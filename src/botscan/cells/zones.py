"""Time zones: offsets, the few names that dates carry, and the zone a person types."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from botscan.errors import SchemaError

#: Zone names read inside dates, in lower case, in minutes east of UTC. Others are not guessed: IST is three zones.
ZONE_MINUTES: dict[str, int] = {"z": 0, "utc": 0, "gmt": 0, "wib": 7 * 60, "wita": 8 * 60, "wit": 9 * 60}

#: Largest offset of any zone on Earth.
MOST_MINUTES = 14 * 60

_OFFSET = re.compile(r"(?:(?:utc|gmt) ?)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?")


def read_offset(text: str) -> int | None:
    """Read a zone as minutes east of UTC, None where it is none or beyond 14 hours.

    Examples
    --------
    >>> read_offset("+07:00"), read_offset("WIB"), read_offset("-0330"), read_offset("+15:00"), read_offset("EST")
    (420, 420, -210, None, None)
    """
    text = text.lower()
    if text in ZONE_MINUTES:
        return ZONE_MINUTES[text]
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > MOST_MINUTES or int(found[3] or 0) > 59:
        return None
    return -minutes if found[1] == "-" else minutes


def zone_named(name: str) -> tzinfo:
    """Return the zone that a person typed: an offset, WIB, WITA, WIT, UTC, GMT or a name such as Asia/Jakarta.

    Raises
    ------
    SchemaError
        The name is no zone.

    Examples
    --------
    >>> zone_named("WIB").utcoffset(None)
    datetime.timedelta(seconds=25200)
    """
    minutes = read_offset(name.strip())
    if minutes == 0:
        return UTC
    if minutes is not None:
        return timezone(timedelta(minutes=minutes))
    try:
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError) as error:  # not found, bad form, a folder of the zone tree
        raise SchemaError(
            f"The time zone is not known (text of {len(name)} characters).",
            remedy="Type an offset such as +07:00, one of WIB, WITA, WIT, UTC, or a name such as Asia/Jakarta.",
        ) from error


def fixed_minutes(zone: tzinfo) -> int | None:
    """Return the offset of a zone in minutes where it is always the same, else None.

    Examples
    --------
    >>> fixed_minutes(zone_named("+07:00")), fixed_minutes(zone_named("Asia/Jakarta"))
    (420, None)
    """
    if isinstance(zone, ZoneInfo):
        return None
    offset = zone.utcoffset(None)
    return None if offset is None else round(offset.total_seconds() / 60)
