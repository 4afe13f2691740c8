"""Label files of research data sets: an id and what somebody says it is, without anything about the account."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from botscan.readers.format import Format

#: What such files say of an id, in lower case. Numbers are left out: a count of 0 or 1 is no label.
_LABELS = frozenset(
    {
        "human", "humans", "bot", "bots", "genuine", "genuine account", "fake", "fake follower", "real", "legit",
        "legitimate", "spam", "spammer", "spambot", "cyborg", "organization", "manusia", "robot", "asli", "palsu",
    }
)  # fmt: skip
_LABEL_WORDS = frozenset({"label", "labels", "class", "bot", "is bot", "human", "account type", "is suspicious"})
_ID_WORDS = frozenset({"id", "id str", "user id", "userid", "account id", "twitter id", "screen name"})
_LONGEST_ID = 256


def is_label_file(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first rows of a table are ids with labels such as ``human`` and ``bot``.

    Parameters
    ----------
    rows
        Cells as text. The first row may be a header. Blank rows are passed over.

    Examples
    --------
    >>> is_label_file([["509316353", "human"], ["612345678", "bot"]])
    True
    >>> is_label_file([["id", "label"], ["509316353", "Bot"]]), is_label_file([["509316353", "Malang"]])
    (True, False)
    """
    filled = [cells for row in rows if any(cells := [cell.strip() for cell in row])]
    if len(filled) > 1 and _header_evidence([cell.lower().replace("_", " ") for cell in filled[0]]):
        filled = filled[1:]
    return bool(filled) and all(map(_is_labelled, filled))


def _is_labelled(cells: Sequence[str]) -> bool:
    if len(cells) != 2:
        return False
    account, label = cells
    is_id = 0 < len(account) <= _LONGEST_ID and not any(character.isspace() for character in account)
    return is_id and len(label) < _LONGEST_ID and label.lower().replace("_", " ") in _LABELS


def _header_evidence(words: Collection[str]) -> int:
    if len(words) != 2:
        return 0
    return 2 if any(word in _ID_WORDS for word in words) and any(word in _LABEL_WORDS for word in words) else 0


LABEL_FILE = Format(
    name="label_file",
    title="ids with labels such as human and bot",
    header_evidence=_header_evidence,
    refusal="This is a label file, not an audience: it says of each id whether somebody takes it for a person or a bot,"
    " and nothing else about the account.",
)
