"""Rules of thumb beside the score."""

from __future__ import annotations

from typing import Any

from botscan.api.lists import read_accounts
from botscan.errors import SchemaError
from botscan.evidence.scores import Scores
from botscan.scoring.compare_rules import RuleComparison
from botscan.scoring.compare_rules import compare_rules as _compare_rules


def compare_rules(accounts: Any, scores: Scores | None = None, **reading: Any) -> RuleComparison:
    """Say what rules of thumb and published rule sets flag on a list, and how far they disagree.

    Parameters
    ----------
    accounts
        Whatever `read_accounts` takes.
    scores
        Scores of this list; its verdicts then stand beside the rules.
    **reading
        Options of `read_accounts`.

    Returns
    -------
    comparison
        One row a rule, rule set and verdict: what it flags, of what it cannot say, which columns are lacking, and
        precision and recall as measured on accounts of known truth. The shares are what each rule of thumb flags,
        no shares of inauthentic followers.

    Raises
    ------
    SchemaError
        The scores are of another list, or no scores at all.

    Examples
    --------
    >>> import botscan as bs
    >>> compared = bs.compare_rules(bs.make_audience(n=300).accounts)
    >>> compared.n_accounts, len(compared.rows) > 10
    (300, True)
    """
    if not isinstance(scores, Scores | None):
        raise SchemaError(
            f"scores is of type {type(scores).__name__}, wanted what score_accounts returns.",
            source="compare_rules",
            remedy="Leave scores out to compare the rules alone.",
        )
    return _compare_rules(read_accounts(accounts, **reading), scores)
