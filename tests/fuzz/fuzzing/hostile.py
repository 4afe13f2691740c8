"""Values that readers trip over: wrong types, borders of numbers and dates, broken text, things too long or too deep."""

from __future__ import annotations

from random import Random
from typing import Any

#: Text that a table or a value of JSON may hold.
TEXTS = (
    "", " ", "\t", "0", "-0", "1", "-1", "+7", "00", "007", "1.0", "1.5", "1,5", "1.234", "1,234", "1.234.567", "12,34",
    "1 234", "1\u00a0234", "1'234", "12,3 rb", "7,5 jt", "1.2K", "1.2.3K", "9e999", "1e308", "2.5e3", "1.1E+18", "0x1F",
    "1_000", "\u0663\u0664", "\u00b2", "\u00bd", "\u0967\u0968\u0969", "inf", "-inf", "nan", "NaN", "null", "NULL",
    "None", "NA", "n/a", "\\N", "-", "\u2013", "true", "True", "TRUE", "ya", "tidak", "1.0e0", "9" * 18, "9" * 19,
    "9" * 20, "9" * 21, "9" * 400, "9007199254740993", "18446744073709551616", "12345.0", "1" * 15 + ".0", "zq_lain",
    "@zq_lain", "@@zq", "@", "zq lain", "https://www.instagram.com/zq_lain/", "https://x.example/zq?x=1#y",
    "https://[::1", "http://[zq", "//zq", "https://zq.example:99999/", "https://twitter.com/i/user/904179999",
    "https://twitter.com/intent/user?user_id=904179998", "www.zq.example", "javascript:zq", "mailto:zq@zq.example",
    "2019-08-08", "2019-13-45", "2019-02-29", "0000-00-00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00",
    "9999-12-31T23:59:59-14:00", "2019-08-08T24:00:00Z", "2019-08-08T23:59:60Z", "2019-08-08T01:02:03.123456789Z",
    "2019-08-08T01:02:03+99:99", "2019-08-08 01:02:03 WIB", "2019-08-08 01:02:03 XYZ", "20190808", "99999999",
    "1565230583", "1565230583000", "1565230583000000000", "0000000000", "9999999999", "-1565230583", "31/12/1969",
    "1/2/2003", "13/13/2013", "Fri Aug 08 02:16:23 +0000 2008", "Xyz Abc 99 99:99:99 +9999 9999", "8 Agustus 2019",
    "Aug 8, 2019", "2019", "2019-08", "1970-01-01T00:00:00Z", "1970-01-01", "RT @zq_x: zq", "RT @", "<p>zq</p>", "<",
    "<a href='zq", "<" * 50, "&amp;zq", "&#0;", "&#99999999999999999999;", "&#" + "9" * 5000 + ";", "&" * 50, "zq\0zq",
    "\0", "zq\x1b[31m", "zq\r\nzq", "zq\rzq", "zq\nzq", "zq\u2028zq", "zq\x85zq", "zq\u200bzq", "\ufeffzq", "\ufffd",
    "zq\u202ezq", "\U0001f4f7\U0001f3fd", "e\u0301" * 20, "\u0e33" * 10, "Zq\u00c3\u00a9", "\u00c3\u0028",
    "\u00ff\u00fe", "=zq+1", "+zq", "-zq", "|zq", '"', '""', '"zq', 'zq"zq', "zq,zq", "zq;zq\tzq", "\\", "\\u0000",
    "{}", "[]", '{"a":1}', '["https://zq.example"]', '[{"expanded_url": 5}]', "[" * 30, "{" * 30, "user904179997",
    "channel904179996", "did:plc:zq", "did:", "UCzq", "twitter", "instagram", "facebook", "tiktok", "Twitter", "other",
    "suspended", "deleted", "not_found", "following", "newest_first", "handle", "followers_count", "zq" * 100,
)  # fmt: skip

#: Values of JSON that are no text.
PLAIN: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 7, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**64 - 1, 1_700_000_000, 1_700_000_000_000,
    1_700_000_000_000_000, 253_402_300_800, -62_135_596_801, 10**12, 10**12 + 1, 0.0, -0.0, 0.1, 1.5, -1.5, 1e15, 1e18,
    1.1e18, 1e22, 1e300, 5e-324,
)  # fmt: skip

#: Text that stands in JSON as it is; most of it is no JSON.
RAW = (
    b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"18446744073709551616", b"-9223372036854775809",
    b"1" + b"0" * 20, b"1" + b"0" * 400, b"9" * 5000, b"-" + b"9" * 30, b"1." + b"3" * 400, b"00", b"01", b"+1", b".5",
    b"1.", b"-", b"tru", b"nul", b"undefined", b"'zq'", b'"\\ud800"', b'"zq\\udc00zq"', b'"\\ud83d\\ude00"', b'"\\u0000"',
    b'"\\x41"', b'"zq\nzq"', b'"zq\tzq"', b'"zq\0"', b'"\xff\xfe"', b'"\xed\xa0\x80"', b'"\xc3"', b'"zq', b'zq"', b"",
    b",", b":", b"[", b"]", b"{", b"}", b"[,]", b"[1,]", b'{"zq"}', b'{"a":1,}', b'{"a":1,"a":"zq"}', b"{,}", b"/*zq*/1",
    b"[" * 63 + b"]" * 63, b"[" * 70 + b"]" * 70, b'{"a":' * 62 + b"1" + b"}" * 62, b'{"a":' * 80 + b"1" + b"}" * 80,
    b"[" * 3000 + b"]" * 3000, b"[" * 3000, b'{"a":' * 2000, b'[{"a":' * 40 + b"1" + b"}]" * 40, b"\xef\xbb\xbf1",
    b"\x1e{}", b"1 2", b"{}{}", b"[]\n[]", b"{}\n{}", b"\n\n", b"\r", b"\0",
)  # fmt: skip

_MARK = "\ue000%d\ue001"


class Raw:
    """Pieces of text that stand in for places in values until these are written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def mark(self, piece: bytes) -> str:
        """Return text that `fill` replaces, quotes and all."""
        self._pieces.append(piece)
        return _MARK % (len(self._pieces) - 1)

    def fill(self, text: bytes) -> bytes:
        """Put the pieces in."""
        for place, piece in enumerate(self._pieces):
            mark = (_MARK % place).encode()
            text = text.replace(b'"' + mark + b'"', piece).replace(mark, b"zq")
        return text


def hostile_text(rng: Random) -> str:
    """Return a text from the list, rarely a very long one."""
    draw = rng.random()
    if draw < 0.01:
        return rng.choice(TEXTS) * rng.choice((10, 300))
    if draw < 0.012:
        return "zq" + rng.choice(("a", "\u00e9", "\U0001f600", "<", "&", "9", " ", "\n")) * rng.choice((3_000, 110_000))
    return rng.choice(TEXTS)


def hostile_value(rng: Random, raw: Raw) -> Any:
    """Return a value of JSON of any type."""
    draw = rng.random()
    if draw < 0.45:
        return hostile_text(rng)
    if draw < 0.7:
        return rng.choice(PLAIN)
    if draw < 0.8:
        return raw.mark(rng.choice(RAW))
    if draw < 0.9:
        return [hostile_value(rng, raw) for _ in range(rng.choice((0, 0, 1, 1, 2, 5)))]
    keys = ("", "id", "node", "user", "data", "result", "count", "url", "urls", "text", "a.b", "__proto__", "legacy")
    return {rng.choice(keys): hostile_value(rng, raw) for _ in range(rng.choice((0, 1, 1, 2)))}
