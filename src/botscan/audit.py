"""audit: one audience, everything that is known about it, in one value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts.table import AccountTable
from botscan.blocks import FollowBlock, FollowBlocks, FollowMap
from botscan.display import Displayed, plain, to_json
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS, ScoreHistogram
from botscan.evidence.scores import SEGMENT_ORDER, SEGMENTS_BY_SCORE, Scores, model_entry
from botscan.labels.allowed_accounts import AllowOutcome
from botscan.notes import Note
from botscan.prevalence.drift import Drift, measure_drift
from botscan.prevalence.segments import SegmentTable
from botscan.prevalence.share import OrganicShare
from botscan.reading_report import ReadingReport
from botscan.scoring.explain import Explanation
from botscan.scoring.patterns import GENERAL
from botscan.scoring.scorer import Scorer
from botscan.version import BOTSCAN_VERSION
from botscan.wording import date, headline, number, percent, say, say_note

#: Version of the JSON object that `Audit.to_dict` gives.
AUDIT_SCHEMA_VERSION = 1

#: Tables that saw fewer families of suspicious accounts were never tried on enough left-out ones.
FEWEST_FAMILIES = 5


@dataclass(frozen=True)
class ReviewRow:
    """One account that a person may want to look at; made only when asked for.

    Attributes
    ----------
    account_id, handle, display_name
        As the list gives them; None where it does not.
    bot_score, log_odds
        The score, in [0, 1] and as log-odds.
    verdict
        One of `botscan.evidence.scores.VERDICTS`.
    reasons, counter_evidence
        Signs for and against, strongest first: (group code, log-odds).
    block
        Number, from 1, of the block of the follow order whose signs it shows; None where none.
    """

    account_id: str
    handle: str | None
    display_name: str | None
    bot_score: float
    log_odds: float
    verdict: str
    reasons: tuple[tuple[str, float], ...] = ()
    counter_evidence: tuple[tuple[str, float], ...] = ()
    block: int | None = None


@dataclass(frozen=True, eq=False)
class Audit(Displayed):
    """One audience: how many of its followers are organic, and everything that stands behind the figure.

    Attributes
    ----------
    source, platform, observed_at
        Which list, from where, seen when.
    list_digest
        SHA-256 of the sorted account ids: ties the audit to its list and to the label sheets drawn from it.
    botscan_version, model_name, model_sha256, pattern
        What made the result; `pattern` is ``platform/name``, empty when no account could be scored.
    reading
        What was read, merged and rejected.
    evidence_level
        0 ids only, 1 handles, 2 profiles, 3 profiles with dates.
    coverage
        Canonical column -> share of accounts for which it is known, in [0, 1].
    share
        The organic share, or the reason why there is none.
    segments
        Verdict -> number of accounts; every verdict is there.
    segment_shares
        The same groups as shares, with intervals where the list is a random sample, and how many of each are organic
        where people labelled enough of it.
    allow
        What an allow list has changed; None without one.
    histogram
        Scores of the list.
    suspicious_threshold, review_threshold
        Log-odds from which an account shows signs, or is worth a look; None when no pattern fits.
    n_review
        Accounts that are worth a look.
    reasons, counter_evidence
        Group code -> number of scored accounts that show it, most frequent first.
    warnings
        What a reader must know.
    drift
        How far the audience is from what the model was trained on; None where no pattern fits or the model does not
        tell.
    blocks
        Stretches of the follow order whose followers neighbours do not explain; None where nobody looked for them.
    follow_map
        Follow order against creation dates, as a raster; None without an order or dates. Never part of `to_dict`.
    review_rows
        Accounts to be checked by a person; empty unless asked for, never part of `to_dict`.
    """

    source: str
    platform: str | None
    observed_at: datetime | None
    list_digest: str
    botscan_version: str
    model_name: str
    model_sha256: str
    pattern: str
    reading: ReadingReport
    evidence_level: int
    coverage: Mapping[str, float]
    share: OrganicShare
    segments: Mapping[str, int]
    histogram: ScoreHistogram
    suspicious_threshold: float | None
    review_threshold: float | None
    n_review: int
    reasons: Mapping[str, int]
    counter_evidence: Mapping[str, int]
    warnings: tuple[Note, ...] = ()
    drift: Drift | None = None
    segment_shares: SegmentTable | None = None
    allow: AllowOutcome | None = None
    blocks: FollowBlocks | None = None
    follow_map: FollowMap | None = None
    review_rows: tuple[ReviewRow, ...] = field(default=(), repr=False)

    @property
    def n_accounts(self) -> int:
        """Number of accounts in the list."""
        return self.reading.accounts

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the audit as plain data with stable keys: counts and shares, never a name, handle or id.

        Parameters
        ----------
        language
            Language of the sentences in ``warnings`` and ``notes``: ``en`` or ``id``; keys and codes never change.
        """
        return {
            "schema_version": AUDIT_SCHEMA_VERSION,
            "botscan_version": self.botscan_version,
            "model": model_entry(self.model_name, self.model_sha256, self.pattern),
            "source": self.source,
            "platform": self.platform,
            "observed_at": plain(self.observed_at),
            "list_digest": self.list_digest,
            "reading": {
                **self.reading.to_dict(),
                "evidence_level": self.evidence_level,
                "coverage": plain(self.coverage),
            },
            "organic_share": {
                **self.share.to_dict(),
                "notes": [_note_dict(note, language) for note in self.share.notes],
            },
            "segments": {name: self.segments[name] for name in SEGMENT_ORDER},
            "segment_shares": self.segment_shares.to_dict()["segments"] if self.segment_shares else None,
            "allow_list": self.allow.to_dict() if self.allow else None,
            "follow_blocks": [block.to_dict() for block in self.follow_blocks],
            "follow_order": self._follow_order(language),
            "warnings": [_note_dict(note, language) for note in self.warnings],
        }

    def to_json(self, *, indent: int | None = 2, language: str = "en") -> str:
        """Return `to_dict` as strict JSON, ASCII only."""
        return to_json(self.to_dict(language), indent=indent)

    @property
    def follow_blocks(self) -> tuple[FollowBlock, ...]:
        """Bought blocks along the follow order; none where nobody looked."""
        return () if self.blocks is None else self.blocks.blocks

    def _follow_order(self, language: str) -> dict[str, Any] | None:
        """Return what was looked at along the follow order, and what a reader must know of it."""
        if self.blocks is None:
            return None
        found = self.blocks.to_dict()
        kept = {name: found[name] for name in ("n_ordered", "examined", "suspicious_share_lower_bound")}
        return {**kept, "notes": [_note_dict(note, language) for note in self.blocks.notes]}

    @property
    def is_judged(self) -> bool:
        """Whether something is known of the accounts; where all lack evidence, the other segments are not known."""
        return self.histogram.n_scored > 0 or not self.histogram.n_unscored

    def headline(self, language: str = "en") -> str:
        """Return the sentence that stands above everything else."""
        return headline(self.share, language, n_rejected=self.reading.rows_rejected)

    def segment_in_words(self, name: str, language: str = "en") -> tuple[str, str]:
        """Return how many accounts a segment holds and which share of the list; dashes where nobody can know.

        Parameters
        ----------
        name
            One of `SEGMENT_ORDER`.
        language
            ``en`` or ``id``.
        """
        count = self.segments.get(name, 0)
        if not count and not self.is_judged and name in SEGMENTS_BY_SCORE:
            return NOT_JUDGED, NOT_JUDGED
        total = sum(self.segments.values())
        return number(count, language), percent(count / total, language, 1) if total else ""

    def segment_organic_in_words(self, name: str, language: str = "en") -> str:
        """Return which share of a segment its labels call organic, with the interval; empty where too few say.

        Parameters
        ----------
        name
            One of `SEGMENT_ORDER`.
        language
            ``en`` or ``id``.
        """
        found = self.segment_shares[name] if self.segment_shares else None
        if found is None or found.organic_share_labeled is None:
            return ""
        lower, upper = found.organic_share_labeled_ci_lower, found.organic_share_labeled_ci_upper
        assert lower is not None
        assert upper is not None
        range_ = f"{100 * lower:.0f}-{100 * upper:.0f}"
        return say("segment_organic_short", language, share=found.organic_share_labeled, range=range_)

    def _title(self, language: str) -> str:
        return self.headline(language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        unknown = say("unknown", language)
        rows = [
            (say("audit_source", language), self.source),
            (say("audit_platform", language), self.platform or unknown),
            (say("audit_observed_at", language), date(self.observed_at, language) if self.observed_at else unknown),
            (say("audit_accounts", language), number(self.n_accounts, language)),
        ]
        rows += [
            (say(f"verdict_{name}", language), number(self.segments[name], language))
            for name in SEGMENT_ORDER
            if self.segments[name]
        ]
        for index, block in () if self.blocks is None else self.blocks.shown():
            rows.append((say("block_number", language, number=index), block.in_words(language)))
        if self.blocks is not None and self.blocks.n_more:
            rows.append((say("blocks_label", language), say("blocks_more", language, count=self.blocks.n_more)))
        notes = (*self.share.notes, *(() if self.blocks is None else self.blocks.notes), *self.warnings)
        return rows + [(say("share_note", language), say_note(note, language)) for note in notes]


#: Stands where a number would be taken for one that was counted.
NOT_JUDGED = "\u2013"


def audit(
    accounts: AccountTable,
    scores: Scores,
    share: OrganicShare,
    scorer: Scorer,
    n_review_rows: int = 0,
    *,
    segment_shares: SegmentTable | None = None,
    allow: AllowOutcome | None = None,
    frame_signs: tuple[Note, ...] = (),
    blocks: FollowBlocks | None = None,
    follow_map: FollowMap | None = None,
) -> Audit:
    """Put together what is known about one audience.

    Parameters
    ----------
    accounts
        The list.
    scores
        Its scores, in the same order; those after an allow list, where there is one.
    share
        Its organic share.
    scorer
        The model that scored.
    n_review_rows
        Number of accounts to keep as a list to be checked by a person.
    segment_shares, allow, blocks, follow_map
        As in `Audit`.
    frame_signs
        What the list itself says of the part of the followers it holds.

    Returns
    -------
    audit
        Everything in one value.
    """
    line = scorer.thresholds.get(scores.pattern)
    counts, reference = scorer.count_features(accounts), scorer.reference(scores.pattern)
    drift = measure_drift(counts, reference) if counts and reference else None
    return Audit(
        source=accounts.source,
        platform=accounts.platform,
        observed_at=accounts.observed_at,
        list_digest=scores.list_digest,
        botscan_version=BOTSCAN_VERSION,
        model_name=scores.model_name,
        model_sha256=scores.model_sha256,
        pattern=scores.pattern,
        reading=accounts.report,
        evidence_level=accounts.evidence_level,
        coverage=dict(accounts.coverage()),
        share=_withheld(share) if drift and drift.is_far else share,
        drift=drift,
        segments=scores.segments(),
        segment_shares=segment_shares,
        allow=allow,
        histogram=scores.histogram(),
        suspicious_threshold=line.suspicious / STEPS_PER_LOG_ODDS if line else None,
        review_threshold=line.review / STEPS_PER_LOG_ODDS if line else None,
        n_review=_count_true(scores.table["review"]),
        reasons=_count_codes(scores.table["reasons"]),
        counter_evidence=_count_codes(scores.table["counter_evidence"]),
        blocks=blocks,
        follow_map=follow_map,
        warnings=(
            *accounts.report.warnings,
            *_warnings(accounts, scores, scorer),
            *((Note("blocks_not_examined"),) if blocks is None else ()),
            *frame_signs,
            *(segment_shares.notes if segment_shares and share.n_labeled else ()),
            *(allow.notes if allow else ()),
            *(drift.warnings if drift else ()),
        ),
        review_rows=_review_rows(scorer, accounts, scores, n_review_rows, blocks),
    )


def _withheld(share: OrganicShare) -> OrganicShare:
    """Take back that a share is validated, where nobody measured audiences like this one."""
    if not share.validated:
        return share
    return replace(share, validated=False, notes=(*share.notes, Note("not_validated_for_such_audiences")))


def _review_rows(
    scorer: Scorer, accounts: AccountTable, scores: Scores, n: int, blocks: FollowBlocks | None
) -> tuple[ReviewRow, ...]:
    """Gather at most n accounts worth a look, highest score first, with the signs for and against each."""
    log_odds = scores.table["log_odds"].to_numpy()
    worth_a_look = np.flatnonzero(pc.fill_null(scores.table["review"], False).to_numpy())
    order = worth_a_look[np.argsort(-log_odds[worth_a_look], kind="stable")][:n]
    rows = (_review_row(scorer, accounts, scores, int(row)) for row in order)
    if blocks is None:
        return tuple(rows)
    numbers = (int(blocks.block_of[row]) + 1 or None for row in order)
    return tuple(replace(row, block=number) for row, number in zip(rows, numbers, strict=True))


def _review_row(scorer: Scorer, accounts: AccountTable, scores: Scores, row: int) -> ReviewRow:
    names = accounts.table.column_names
    account = accounts.table.select([name for name in ("handle", "display_name") if name in names]).slice(row, 1)
    texts = account.to_pylist()[0]
    found = scores.table.slice(row, 1).to_pylist()[0]
    explanation = scorer.explain(accounts, found["account_id"])
    return ReviewRow(
        account_id=found["account_id"],
        handle=texts.get("handle"),
        display_name=texts.get("display_name"),
        bot_score=found["bot_score"],
        log_odds=found["log_odds"],
        verdict=found["verdict"],
        reasons=_strongest(explanation, 1),
        counter_evidence=_strongest(explanation, -1),
    )


def _strongest(explanation: Explanation, sign: int) -> tuple[tuple[str, float], ...]:
    """Return the three strongest groups that speak for (sign 1) or against (-1) the account being suspicious."""
    speaking = [(group.group, group.log_odds) for group in explanation.groups if group.log_odds * sign > 0]
    return tuple(sorted(speaking, key=lambda pair: -abs(pair[1]))[:3])


def _warnings(accounts: AccountTable, scores: Scores, scorer: Scorer) -> list[Note]:
    """Say what stands against the figures beside what the reader found."""
    notes = []
    histogram = scores.histogram()
    if histogram.n_unscored and not histogram.n_scored:
        notes.append(Note("segments_not_judged", count=histogram.n_unscored))
    if scores.pattern.startswith(f"{GENERAL}/"):
        notes.append(Note("model_of_other_platforms"))
    elif scores.pattern and (n_families := len(scorer.profile(scores.pattern).suspicious)) < FEWEST_FAMILIES:
        notes.append(Note("model_few_sources", count=n_families))
    if accounts.observed_at is None and accounts.coverage().get("created_at"):
        notes.append(Note("observed_at_missing", column="observed_at"))
    return notes


def _count_true(flags: Any) -> int:
    return int(pc.sum(flags, min_count=0).as_py())


def _count_codes(codes: Any) -> dict[str, int]:
    """Count how many accounts carry each code, most frequent first."""
    flat = pc.cast(pc.list_flatten(codes), pa.string())
    counted = Counter({item["values"]: int(item["counts"]) for item in pc.value_counts(flat).to_pylist()})
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _note_dict(note: Note, language: str) -> dict[str, Any]:
    return {
        "code": note.code,
        "column": note.column,
        "count": note.count,
        "numbers": plain(dict(note.numbers)),
        "text": say_note(note, language),
    }
