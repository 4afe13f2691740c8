"""Scorer: from accounts to Scores, with the tables of a model; pure, immutable, the same bits everywhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.accounts.records import AccountRecords
from botscan.accounts.table import AccountTable
from botscan.errors import ModelError
from botscan.evidence.feature_counts import FeatureCounts
from botscan.evidence.feature_reference import FeatureReference
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.evidence.profile import ScoreProfile
from botscan.evidence.scores import SCORE_SCHEMA, Scores
from botscan.features.columns import Columns
from botscan.features.extract import BATCH_ROWS
from botscan.scoring.card import model_from_bundle
from botscan.scoring.explain import Explanation, explain_row, row_of
from botscan.scoring.logistic import logistic_table
from botscan.scoring.lookup import BatchScores, Lookup
from botscan.scoring.model import Model, Thresholds
from botscan.scoring.model_files import find_default_model, read_bundle
from botscan.scoring.patterns import GENERAL, Pattern, choose_pattern
from botscan.scoring.rules import is_spared, verdict_conditions
from botscan.scoring.verdicts import assign_verdicts


def load_model(path: str | os.PathLike[str] | None = None) -> Scorer:
    """Load a model folder, the one that ships when no path is given.

    Parameters
    ----------
    path
        Folder with a card.json and its arrays.

    Raises
    ------
    ModelError
        The folder is missing, damaged, of an unknown version, or says what cannot be.

    Examples
    --------
    >>> load_model().name
    'botscan-default'
    """
    return _shipped_model() if path is None else Scorer.of(model_from_bundle(read_bundle(path)))


@cache
def _shipped_model() -> Scorer:
    """Load the model that ships, once; it never changes while the program runs."""
    return Scorer.of(model_from_bundle(read_bundle(find_default_model())))


@dataclass(frozen=True, eq=False)
class Scorer:
    """A loaded model, ready to score.

    Attributes
    ----------
    model
        What the card says.
    lookups
        Pattern id -> look-up tables.
    lowest
        Score of the first entry of `bot_scores`, in steps.
    bot_scores
        bot_score of every score that can occur, in (0, 1), rising.
    """

    model: Model
    lookups: Mapping[str, Lookup] = field(repr=False)
    lowest: int = field(repr=False)
    bot_scores: NDArray[np.float64] = field(repr=False)

    @classmethod
    def of(cls, model: Model) -> Scorer:
        """Lay out the tables of a model."""
        lookups = {
            pattern.pattern.id: Lookup.of(section, pattern)
            for section in model.sections.values()
            for pattern in section.patterns
        }
        lowest = min(lookup.range[0] for lookup in lookups.values())
        highest = max(lookup.range[1] for lookup in lookups.values())
        bot_scores = logistic_table(lowest, highest)
        bot_scores.flags.writeable = False
        return cls(model, MappingProxyType(lookups), lowest, bot_scores)

    @property
    def name(self) -> str:
        """Name of the model."""
        return self.model.name

    @property
    def sha256(self) -> str:
        """Digest of the model's card, which holds the digests of its arrays."""
        return self.model.sha256

    @property
    def patterns(self) -> Mapping[str, tuple[Pattern, ...]]:
        """Evidence patterns per platform, richest first."""
        return {
            platform: tuple(item.pattern for item in section.patterns)
            for platform, section in self.model.sections.items()
        }

    @property
    def thresholds(self) -> Mapping[str, Thresholds]:
        """Lines of ``suspicious`` and of ``review`` per pattern id, in steps of 0.05 log-odds."""
        return {pattern_id: lookup.thresholds for pattern_id, lookup in self.lookups.items()}

    def choose_pattern(self, platform: str | None, coverage: Mapping[str, float]) -> Pattern | None:
        """Choose the richest evidence pattern that a list of this coverage meets; None when there is none.

        Parameters
        ----------
        platform
            Platform of the list; one without a section of its own is judged by ``general``.
        coverage
            Canonical column -> share of rows in which it is known.

        Raises
        ------
        ModelError
            The model has tables neither for the platform nor for platforms in general.
        """
        if platform not in self.model.sections and GENERAL not in self.model.sections:
            raise ModelError(
                f"The model {self.name} scores {', '.join(self.model.sections)} only; the list is of"
                f" {platform or 'an unknown platform'}.",
                remedy="Use the model that ships, or one that was trained on lists of this platform.",
            )
        return choose_pattern(self.patterns, platform, coverage)

    def profile(self, pattern_id: str) -> ScoreProfile:
        """Return how left-out accounts of known truth scored under a pattern."""
        for section in self.model.sections.values():
            for item in section.patterns:
                if item.pattern.id == pattern_id:
                    return item.profile
        raise ModelError(
            f"The model {self.name} has no pattern {pattern_id!r}.", remedy=f"It has {', '.join(self.lookups)}."
        )

    def reference(self, pattern_id: str) -> FeatureReference | None:
        """Return what the accounts behind a pattern's model look like; None where no pattern fits or it is not told."""
        section = self.model.sections.get(pattern_id.split("/", maxsplit=1)[0])
        return section.reference if section else None

    def count_features(self, accounts: AccountTable) -> FeatureCounts | None:
        """Count the scored accounts of a list per bin and feature, to be compared with `reference`.

        Parameters
        ----------
        accounts
            The list; its coverage decides the pattern.

        Returns
        -------
        counts
            None where no pattern fits the list, or the model does not tell what it learned from.
        """
        pattern = self.choose_pattern(accounts.platform, accounts.coverage())
        reference = self.reference(pattern.id) if pattern else None
        if pattern is None or reference is None:
            return None
        lookup = self.lookups[pattern.id]
        total = None
        for start in range(0, max(accounts.n_accounts, 1), BATCH_ROWS):
            codes = lookup.codes(accounts.table.slice(start, BATCH_ROWS))
            # A mask turns the rows the other way round in memory; counting goes down the columns.
            scored = np.asfortranarray(codes[lookup.look_up(codes).is_scored])
            part = FeatureCounts.from_codes(
                scored,
                lookup.features,
                reference.tree,
                model=self.sha256,
                pattern=pattern.id,
                grid_version=self.model.grid_version,
            )
            total = part if total is None else total + part
        return total

    def score(self, accounts: AccountTable) -> Scores:
        """Score a whole list under the pattern its coverage allows.

        Parameters
        ----------
        accounts
            The list.

        Returns
        -------
        scores
            One row an account, in order. Where no pattern fits, every score is null and nobody is judged.
        """
        pattern = self.choose_pattern(accounts.platform, accounts.coverage())
        return Scores(
            table=self._score_table(accounts.table, pattern, np.zeros(accounts.n_accounts, dtype=np.bool_)),
            model_name=self.name,
            model_sha256=self.sha256,
            pattern=pattern.id if pattern else "",
            platform=accounts.platform,
            observed_at=accounts.observed_at,
            list_digest=accounts.digest,
            source=accounts.source,
        )

    def score_records(self, records: AccountRecords, pattern: Pattern | None) -> pa.Table:
        """Score one batch of records, one row out a record in, in order.

        Parameters
        ----------
        records
            Typed records; a rejected one has a null id, a null score and the verdict ``unknown``.
        pattern
            Pattern of the whole list; a batch never decides.

        Returns
        -------
        table
            Arrow table in `SCORE_SCHEMA`.
        """
        is_rejected = np.asarray(records.reject_reasons.is_valid().to_numpy(zero_copy_only=False))
        return self._score_table(records.table, pattern, is_rejected)

    def explain(self, accounts: AccountTable, account: str) -> Explanation:
        """Explain the score of one account of a list: every table entry, which together are the score.

        Parameters
        ----------
        accounts
            The list it stands in; the list decides the pattern.
        account
            Its id or, failing that, its handle.

        Raises
        ------
        SchemaError
            The list holds no such account, or several of that handle.
        """
        pattern = self.choose_pattern(accounts.platform, accounts.coverage())
        row = row_of(accounts, account)
        scored = self._score_table(row, pattern, np.zeros(1, dtype=np.bool_))
        return explain_row(
            row,
            scored.to_pylist()[0],
            self.lookups[pattern.id] if pattern else None,
            platform=accounts.platform,
            pattern=pattern.id if pattern else "",
            model_name=self.name,
            model_sha256=self.sha256,
        )

    def _score_table(self, table: pa.Table, pattern: Pattern | None, is_rejected: NDArray[np.bool_]) -> pa.Table:
        parts = [
            self._score_batch(table.slice(start, BATCH_ROWS), pattern, is_rejected[start : start + BATCH_ROWS])
            for start in range(0, table.num_rows, BATCH_ROWS)
        ]
        return pa.concat_tables(parts) if parts else SCORE_SCHEMA.empty_table()

    def _score_batch(self, table: pa.Table, pattern: Pattern | None, is_rejected: NDArray[np.bool_]) -> pa.Table:
        n_rows = len(is_rejected)
        if pattern is None:
            batch, line = BatchScores.unknown(n_rows), Thresholds(0, 0)
        else:
            lookup = self.lookups[pattern.id]
            batch, line = lookup.look_up(lookup.codes(table)), lookup.thresholds
        is_scored = batch.is_scored & ~is_rejected
        unscored = ~is_scored
        columns = Columns(table)
        conditions = {
            **verdict_conditions(columns),
            "unknown": unscored,
            "suspicious": (batch.steps >= line.suspicious) & ~is_spared(columns),
        }
        bot_score = self.bot_scores.take(np.where(is_scored, batch.steps - self.lowest, 0))
        return pa.table(
            [
                _column(table, "account_id", pa.large_string()),
                pa.array(batch.steps / STEPS_PER_LOG_ODDS, mask=unscored),
                pa.array(bot_score, mask=unscored),
                assign_verdicts(conditions),
                pa.array(batch.steps >= line.review, mask=unscored),
                pa.array(batch.known_share, mask=is_rejected),
                batch.reasons(is_shown=is_scored),
                batch.counter_evidence(is_shown=is_scored),
                _column(table, "follow_rank", pa.int64()),
            ],
            schema=SCORE_SCHEMA,
        )


def _column(table: pa.Table, name: str, kind: pa.DataType) -> pa.ChunkedArray | pa.Array:
    return table[name] if name in table.column_names else pa.nulls(table.num_rows, kind)
