"""AuditComparison: what changed between two audits of one audience, and how much of it may be chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botscan.audit import NOT_JUDGED
from botscan.audit_comparison.block_changes import BlockChanges
from botscan.audit_comparison.common_accounts import CommonAccounts
from botscan.audit_comparison.sentences import (
    block_rows,
    common_rows,
    comparison_headline,
    in_points,
    list_in_words,
    share_in_words,
    signed,
)
from botscan.audit_comparison.summary import AuditSummary, Interval, Warned
from botscan.display import Displayed, plain, to_json
from botscan.notes import Note
from botscan.version import BOTSCAN_VERSION
from botscan.wording import number, percent, say, say_note

#: Version of the JSON object that `AuditComparison.to_dict` gives.
COMPARISON_SCHEMA_VERSION = 1


@dataclass(frozen=True)
class SegmentChange:
    """One segment in both audits.

    Attributes
    ----------
    before, after
        Number of accounts; None where nobody could judge them.
    difference
        After minus before.
    share_difference
        Difference of the segment's part of each list, in [-1, 1]; None also where a list is empty.
    """

    before: int | None
    after: int | None
    difference: int | None
    share_difference: float | None


@dataclass(frozen=True)
class AuditComparison(Displayed):
    """Two audits of one audience, side by side. All differences are after minus before.

    Attributes
    ----------
    before, after
        What was compared.
    days_between
        Days between the two lists; None when a date is not known.
    is_same_list
        Whether both audits are of one list, as after a model upgrade: a difference is then one of estimates only.
    confidence_level
        Of the intervals, in (0, 1); None where the two differ.
    validated
        Whether both shares are.
    difference, difference_ci_lower, difference_ci_upper
        Difference of the organic shares, in [-1, 1]; all None, with `reasons`, when they do not speak of the same
        thing.
    organic_count_difference, organic_count_difference_ci_lower, organic_count_difference_ci_upper
        Difference of the numbers of organic followers; None unless both audits speak of all followers and know how
        many there are.
    segments
        Verdict -> what became of it.
    segments_comparable
        Whether one model gave the verdicts of both, from the same evidence.
    new_warnings, gone_warnings
        Warnings that only the later, or only the earlier audit gives.
    common_accounts
        What became of accounts that stand in both lists; None unless scores were given.
    follow_blocks
        Which blocks of followers who came together are new, gone or in both, and how their lower bound changed; None
        unless both audits looked for them.
    reasons
        Why there is no difference of shares; empty when there is one.
    notes
        What a reader must know.
    """

    before: AuditSummary
    after: AuditSummary
    days_between: int | None
    is_same_list: bool
    confidence_level: float | None
    validated: bool
    difference: float | None
    difference_ci_lower: float | None
    difference_ci_upper: float | None
    organic_count_difference: int | None
    organic_count_difference_ci_lower: int | None
    organic_count_difference_ci_upper: int | None
    segments: Mapping[str, SegmentChange]
    segments_comparable: bool
    new_warnings: tuple[Warned, ...] = ()
    gone_warnings: tuple[Warned, ...] = ()
    common_accounts: CommonAccounts | None = None
    follow_blocks: BlockChanges | None = None
    reasons: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def interval(self) -> Interval | None:
        """Difference of the shares with its ends, or None."""
        difference, lower, upper = self.difference, self.difference_ci_lower, self.difference_ci_upper
        return None if difference is None or lower is None or upper is None else (difference, lower, upper)

    def headline(self, language: str = "en") -> str:
        """Return the sentence that says whether the organic share changed, or why that cannot be said."""
        return comparison_headline(
            self.before, self.after, self.interval, self.reasons, language, same_list=self.is_same_list
        )

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the comparison as plain data with stable keys: counts and shares, never a name, handle or id.

        Parameters
        ----------
        language
            Language of the sentences: ``en`` or ``id``; keys and codes never change.
        """
        return {
            "schema_version": COMPARISON_SCHEMA_VERSION,
            "botscan_version": BOTSCAN_VERSION,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            "days_between": self.days_between,
            "is_same_list": self.is_same_list,
            "confidence_level": plain(self.confidence_level),
            "validated": self.validated,
            "difference": plain(self.difference),
            "difference_ci_lower": plain(self.difference_ci_lower),
            "difference_ci_upper": plain(self.difference_ci_upper),
            "organic_count_difference": self.organic_count_difference,
            "organic_count_difference_ci_lower": self.organic_count_difference_ci_lower,
            "organic_count_difference_ci_upper": self.organic_count_difference_ci_upper,
            "segments": plain(self.segments),
            "segments_comparable": self.segments_comparable,
            "follow_blocks": plain(self.follow_blocks),
            "new_warnings": [_warned_dict(warned, language) for warned in self.new_warnings],
            "gone_warnings": [_warned_dict(warned, language) for warned in self.gone_warnings],
            "common_accounts": plain(self.common_accounts),
            "reasons": [_note_dict(note, language) for note in self.reasons],
            "notes": [_note_dict(note, language) for note in self.notes],
        }

    def to_json(self, *, indent: int | None = 2, language: str = "en") -> str:
        """Return `to_dict` as strict JSON, ASCII only."""
        return to_json(self.to_dict(language), indent=indent)

    def _title(self, language: str) -> str:
        return self.headline(language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = [
            (say(f"compare_{name}", language), text)
            for name, one in (("before", self.before), ("after", self.after))
            for text in (list_in_words(one, language), share_in_words(one, language))
        ]
        if self.days_between is not None:
            rows.append((say("compare_days", language), number(self.days_between, language)))
        rows += self._difference_rows(language)
        rows += self._segment_rows(language)
        if self.common_accounts is not None:
            rows += common_rows(self.common_accounts, language)
        if self.follow_blocks is not None:
            rows += block_rows(self.follow_blocks, language)
        for code, warnings in (("compare_new", self.new_warnings), ("compare_gone", self.gone_warnings)):
            rows += [(say(code, language), warned.in_words(language)) for warned in warnings]
        rows += [(say("compare_reason", language), say_note(note, language)) for note in self.reasons]
        return rows + [(say("share_note", language), say_note(note, language)) for note in self.notes]

    def _difference_rows(self, language: str) -> list[tuple[str, str]]:
        rows = []
        if self.interval is not None and self.confidence_level is not None:
            difference, lower, upper = (in_points(value, language, 1) for value in self.interval)
            level = percent(self.confidence_level, language)
            ends = {"difference": difference, "lower": lower, "upper": upper, "level": level}
            rows.append((say("compare_difference", language), say("compare_points_with_interval", language, **ends)))
        if self.organic_count_difference is not None:
            ends = {
                "difference": signed(self.organic_count_difference, language),
                "lower": signed(self.organic_count_difference_ci_lower or 0, language),
                "upper": signed(self.organic_count_difference_ci_upper or 0, language),
            }
            shown = say("compare_count_with_interval", language, **ends)
            rows.append((say("compare_count_difference", language), shown))
        return rows

    def _segment_rows(self, language: str) -> list[tuple[str, str]]:
        rows = []
        for name, change in self.segments.items():
            if not (change.before or change.after):
                continue
            values = {
                "before": NOT_JUDGED if change.before is None else change.before,
                "after": NOT_JUDGED if change.after is None else change.after,
            }
            code = "compare_segment"
            if not self.segments_comparable or change.share_difference is None:
                code = "compare_segment_apart"
            else:
                values["difference"] = in_points(change.share_difference, language, 1)
            rows.append((say(f"verdict_{name}", language), say(code, language, **values)))
        return rows


def _warned_dict(warned: Warned, language: str) -> dict[str, Any]:
    text = warned.in_words(language)
    return {"code": warned.code, "column": warned.column, "count": warned.count, "text": plain(text)}


def _note_dict(note: Note, language: str) -> dict[str, Any]:
    return {"code": note.code, "column": note.column, "count": note.count, "text": say_note(note, language)}
