"""One way, and only one, to write a card: sorted keys, fixed indent, LF; and a reader that accepts nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from botscan.errors import ModelError

MAX_CARD_BYTES = 1_000_000
MAX_DEPTH = 16
_LINE_WIDTH = 110

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
# The card's own digest stands alone on a line of the outermost object.
_OWN_DIGEST = re.compile(rb'^  "sha256": "([0-9a-f]{64})"(,?)$', re.MULTILINE)
_NO_DIGEST = "0" * 64


def to_canonical_json(value: Any) -> str:
    """Write plain data as JSON in its one form.

    Objects are sorted by key and indented by two spaces. A list of numbers stands on one line, and so does any list
    or object without further lists and objects that fits within 110 characters.

    Examples
    --------
    >>> print(to_canonical_json({"b": [1, 2.5], "a": {"c": {}}}), end="")
    {
      "a": {
        "c": {}
      },
      "b": [1, 2.5]
    }
    """
    return _written(value, "") + "\n"


def _written(value: Any, indent: str) -> str:
    if not isinstance(value, (dict, list, tuple)) or not value or _fits_one_line(value):
        return _scalar(value)
    inner = indent + "  "
    if isinstance(value, dict):
        lines = [f"{inner}{_scalar(key)}: {_written(value[key], inner)}" for key in sorted(value)]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    lines = [f"{inner}{_written(item, inner)}" for item in value]
    return "[\n" + ",\n".join(lines) + f"\n{indent}]"


def _fits_one_line(value: dict[str, Any] | list[Any] | tuple[Any, ...]) -> bool:
    items = value.values() if isinstance(value, dict) else value
    if any(isinstance(item, (dict, list, tuple)) for item in items):
        return False
    if not isinstance(value, dict) and all(isinstance(item, (int, float)) for item in value):
        return True
    return len(_scalar(value)) <= _LINE_WIDTH


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)


def sign_card(card: dict[str, Any]) -> bytes:
    """Return the bytes of a card that carries the SHA-256 of itself (taken with the digest's place full of zeros)."""
    blank = to_canonical_json({**card, "sha256": _NO_DIGEST}).encode()
    digest = hashlib.sha256(blank).hexdigest()
    return to_canonical_json({**card, "sha256": digest}).encode()


def read_card(data: bytes, source: str) -> dict[str, Any]:
    """Check the digest of a card, parse it, and check that writing it again gives the same bytes.

    Parameters
    ----------
    data
        Bytes of card.json, at most `MAX_CARD_BYTES`.
    source
        Its path, for messages.

    Raises
    ------
    ModelError
        Whatever is wrong with it.
    """
    if len(data) > MAX_CARD_BYTES:
        raise ModelError(f"The card has more than {MAX_CARD_BYTES} bytes.", source=source, remedy=GET_AGAIN)
    _check_own_digest(data, source)
    _check_depth(data, source)
    try:
        card = json.loads(data.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_no_constant)
        is_canonical = isinstance(card, dict) and to_canonical_json(card).encode() == data
    except (ValueError, RecursionError) as error:
        raise ModelError("The card is not the JSON it should be.", source=source, remedy=GET_AGAIN) from error
    if not is_canonical:
        raise ModelError(
            "The card is not written in its one form (sorted keys, two spaces, LF).", source=source, remedy=GET_AGAIN
        )
    return card


GET_AGAIN = "Get the model folder again, or make it anew with `make model`."


def _check_own_digest(data: bytes, source: str) -> None:
    found = list(_OWN_DIGEST.finditer(data))
    if len(found) != 1:
        raise ModelError(f"The card holds {len(found)} own SHA-256, wanted one.", source=source, remedy=GET_AGAIN)
    start, end = found[0].span(1)
    digest = hashlib.sha256(data[:start] + _NO_DIGEST.encode() + data[end:]).hexdigest()
    if digest != data[start:end].decode():
        raise ModelError("The card is damaged: its SHA-256 does not fit its bytes.", source=source, remedy=GET_AGAIN)


def _check_depth(data: bytes, source: str) -> None:
    depth = 0
    for bracket in re.findall(rb"[\[\]{}]", _STRING.sub(b"", data)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise ModelError(f"The card is nested over {MAX_DEPTH} levels.", source=source, remedy=GET_AGAIN)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no number")
