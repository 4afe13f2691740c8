"""Groups of accounts by verdict: how many, which share, and how many of each are organic where people looked.

How many accounts of a group are organic is told from labels of that group alone. To spread the organic share over the
groups by score was tried and is not offered: its intervals follow the share's and know nothing of a score that means
one thing among the inactive and another among the active. On audiences of sources that the model never saw they held
the truth in anything from 0 to 98 % of the runs, group by group; those of labels in 96 to 100 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.display import Displayed, plain
from botscan.evidence.labels import LabelTable
from botscan.evidence.scores import SEGMENT_ORDER, SEGMENTS_BY_SCORE, Scores
from botscan.notes import Note
from botscan.prevalence.frame import check_frame, unseen_share
from botscan.prevalence.from_labels.labeled_group import FEWEST_LABELED, GroupLabels, OrganicOfGroup
from botscan.prevalence.intervals import exact_interval, normal_quantile, wilson_interval
from botscan.prevalence.share import rounded_interval
from botscan.wording import number, say, say_note

if TYPE_CHECKING:
    import pandas as pd

_UNKNOWN = SEGMENT_ORDER.index("unknown")
#: With fewer accounts than this the interval of a share is not near normal: Wilson's then covers as little as 83 %.
_FEWEST_NEAR_NORMAL = 8
_DASH = "\u2013"


@dataclass(frozen=True)
class SegmentShare:
    """One group of accounts.

    Attributes
    ----------
    name
        One of `SEGMENT_ORDER`.
    n_accounts
        Accounts of the list that are in it.
    share, share_ci_lower, share_ci_upper
        Share of the list, in [0, 1]; of a list that is a random sample the interval speaks of all followers, of any
        other list it is the point. None where nobody can know, and of an empty list.
    n_followers, n_followers_ci_lower, n_followers_ci_upper
        The same as a number of all followers; None unless the list is a random sample of a known number.
    n_labeled, n_undecided
        Accounts of the group that raters called suspicious or not, and that they looked at and could not decide.
    organic_share_labeled, organic_share_labeled_ci_lower, organic_share_labeled_ci_upper
        Share of the group that these raters would not call suspicious, in [0, 1]; None with fewer than 15 labels.
    unsure_band_lower, unsure_band_upper
        How far that interval would reach if all undecided accounts were of one kind; None without undecided ones.
    organic_count, organic_count_ci_lower, organic_count_ci_upper
        Organic accounts of the list in this group, from that share; 0 among accounts that call themselves automated.
        None where the list is a random sample of more followers than it holds: the share is of the group among these.
    """

    name: str
    n_accounts: int
    share: float | None = None
    share_ci_lower: float | None = None
    share_ci_upper: float | None = None
    n_followers: int | None = None
    n_followers_ci_lower: int | None = None
    n_followers_ci_upper: int | None = None
    n_labeled: int = 0
    n_undecided: int = 0
    organic_share_labeled: float | None = None
    organic_share_labeled_ci_lower: float | None = None
    organic_share_labeled_ci_upper: float | None = None
    unsure_band_lower: float | None = None
    unsure_band_upper: float | None = None
    organic_count: int | None = None
    organic_count_ci_lower: int | None = None
    organic_count_ci_upper: int | None = None

    def __post_init__(self) -> None:
        for name in ("share", "n_followers", "organic_share_labeled", "organic_count"):
            ends = (getattr(self, f"{name}_ci_lower"), getattr(self, name), getattr(self, f"{name}_ci_upper"))
            if ends != (None, None, None) and (None in ends or not ends[0] <= ends[1] <= ends[2]):
                raise ValueError(f"{name} of {self.name} stands inside its interval or not at all, found {ends}")

    def in_words(self, language: str) -> str:
        """Return how many accounts it holds, which share that is, and how many of them are organic, as one line."""
        if self.share is None or self.share_ci_lower is None or self.share_ci_upper is None:
            return _DASH if self.n_accounts == 0 else number(self.n_accounts, language)
        shown = {"count": self.n_accounts, "share": self.share}
        if self.share_ci_lower == self.share_ci_upper:
            parts = [say("segment_of_list", language, **shown)]
        else:
            parts = [
                say("segment_of_followers", language, **shown, lower=self.share_ci_lower, upper=self.share_ci_upper)
            ]
        if self.organic_share_labeled is not None:
            parts.append(
                say(
                    "segment_organic",
                    language,
                    share=self.organic_share_labeled,
                    lower=self.organic_share_labeled_ci_lower,
                    upper=self.organic_share_labeled_ci_upper,
                    n_labeled=self.n_labeled,
                )
            )
        if self.unsure_band_lower is not None:
            parts.append(
                say(
                    "segment_unsure",
                    language,
                    n_undecided=self.n_undecided,
                    lower=self.unsure_band_lower,
                    upper=self.unsure_band_upper,
                )
            )
        return "; ".join(parts)


@dataclass(frozen=True)
class SegmentTable(Displayed):
    """All groups of one list; every account is in one of them.

    Attributes
    ----------
    segments
        One a group, in the order of `SEGMENT_ORDER`.
    confidence_level
        Of every interval, each for itself, in (0, 1).
    frame
        Which part of the followers the list holds.
    population
        Number of all followers, where the list is a random sample of a known number; no less than it holds.
    notes
        What a reader must know.
    """

    segments: tuple[SegmentShare, ...]
    confidence_level: float
    frame: str
    population: int | None = None
    notes: tuple[Note, ...] = ()

    def __getitem__(self, name: str) -> SegmentShare:
        """Return a group by its name."""
        for segment in self.segments:
            if segment.name == name:
                return segment
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain data: the groups by name, each without its name."""
        segments = {
            one.name: {key: value for key, value in plain(one).items() if key != "name"} for one in self.segments
        }
        return {
            "confidence_level": plain(self.confidence_level),
            "frame": self.frame,
            "population": self.population,
            "segments": segments,
            "notes": plain(self.notes),
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row a group."""
        import pandas as pd

        return pd.DataFrame([plain(segment) for segment in self.segments])

    def _title(self, language: str) -> str:
        return say("segments_title", language, level=self.confidence_level)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = [
            (say(f"verdict_{segment.name}", language), segment.in_words(language))
            for segment in self.segments
            if segment.n_accounts or segment.name not in ("declared_bot", "unknown")
        ]
        return rows + [(say("share_note", language), say_note(note, language)) for note in self.notes]


def measure_segments(
    scores: Scores,
    labels: LabelTable | None = None,
    *,
    frame: str = "unknown",
    population: int | None = None,
    confidence_level: float = 0.95,
) -> SegmentTable:
    """Measure every group of a list: its share, and how many of its accounts are organic where people looked.

    Parameters
    ----------
    scores
        Scores of the list; the verdict makes the group.
    labels
        What raters said about some accounts, drawn from this list.
    frame, population
        Which part of the followers the list holds, and how many followers there are. For a random sample the
        intervals speak of all followers.
    confidence_level
        In (0, 1).

    Returns
    -------
    table
        Every group, the empty ones too.

    Raises
    ------
    SchemaError
        The labels do not belong to the list, or it is not known how they were drawn from it.

    Notes
    -----
    The share of a group has Wilson's interval with the finite-population correction; where fewer than eight accounts
    are in the group or outside it, or are to be expected so among the followers who were not seen, the exact one
    (hypergeometric). What labels tell of a group is in `botscan.prevalence.from_labels.labeled_group`.
    """
    normal_quantile(confidence_level)
    check_frame(frame, population, scores.n_accounts)
    unseen = unseen_share(frame, population, scores.n_accounts)
    verdicts = _verdict_codes(scores)
    is_judged = bool((scores.is_scored & ~scores.is_declared_bot).any()) or not (verdicts == _UNKNOWN).any()
    total = max(population, scores.n_accounts) if frame == "random" and population is not None else None
    given = None if labels is None else GroupLabels.of(scores, labels)
    segments = []
    for name in SEGMENT_ORDER:
        rows = verdicts == SEGMENT_ORDER.index(name)
        n_accounts = int(rows.sum())
        is_known = bool(scores.n_accounts) and (is_judged or n_accounts > 0 or name not in SEGMENTS_BY_SCORE)
        fields: dict[str, Any] = {}
        if is_known:
            fields |= _share_fields(n_accounts, scores.n_accounts, unseen, total, confidence_level)
        if name == "declared_bot":
            fields |= dict.fromkeys(("organic_count", "organic_count_ci_lower", "organic_count_ci_upper"), 0)
        elif given is not None and n_accounts:
            size = math.inf if unseen == 1.0 else round(n_accounts / (1.0 - unseen))
            counted = n_accounts if unseen == 0.0 else None
            fields |= _organic_fields(given.organic_of(rows, size, confidence_level), counted)
        segments.append(SegmentShare(name, n_accounts, **fields))
    return SegmentTable(
        tuple(segments), confidence_level, frame, total, _notes(segments, has_labels=labels is not None)
    )


def _verdict_codes(scores: Scores) -> NDArray[np.int64]:
    names = pa.array(SEGMENT_ORDER, pa.string())
    codes = pc.index_in(pc.cast(scores.table["verdict"], pa.string()), value_set=names)
    return np.asarray(pc.fill_null(codes, _UNKNOWN).to_numpy(), dtype=np.int64)


def _share_fields(
    n_accounts: int, n_list: int, unseen: float, population: int | None, confidence_level: float
) -> dict[str, Any]:
    """Return the share of the list or, from a random sample, of the followers, and the count that stands for."""
    share = n_accounts / n_list
    n_fewer = min(n_accounts, n_list - n_accounts)
    # Such accounts to be expected among the followers who were not seen.
    n_fewer_unseen = n_fewer * unseen / (1.0 - unseen) if unseen < 1.0 else math.inf
    if unseen > 0.0 and min(n_fewer, n_fewer_unseen) < _FEWEST_NEAR_NORMAL:
        lower, upper = exact_interval(n_accounts, n_list, population or math.inf, confidence_level)
    else:
        lower, upper = wilson_interval(share, n_list / unseen if unseen > 0.0 else math.inf, confidence_level)
    share, lower, upper = rounded_interval(share, lower, upper)
    found: dict[str, Any] = {"share": share, "share_ci_lower": lower, "share_ci_upper": upper}
    if population is not None:
        # What was seen is there: no interval of a finite number can begin below it.
        n_others = n_list - n_accounts
        ends = [min(max(round(end * population), n_accounts), population - n_others) for end in (share, lower, upper)]
        found |= dict(zip(("n_followers", "n_followers_ci_lower", "n_followers_ci_upper"), ends, strict=True))
    return found


def _organic_fields(found: OrganicOfGroup, n_accounts: int | None) -> dict[str, Any]:
    """Return how many accounts of one group were labelled and, where there are enough, how many of it are organic.

    Without a number of accounts, because the interval speaks of others too, they are not counted.
    """
    fields: dict[str, Any] = {"n_labeled": found.n_labeled, "n_undecided": found.n_undecided}
    if found.interval is not None:
        for end, value in zip(("", "_ci_lower", "_ci_upper"), found.interval, strict=True):
            fields[f"organic_share_labeled{end}"] = value
            if n_accounts is not None:
                fields[f"organic_count{end}"] = round(value * n_accounts)
    if found.unsure_band is not None:
        fields["unsure_band_lower"], fields["unsure_band_upper"] = found.unsure_band
    return fields


def _notes(segments: Sequence[SegmentShare], *, has_labels: bool) -> tuple[Note, ...]:
    notes = []
    n_told = sum(segment.organic_share_labeled is not None for segment in segments)
    if not has_labels:
        notes.append(Note("segments_without_labels", numbers={"n_labels": FEWEST_LABELED}))
    elif n_told < sum(segment.n_accounts > 0 and segment.name != "declared_bot" for segment in segments):
        notes.append(Note("segments_few_labels", numbers={"n_labels": FEWEST_LABELED}))
    if n_told:
        notes.append(Note("segments_each_alone"))
    return tuple(notes)
