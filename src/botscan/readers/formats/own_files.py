"""What botscan writes itself: label sheets and scores lie beside lists and are none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from botscan.readers.format import Format, Json

_SHEET = frozenset({"inclusion probability", "list digest"})
_SCORES = frozenset({"log odds", "bot score"})


def _headers(wanted: frozenset[str]) -> Callable[[Collection[str]], int]:
    # More than any other format can find in the same headers: these names are ours.
    return lambda words: 100 if wanted <= set(words) else 0


def _keys(*wanted: str) -> Callable[[Sequence[Json]], int]:
    return lambda values: 100 if values and all(key in values[0] for key in wanted) else 0


LABEL_SHEET = Format(
    name="botscan_label_sheet",
    title="a label sheet that botscan wrote",
    header_evidence=_headers(_SHEET),
    refusal="It holds a few accounts that were drawn from a list, not the list: give it as --labels.",
)

SCORE_FILE = Format(
    name="botscan_scores",
    title="a file of scores that botscan wrote",
    evidence=_keys("log_odds", "bot_score"),
    header_evidence=_headers(_SCORES),
    refusal="It holds scores of a list, not the list.",
)

HISTOGRAM_FILE = Format(
    name="botscan_histogram",
    title="a histogram of scores that botscan wrote",
    evidence=_keys("botscan_version", "histogram"),
    refusal="It holds counts of scores, no accounts.",
)
