"""compare_audits: subtract what may be subtracted, say why the rest may not."""

from __future__ import annotations

import pyarrow as pa

from botscan.audit import Audit
from botscan.audit_comparison.block_changes import block_changes, block_notes
from botscan.audit_comparison.common_accounts import CommonAccounts, match_accounts
from botscan.audit_comparison.common_frame import (
    comparison_notes,
    has_same_accounts,
    is_same_list,
    is_same_model,
    why_not_comparable,
)
from botscan.audit_comparison.comparison import AuditComparison, SegmentChange
from botscan.audit_comparison.reading import AuditLike, read_audit, source_of
from botscan.audit_comparison.summary import AuditSummary, Interval, Warned
from botscan.display import DIGITS
from botscan.errors import FormatError, SchemaError
from botscan.evidence.scores import SEGMENT_ORDER, Scores
from botscan.notes import Note
from botscan.prevalence.intervals import difference_interval


def compare_audits(
    before: AuditLike,
    after: AuditLike,
    *,
    scores_before: Scores | None = None,
    scores_after: Scores | None = None,
) -> AuditComparison:
    """Compare two audits of one audience: a later list, or the same list under another model.

    The organic shares are subtracted only when they speak of the same thing; otherwise the difference is None and
    `reasons` say why and what to do. The interval of the difference is made from the two intervals as if the errors
    were independent; where they go together, as with the same labels or one model, it is rather too wide, and a note
    says so. It can be too narrow where the labels of the two audits are of different accounts of one list and together
    more than half of it: the errors then go against each other, and a note says so too.

    The same accounts seen at two times are not one list: a difference is then one of these accounts.

    Blocks of followers who came together are matched by their accounts where both audits are in memory; saved ones name
    no accounts, and there the dates of following and of creation tell.

    Parameters
    ----------
    before, after
        The earlier and the later audit: what `audit` returns, its `to_dict()`, or the path of a file that
        ``botscan audit --json`` wrote; ``-`` for one of them is standard input.
    scores_before, scores_after
        Scores of the two lists, both or neither: what became of the accounts that stand in both is then counted. No
        account is ever named.

    Returns
    -------
    comparison
        After minus before, with intervals.

    Raises
    ------
    FormatError, SchemaError
        A file is no audit, is of another version or contradicts itself; both are to come from standard input; the
        audits stand in the wrong order; or the scores are not those of the audits.

    References
    ----------
    .. [1] Zou, G. Y., Donner, A. (2008). Construction of confidence limits about effect measures: a general approach.
       Statistics in Medicine 27(10), 1693-1702. https://doi.org/10.1002/sim.3095

    Examples
    --------
    >>> import botscan as bs
    >>> audience = bs.make_audience(n=300)
    >>> ids = audience.accounts.table["account_id"].to_pylist()
    >>> labels = [{"account_id": one, "is_suspicious": bool(bad)} for one, bad in zip(ids, audience.is_suspicious)]
    >>> first, second = (bs.audit(audience.accounts, labels[:n], frame="full") for n in (80, 200))
    >>> comparison = compare_audits(first, second.to_dict())
    >>> comparison.difference_ci_lower < comparison.difference < comparison.difference_ci_upper
    True
    """
    if isinstance(before, str) and isinstance(after, str) and before == after == "-":
        raise FormatError(
            "Two audits cannot both be read from it.", source="standard input", remedy="Give the path of one of them."
        )
    first, second = read_audit(before, "before"), read_audit(after, "after")
    days = _days_between(first, second, f"{source_of(before, 'before')} and {source_of(after, 'after')}")
    digests = _check_scores(first, second, scores_before, scores_after)
    same_list = is_same_list(first, second, digests)
    same_accounts = same_list or has_same_accounts(first, second, digests)
    reasons = why_not_comparable(first, second, same_accounts=same_accounts)
    share, counts = (None, None) if reasons else _differences(first, second)
    notes = comparison_notes(
        first,
        second,
        same_list=same_list,
        same_accounts=same_accounts,
        has_difference=share is not None,
        days=days,
    )
    common, common_notes = _common_accounts(first, second, scores_before, scores_after)
    marked = _marked_accounts(before, after) if first.has_own_ids and second.has_own_ids else None
    blocks = block_changes(first, second, marked, same_accounts=same_accounts)
    levels = {first.share.confidence_level, second.share.confidence_level}
    difference, lower, upper = share or (None, None, None)
    count_difference, count_lower, count_upper = counts or (None, None, None)
    return AuditComparison(
        before=first,
        after=second,
        days_between=days,
        is_same_list=same_list,
        confidence_level=levels.pop() if len(levels) == 1 else None,
        validated=first.share.validated and second.share.validated,
        difference=difference,
        difference_ci_lower=lower,
        difference_ci_upper=upper,
        organic_count_difference=count_difference,
        organic_count_difference_ci_lower=count_lower,
        organic_count_difference_ci_upper=count_upper,
        segments={name: _segment_change(name, first, second) for name in SEGMENT_ORDER},
        segments_comparable=first.platform == second.platform and is_same_model(first, second),
        new_warnings=_only_in(second, first),
        gone_warnings=_only_in(first, second),
        common_accounts=common,
        follow_blocks=blocks,
        reasons=reasons,
        notes=(*notes, *block_notes(first, second, blocks), *common_notes),
    )


def _days_between(before: AuditSummary, after: AuditSummary, sources: str) -> int | None:
    """Return whole days, because one of two lists of a day may have been dated without an hour."""
    if before.observed_at is None or after.observed_at is None:
        return None
    days = (after.observed_at.date() - before.observed_at.date()).days
    if days < 0:
        raise SchemaError(
            f"The audits stand in the wrong order: the second list was seen {-days} days before the first.",
            source=sources,
            remedy="Give the earlier audit first.",
        )
    return days


def _differences(before: AuditSummary, after: AuditSummary) -> tuple[Interval, tuple[int, int, int] | None]:
    """Return the difference of the shares, and of the organic followers where both are counted."""
    if before.interval is None or after.interval is None:
        raise AssertionError("two shares without an interval have a reason")
    difference, lower, upper = (round(value, DIGITS) for value in difference_interval(after.interval, before.interval))
    if before.organic_followers is None or after.organic_followers is None:
        return (difference, lower, upper), None
    counts = difference_interval(after.organic_followers, before.organic_followers)
    count, count_lower, count_upper = (round(value) for value in counts)
    return (difference, lower, upper), (count, count_lower, count_upper)


def _segment_change(name: str, before: AuditSummary, after: AuditSummary) -> SegmentChange:
    first, second = before.segments[name], after.segments[name]
    if first is None or second is None:
        return SegmentChange(first, second, None, None)
    has_shares = before.n_accounts > 0 and after.n_accounts > 0
    share = round(second / after.n_accounts - first / before.n_accounts, DIGITS) if has_shares else None
    return SegmentChange(first, second, second - first, share)


def _only_in(one: AuditSummary, other: AuditSummary) -> tuple[Warned, ...]:
    told = {(warned.code, warned.column) for warned in other.warnings}
    return tuple(warned for warned in one.warnings if (warned.code, warned.column) not in told)


def _check_scores(
    before: AuditSummary, after: AuditSummary, scores_before: Scores | None, scores_after: Scores | None
) -> tuple[str, str] | None:
    """Return the digests of the two lists, or None when no scores were given."""
    if scores_before is None and scores_after is None:
        return None
    digests = []
    for name, audit, scores in (("before", before, scores_before), ("after", after, scores_after)):
        if not isinstance(scores, Scores):
            raise SchemaError(
                f"scores_{name} is of type {type(scores).__name__}; wanted scores of both lists, or of neither.",
                source="compare_audits",
                remedy="Give what bs.score_accounts returns for each list.",
            )
        made_by = (scores.n_accounts, scores.model_sha256, scores.pattern, scores.platform)
        if made_by != (audit.n_accounts, audit.model_sha256, audit.pattern, audit.platform):
            raise SchemaError(
                f"scores_{name} is not of the list or the model of that audit.",
                source="compare_audits",
                remedy="Score the list that was audited, with the model that the audit names.",
            )
        digests.append(scores.list_digest)
    return digests[0], digests[1]


def _common_accounts(
    before: AuditSummary, after: AuditSummary, scores_before: Scores | None, scores_after: Scores | None
) -> tuple[CommonAccounts | None, tuple[Note, ...]]:
    """Match the accounts of two lists, where an id means the same account in both."""
    if scores_before is None or scores_after is None or before.platform != after.platform:
        return None, ()
    if not (before.has_own_ids and after.has_own_ids):
        return None, (Note("compare_ids_made"),)
    common = match_accounts(scores_before, scores_after)
    is_odd = not common.n_common and common.n_only_before and common.n_only_after
    return common, (Note("compare_none_common"),) if is_odd else ()


def _marked_accounts(before: AuditLike, after: AuditLike) -> tuple[pa.Table, pa.Table] | None:
    """Return the accounts that show the signs of blocks, where both audits are in memory and hold some."""
    marked = [one.blocks.marked for one in (before, after) if isinstance(one, Audit) and one.blocks is not None]
    return (marked[0], marked[1]) if len(marked) == 2 and all(one.num_rows for one in marked) else None
