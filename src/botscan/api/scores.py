"""Lists scored: features, scores, explanations, files in and files out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botscan.api.allowing import KeyLike, with_allow_list
from botscan.api.lists import read_accounts, read_posts, reading_options
from botscan.batch.score import ScoredFiles
from botscan.batch.score import score_files as _score_files
from botscan.errors import SchemaError
from botscan.evidence.scores import Scores
from botscan.features.cadence import extract_cadence, join_posts
from botscan.features.extract import extract_features as _extract_features
from botscan.scoring.cadence_rules import tell_cadence
from botscan.scoring.explain import Explanation
from botscan.scoring.scorer import Scorer, load_model

if TYPE_CHECKING:
    import pandas as pd

#: A model folder, a loaded model, or None for the model that ships inside.
ModelLike = Scorer | str | os.PathLike[str] | None


def extract_features(accounts: Any, posts: Any = None, **reading: Any) -> pd.DataFrame:
    """Compute every feature of every account.

    Parameters
    ----------
    accounts
        Whatever `read_accounts` takes.
    posts
        Posts of these accounts, whatever `read_posts` takes; they add the columns of
        `botscan.features.cadence.POST_FEATURES`, which are no part of any score. An account without a post in them
        has ``n_posts_seen`` 0 and nothing else known there. Posts of others are left out.
    **reading
        Options of `read_accounts`.

    Returns
    -------
    features
        float32, one row an account in the order of the accounts, index ``account_id``, raw units, NaN = unknown.

    Raises
    ------
    SchemaError
        The posts are of another platform than the accounts, or none of them says whose it is.

    Examples
    --------
    >>> import botscan as bs
    >>> features = bs.extract_features([{"account_id": "7", "followers_count": 12}], platform="twitter")
    >>> float(features.loc["7", "followers_count"])
    12.0
    >>> posts = [{"account_id": "7", "posted_at": f"2026-05-0{day}"} for day in (1, 1, 2)]
    >>> bs.extract_features([{"account_id": "7"}], posts, platform="twitter")["posts_per_active_day"].tolist()
    [1.5]
    """
    table = read_accounts(accounts, **reading)
    features = _extract_features(table)
    if posts is None:
        return features
    return features.join(extract_cadence(read_posts(posts, platform=table.platform), table))


def score_accounts(
    accounts: Any,
    posts: object = None,
    *,
    model: ModelLike = None,
    allow: Any = None,
    key: KeyLike = None,
    **reading: Any,
) -> Scores:
    """Score every account of a list with the signs its profile shows.

    Parameters
    ----------
    accounts
        Whatever `read_accounts` takes.
    posts
        Not used yet; anything but None is refused.
    model
        Model folder or loaded model; None for the one that ships inside.
    allow
        Accounts that a person has looked at (own staff, partners, appeals): whatever `read_allow_list` takes. Their
        scores stay; they are neither called suspicious nor marked for review.
    key
        Key, or key file, of the pseudonyms in the allow list.
    **reading
        Options of `read_accounts`.

    Returns
    -------
    scores
        One row an account, in order: log-odds, bot_score in [0, 1], verdict, reasons for and against. A verdict
        speaks of signs; it is no statement about a person.

    Examples
    --------
    >>> import botscan as bs
    >>> scores = bs.score_accounts(bs.make_audience(n=300).accounts)
    >>> scores.n_accounts, sum(scores.segments().values())
    (300, 300)
    """
    _refuse_posts(posts)
    table = read_accounts(accounts, **reading)
    scores, _ = with_allow_list(table, as_scorer(model).score(table), allow, key)
    return scores


def explain_account(
    accounts: Any, account: str | int, *, posts: Any = None, model: ModelLike = None, **reading: Any
) -> Explanation:
    """Explain the score of one account: the signs for and against, which add up to it.

    Parameters
    ----------
    accounts
        Whatever `read_accounts` takes.
    account
        Id of the account as in the list, or its handle.
    posts
        Its posts, among those of others or not, whatever `read_posts` takes; named rules then speak of when and what
        it posts. They are told beside the score and are no part of it. Posts name an account by its id or, behind an
        @, by its handle, as for `extract_features`. Where none is of this account, ``not_known`` names ``posts``.
    model
        Model folder or loaded model; None for the one that ships inside.
    **reading
        Options of `read_accounts`.

    Raises
    ------
    SchemaError
        The list does not hold the account, or several of that handle; the posts are of another platform, or none of
        them says whose it is.
    """
    table = read_accounts(accounts, **reading)
    explanation = as_scorer(model).explain(table, str(account))
    if posts is None:
        return explanation
    joined = join_posts(read_posts(posts, platform=table.platform), table)
    told = tell_cadence(joined, explanation.account_id)
    if explanation.account_id not in joined.table["account_id"].to_pylist():
        # Posts of others say nothing of this account, and that is not the same as nothing to say.
        return replace(explanation, not_known=(*explanation.not_known, "posts"))
    return replace(explanation, rules=(*explanation.rules, *(one.rule for one in told)))


def score_files(
    sources: Sequence[str],
    output: str,
    *,
    model: ModelLike = None,
    on_rows: Callable[[int], None] | None = None,
    **reading: Any,
) -> ScoredFiles:
    """Score files into one file, record by record, in flat memory; see `botscan.batch.score.score_files`.

    Parameters
    ----------
    sources
        Files to read, in order.
    output
        File to write: ``.parquet``, ``.csv`` or ``.jsonl``.
    model
        Model folder or loaded model; None for the one that ships inside.
    on_rows
        Called with the number of records after each batch.
    **reading
        Options of `read_accounts`.
    """
    return _score_files(sources, output, scorer=as_scorer(model), reading=reading_options(reading), on_rows=on_rows)


def as_scorer(model: ModelLike) -> Scorer:
    """Return a loaded model."""
    if isinstance(model, Scorer):
        return model
    if model is None or isinstance(model, str | os.PathLike):
        return load_model(model)
    raise SchemaError(
        f"model is of type {type(model).__name__}, wanted the path of a model folder or what load_model returns.",
        remedy="Leave model out to use the one that ships.",
    )


def _refuse_posts(posts: object) -> None:
    if posts is not None:
        raise SchemaError(
            "posts were given, but a score reads profiles only.",
            source="posts",
            remedy="Give them to extract_features, or to explain_account: rules on posts are told beside the score.",
        )
