"""Explanation: one account, every table entry behind its score, as data; the entries add up to the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts.table import AccountTable
from botscan.display import Displayed
from botscan.errors import SchemaError
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.evidence.scores import model_entry
from botscan.features.columns import Columns
from botscan.features.extract import extract_matrix
from botscan.features.grid import MISSING, bin_codes, bin_limits
from botscan.features.registry import FEATURE
from botscan.scoring.lookup import N_REASONS, Lookup
from botscan.scoring.model import GROUPS, RESEMBLANCE
from botscan.scoring.rules import RULES
from botscan.wording import figure, number, percent, say


@dataclass(frozen=True)
class FeaturePoints:
    """What one feature of one account adds to its score.

    Attributes
    ----------
    name
        Feature.
    value
        Its value in raw units.
    low, high
        Limits of its bin: low <= value < high; None where there is no limit.
    log_odds
        Table entry of that bin.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    log_odds: float


@dataclass(frozen=True)
class GroupPoints:
    """What the features that tell one story add together.

    Attributes
    ----------
    group
        Name of the story, as in the reasons of `botscan.evidence.scores.Scores`.
    log_odds
        Sum over its features.
    features
        Largest first, by size.
    """

    group: str
    log_odds: float
    features: tuple[FeaturePoints, ...]


@dataclass(frozen=True)
class PairPoints:
    """What two features of one account, taken together, add to the sum of the pairs.

    Attributes
    ----------
    features
        The two features; their values stand in the groups.
    log_odds
        Table entry of their levels.
    """

    features: tuple[str, str]
    log_odds: float


@dataclass(frozen=True)
class Resemblance:
    """How much an account resembles batches of known sellers: the second layer of a score, which can only add.

    Attributes
    ----------
    log_odds
        What it adds: the sum of the pairs where that is positive, else 0. Most people's sums are not.
    pairs_sum
        All pairs together.
    pairs
        Every known pair, largest first, by size.
    """

    log_odds: float
    pairs_sum: float
    pairs: tuple[PairPoints, ...]


@dataclass(frozen=True)
class Explanation(Displayed):
    """Why an account has its score.

    Attributes
    ----------
    account_id
        The account.
    platform
        Platform of its list.
    model_name, model_sha256, pattern
        What scored it; pattern is empty when none fits the list.
    log_odds, bot_score
        The score; None when too little is known.
    verdict, review
        As in `botscan.evidence.scores.Scores`.
    known_share
        Share of the model's spread on fields known for this account, in [0, 1].
    intercept
        Log-odds every score of this platform starts from.
    groups
        Stories, largest first, by size; ``intercept`` plus their log-odds is the score. Empty without a score.
    not_known
        Canonical columns the pattern reads that are not known for this account.
    rules
        Named rules that hold; they are no part of the score.
    resemblance
        The pairs behind the group ``resemblance``; None where the pattern has no pairs.
    suspicious_threshold, review_threshold
        Log-odds from which an account shows signs, or is worth a look; None when no pattern fits the list. They say
        how the score is read and are no part of `to_dict`.
    """

    account_id: str
    platform: str | None
    model_name: str
    model_sha256: str
    pattern: str
    log_odds: float | None
    bot_score: float | None
    verdict: str
    review: bool | None
    known_share: float
    intercept: float
    groups: tuple[GroupPoints, ...]
    not_known: tuple[str, ...]
    rules: tuple[str, ...]
    resemblance: Resemblance | None = None
    suspicious_threshold: float | None = None
    review_threshold: float | None = None

    @property
    def reasons_for(self) -> tuple[GroupPoints, ...]:
        """The stories that speak most for signs of inauthenticity, at most three, largest first."""
        return tuple(group for group in self.groups if group.log_odds > 0)[:N_REASONS]

    @property
    def reasons_against(self) -> tuple[GroupPoints, ...]:
        """The stories that speak most against, at most three, largest first."""
        return tuple(group for group in self.groups if group.log_odds < 0)[:N_REASONS]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain data, what scored in one object."""
        fields = super().to_dict()
        del fields["suspicious_threshold"], fields["review_threshold"]
        model = model_entry(*(fields.pop(name) for name in ("model_name", "model_sha256", "pattern")))
        return {"model": model, **fields}

    def _title(self, language: str) -> str:
        return say("explain_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = [
            (say("explain_account", language), self.account_id),
            (say("explain_verdict", language), say(f"verdict_{self.verdict}", language)),
        ]
        if self.log_odds is not None and self.bot_score is not None:
            rows += [
                (say("explain_bot_score", language), number(self.bot_score, language, 3)),
                (say("explain_score", language), _signed(self.log_odds, language)),
                (say("explain_intercept", language), _signed(self.intercept, language)),
            ]
        for group in self.groups:
            rows.append((say(f"group_{group.group}", language), _signed(group.log_odds, language)))
            rows += [
                (f"- {say(f'feature_{item.name}', language)}", _told(item, language))
                for item in group.features
                if item.log_odds != 0
            ]
        rows.append((say("explain_known_share", language), percent(self.known_share, language)))
        if self.not_known:
            rows.append((say("explain_not_known", language), ", ".join(self.not_known)))
        rows += [(say("explain_rule", language), say(f"rule_{rule}", language)) for rule in self.rules]
        return rows


def row_of(accounts: AccountTable, account: str) -> pa.Table:
    """Return the row of the account with this id or, failing that, this handle; one row.

    Raises
    ------
    SchemaError
        The list holds no such account, or several of that handle.
    """
    table = accounts.table
    position = pc.index(table["account_id"], pa.scalar(account, pa.large_string())).as_py()
    if position >= 0:
        return table.slice(position, 1)
    n_found = 0
    if "handle" in table.column_names:
        handle = account.strip().removeprefix("@").lower()
        found = table.filter(pc.equal(pc.utf8_lower(table["handle"]), handle))
        n_found = found.num_rows
        if n_found == 1:
            return found
    if n_found:
        raise SchemaError(
            f"{n_found} accounts of this list share that handle.", source=accounts.source, remedy="Give the id."
        )
    raise SchemaError(
        f"None of the {accounts.n_accounts} accounts has that id or handle.",
        source=accounts.source,
        remedy="Give the id exactly as it stands in the list, leading zeros included.",
    )


def explain_row(
    row: pa.Table,
    scored: Mapping[str, Any],
    lookup: Lookup | None,
    *,
    platform: str | None,
    pattern: str,
    model_name: str,
    model_sha256: str,
) -> Explanation:
    """Explain one scored row.

    Parameters
    ----------
    row
        The account in canonical columns, one row.
    scored
        Its row of `botscan.evidence.scores.SCORE_SCHEMA`.
    lookup
        Tables it was scored with; None when no pattern fits its list.
    platform, pattern, model_name, model_sha256
        For the record.
    """
    points = _feature_points(row, lookup) if lookup else ()
    resemblance = _resemblance(row, lookup) if lookup else None
    columns = Columns(row)
    return Explanation(
        account_id=scored["account_id"],
        platform=platform,
        model_name=model_name,
        model_sha256=model_sha256,
        pattern=pattern,
        log_odds=scored["log_odds"],
        bot_score=scored["bot_score"],
        verdict=scored["verdict"],
        review=scored["review"],
        known_share=scored["known_share"],
        intercept=lookup.intercept / STEPS_PER_LOG_ODDS if lookup else 0.0,
        groups=_groups(points, resemblance) if scored["log_odds"] is not None else (),
        not_known=_not_known(row, lookup) if lookup else (),
        rules=tuple(rule.name for rule in RULES if rule.holds(columns)[0]),
        resemblance=resemblance,
        suspicious_threshold=lookup.thresholds.suspicious / STEPS_PER_LOG_ODDS if lookup else None,
        review_threshold=lookup.thresholds.review / STEPS_PER_LOG_ODDS if lookup else None,
    )


def _feature_points(row: pa.Table, lookup: Lookup) -> tuple[FeaturePoints, ...]:
    matrix = extract_matrix(row, lookup.features)
    codes = bin_codes(matrix, lookup.features)[0]
    return tuple(
        FeaturePoints(
            name,
            _shortest(matrix[0, position]),
            *bin_limits(name, int(code)),
            # What only pairs use is told as well: it speaks in the resemblance.
            int(lookup.points[position, code]) / STEPS_PER_LOG_ODDS if position < len(lookup.points) else 0.0,
        )
        for position, (name, code) in enumerate(zip(lookup.features, codes, strict=True))
        if code != MISSING
    )


def _resemblance(row: pa.Table, lookup: Lookup) -> Resemblance | None:
    if lookup.memory is None:
        return None
    codes = lookup.codes(row)
    pairs = []
    for pair in lookup.memory.known_from(lookup.features):
        levels = []
        for name in pair.features:
            code = codes[0, lookup.features.index(name)]
            levels.append(None if code == MISSING else lookup.memory.levels[name][code])
        if None not in levels:
            pairs.append(PairPoints(pair.features, int(pair.steps[levels[0], levels[1]]) / STEPS_PER_LOG_ODDS))
    total = int(lookup.memory_sums(codes)[0])
    return Resemblance(
        log_odds=max(total, 0) / STEPS_PER_LOG_ODDS,
        pairs_sum=total / STEPS_PER_LOG_ODDS,
        pairs=tuple(sorted(pairs, key=lambda item: -abs(item.log_odds))),
    )


def _groups(points: tuple[FeaturePoints, ...], resemblance: Resemblance | None) -> tuple[GroupPoints, ...]:
    groups = []
    if resemblance is not None and resemblance.log_odds:
        groups.append(GroupPoints(RESEMBLANCE, resemblance.log_odds, ()))
    for group in GROUPS:
        members = [item for item in points if FEATURE[item.name].group == group]
        # Whole steps, so that a sum is exact and the same in any order.
        total = sum(round(item.log_odds * STEPS_PER_LOG_ODDS) for item in members)
        if members:
            ordered = tuple(sorted(members, key=lambda item: -abs(item.log_odds)))
            groups.append(GroupPoints(group, total / STEPS_PER_LOG_ODDS, ordered))
    return tuple(sorted(groups, key=lambda item: -abs(item.log_odds)))


def _not_known(row: pa.Table, lookup: Lookup) -> tuple[str, ...]:
    codes = lookup.codes(row)[0]
    needed = dict.fromkeys(
        column
        for name, code in zip(lookup.features, codes, strict=True)
        if code == MISSING
        for column in FEATURE[name].needs
    )
    return tuple(name for name in needed if name not in row.column_names or row[name].null_count)


def _shortest(value: np.float32) -> float:
    """Return the shortest decimal that is this float32: 0.1 and not 0.10000000149."""
    return float(np.format_float_positional(value, unique=True))


def _told(item: FeaturePoints, language: str) -> str:
    points = _signed(item.log_odds, language)
    if FEATURE[item.name].unit == "" and item.high in (None, 0.5) and item.low in (None, 0.5):
        return f"{say('explain_yes' if item.value >= 0.5 else 'explain_no', language)}: {points}"
    value = figure(item.value, language)
    low, high = (None if limit is None else figure(limit, language) for limit in (item.low, item.high))
    if low is None and item.value == 0:
        return f"{value}: {points}"
    if low is None:
        return say("explain_below", language, value=value, high=high, points=points)
    if high is None:
        return say("explain_from", language, value=value, low=low, points=points)
    return say("explain_between", language, value=value, low=low, high=high, points=points)


def _signed(log_odds: float, language: str) -> str:
    return ("+" if log_odds > 0 else "") + number(log_odds, language, 2)
