"""How well a share without labels held on sources that were left out: measured once, shipped beside the method."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FIGURES_FILE = Path(__file__).with_name("new_audience_figures.json")

#: A method that held less often than this, over all answers or on the answers of any one source, is not used.
LEAST_COVERAGE, LEAST_COVERAGE_OF_A_SOURCE = 0.9, 0.8


@dataclass(frozen=True)
class PatternFigures:
    """What the method did on one evidence pattern; sources of bought and inauthentic followers, each counted alike.

    Attributes
    ----------
    n_runs
        Audiences that were judged.
    answered
        Share of them that got an interval.
    coverage, width
        Of the intervals given: how many held the truth, and their mean width, a share.
    coverage_worst
        The least coverage of any source, that of all campaigns of other bots together included.
    coverage_other_bots
        Of the intervals given where the suspicious accounts are one campaign of bots that were not sold as followers;
        some of these look just like people.
    """

    n_runs: int
    answered: float
    coverage: float
    width: float
    coverage_worst: float
    coverage_other_bots: float

    @property
    def keeps_its_word(self) -> bool:
        """Whether the intervals held as often as they must."""
        return self.coverage >= LEAST_COVERAGE and self.coverage_worst >= LEAST_COVERAGE_OF_A_SOURCE


@cache
def read_new_audience_figures() -> dict[str, Any]:
    """Return the content of the file of figures, as ``benchmarks/share_new_audience.py --write`` wrote it."""
    content: dict[str, Any] = json.loads(FIGURES_FILE.read_text(encoding="utf-8"))
    return content


def new_audience_figures(pattern: str) -> PatternFigures | None:
    """Return the figures of an evidence pattern; None where it was not measured.

    Examples
    --------
    >>> new_audience_figures("tiktok/full") is None
    True
    """
    entry = read_new_audience_figures()["patterns"].get(pattern)
    return None if entry is None else PatternFigures(**entry)


def measured_sources() -> frozenset[str]:
    """Return the sources of suspicious followers that the figures rest on."""
    return frozenset(read_new_audience_figures()["sources"])
