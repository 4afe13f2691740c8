"""AuditSummary: what a comparison needs of an audit, and no more than its JSON object holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botscan.blocks import FollowBlock
from botscan.display import plain
from botscan.evidence.scores import model_entry
from botscan.prevalence.share import OrganicShare
from botscan.reading_report import NEARLY_ALL
from botscan.wording import say

#: An estimate with the lower and the upper end of its interval.
Interval = tuple[float, float, float]


@dataclass(frozen=True)
class Warned:
    """A warning as an audit wrote it; older audits hold the numbers of its sentence only in its text.

    Attributes
    ----------
    code, column, count, numbers
        As in `botscan.notes.Note`.
    text
        The sentence, in the language that the audit was written in.
    """

    code: str
    column: str | None
    count: int | None
    text: str
    numbers: Mapping[str, Any] = field(default_factory=dict)

    def in_words(self, language: str) -> str:
        """Return the sentence; in the language of the audit where it holds numbers that the audit does not name."""
        named = {**self.numbers, "column": self.column, "count": self.count}
        try:
            return say(self.code, language, **{name: value for name, value in named.items() if value is not None})
        except LookupError:
            return self.text


@dataclass(frozen=True)
class AuditSummary:
    """One of two audits that are compared.

    Attributes
    ----------
    source, platform, observed_at
        Which list, from where, seen when.
    botscan_version, model_name, model_sha256, pattern
        What made the audit.
    rows
        Rows of the list: read, kept as accounts, merged, rejected.
    share
        The organic share, without its notes.
    share_codes
        The codes of these notes.
    list_digest
        SHA-256 of the list's sorted account ids; empty in older audits.
    segments
        Verdict -> number of accounts; None where nobody could judge them.
    warnings
        What the audit warned of.
    blocks, blocks_examined, blocks_lower_bound
        Blocks of followers who came together, in follow order; the kinds of evidence that were looked at; and which
        share of the list the blocks show to be suspicious at least, None where nobody could look.
    """

    source: str
    platform: str | None
    observed_at: datetime | None
    botscan_version: str
    model_name: str
    model_sha256: str
    pattern: str
    rows: tuple[int, int, int, int]
    share: OrganicShare
    segments: Mapping[str, int | None]
    list_digest: str = ""
    warnings: tuple[Warned, ...] = ()
    share_codes: frozenset[str] = frozenset()
    blocks: tuple[FollowBlock, ...] = ()
    blocks_examined: tuple[str, ...] = ()
    blocks_lower_bound: float | None = None

    @property
    def n_accounts(self) -> int:
        """Number of accounts in the list."""
        return self.rows[1]

    @property
    def interval(self) -> Interval | None:
        """Organic share with its ends, or None."""
        share, lower, upper = (
            self.share.organic_share,
            self.share.organic_share_ci_lower,
            self.share.organic_share_ci_upper,
        )
        return None if share is None or lower is None or upper is None else (share, lower, upper)

    @property
    def is_of_seen_part(self) -> bool:
        """Whether the share leaves out a part of the followers; another list leaves out others, or none."""
        return "ranks_unseen" in self.share_codes

    @property
    def speaks_of(self) -> str:
        """What the share is true of: the ``audience``, its ``newest`` followers, or the ``list`` and no more."""
        frame, population = self.share.frame, self.share.population
        if self.is_of_seen_part:
            return "list"
        if frame == "random":
            return "audience"
        if population:
            is_nearly_all = self.n_accounts >= (1.0 - NEARLY_ALL) * population
            return "audience" if is_nearly_all else "newest" if frame == "newest" else "list"
        return {"full": "audience", "newest": "newest"}.get(frame, "list")

    @property
    def n_followers(self) -> int | None:
        """Number of followers that the share speaks of; None where it speaks of fewer than all, or nobody knows it."""
        share = self.share
        if self.speaks_of != "audience" or (share.share_of == "scored" and share.n_scored < share.n_accounts):
            return None
        if share.frame == "random":
            return None if share.population is None else max(share.population, share.n_accounts)
        return share.n_accounts

    @property
    def organic_followers(self) -> Interval | None:
        """Number of organic followers of the audience with its ends; None where that is not known."""
        if self.interval is None or self.n_followers is None:
            return None
        share, lower, upper = (value * self.n_followers for value in self.interval)
        return share, lower, upper

    @property
    def has_own_ids(self) -> bool:
        """Whether ids came with the list; ids made of row numbers are the same in any two lists of one length."""
        return "ids_made" not in self.codes()

    def codes(self) -> frozenset[str]:
        """Return the codes of the warnings."""
        return frozenset(warned.code for warned in self.warnings)

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as plain data, its keys those of an audit; notes and warnings stay with the audit."""
        share = self.share.to_dict()
        del share["notes"]
        return {
            "source": plain(self.source),
            "platform": self.platform,
            "observed_at": plain(self.observed_at),
            "botscan_version": self.botscan_version,
            "model": model_entry(self.model_name, self.model_sha256, self.pattern),
            "n_accounts": self.n_accounts,
            "n_followers": self.n_followers,
            "organic_share": share,
        }
