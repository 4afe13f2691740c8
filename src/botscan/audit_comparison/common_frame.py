"""Whether two organic shares speak of the same thing: only then is their difference one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time

from botscan.audit_comparison.summary import AuditSummary
from botscan.notes import Note

#: Methods that answer the same question in the same way.
_FAMILY = dict.fromkeys(("ppi_wilson", "stratified", "exact"), "labels")
#: A whole audience seldom more than doubles or halves within a month, or changes more than tenfold at all; of two lists
#: that are said to be whole and do, one is likely a part. A choice, wide enough for steady growth to pass.
_MOST_IN_A_MONTH, _MONTH, _MOST_EVER = 2, 31, 10
#: Labels of two audits, as a part of one list, above which it matters that they are of different accounts.
_MOST_LABELED_APART = 0.5
#: Estimands that people decide; no model is part of their meaning.
_OF_RATERS = ("not_suspicious_to_raters", "not_suspicious_corrected")


def is_same_list(before: AuditSummary, after: AuditSummary, digests: tuple[str, str] | None) -> bool:
    """Tell whether both audits are of one list, as far as it can be known.

    Parameters
    ----------
    before, after
        The audits.
    digests
        Digests of the two lists, when their scores are at hand. Without them those of the audits count; older audits
        have none, and there a list is the same when it has the same file name, was seen at the same instant and gave
        the same number of rows of each kind. The same accounts seen at two times are two lists; of a day without an
        hour any hour of it may be meant.
    """
    of_accounts = _have_equal_digests(before, after, digests)
    if of_accounts is not None:
        return of_accounts and _may_be_one_instant(before.observed_at, after.observed_at)
    if before.observed_at is None:
        return False
    return _known_by(before) == _known_by(after)


def has_same_accounts(before: AuditSummary, after: AuditSummary, digests: tuple[str, str] | None) -> bool:
    """Tell whether both lists are known to hold the same accounts, whenever they were seen.

    Parameters
    ----------
    before, after, digests
        As in `is_same_list`.
    """
    return before.platform == after.platform and _have_equal_digests(before, after, digests) is True


def _have_equal_digests(before: AuditSummary, after: AuditSummary, digests: tuple[str, str] | None) -> bool | None:
    """Return whether the ids of both lists are the same; None where that is not known."""
    if not (before.has_own_ids and after.has_own_ids):
        return None
    first, second = digests or (before.list_digest, after.list_digest)
    return first == second if first and second else None


def _may_be_one_instant(first: datetime | None, second: datetime | None) -> bool:
    if first is None or second is None or first == second:
        return True
    return first.date() == second.date() and time() in (first.time(), second.time())


def _known_by(audit: AuditSummary) -> tuple[object, ...]:
    file_name = re.split(r"[/\\]", audit.source)[-1]
    return file_name, audit.platform, audit.observed_at, audit.rows


def is_same_model(before: AuditSummary, after: AuditSummary) -> bool:
    """Tell whether scores and verdicts of both mean the same."""
    return (before.model_sha256, before.pattern) == (after.model_sha256, after.pattern)


def why_not_comparable(before: AuditSummary, after: AuditSummary, *, same_accounts: bool) -> tuple[Note, ...]:
    """Return why the two shares have no difference, each reason with what to do about it; empty when they have one.

    Parameters
    ----------
    before, after
        The audits.
    same_accounts
        Whether both are of one list, or of the same accounts seen at two times.
    """
    return tuple(_reasons(before, after, same_accounts))


def _reasons(before: AuditSummary, after: AuditSummary, same_accounts: bool) -> Iterator[Note]:
    if before.platform != after.platform:
        yield Note("compare_platforms_differ")
    without = [name for name, one in (("before", before), ("after", after)) if one.interval is None]
    if without:
        yield Note("compare_share_missing_both" if len(without) > 1 else f"compare_share_missing_{without[0]}")
        return
    first, second = before.share, after.share
    if first.estimand != second.estimand:
        yield Note("compare_estimands_differ")
    elif _FAMILY.get(first.method, first.method) != _FAMILY.get(second.method, second.method):
        yield Note("compare_methods_differ")
    elif first.estimand == "unlike_known_suspicious" and before.model_sha256 != after.model_sha256:
        yield Note("compare_known_accounts_differ")
    if first.share_of != second.share_of:
        yield Note("compare_share_of_differs")
    if first.confidence_level != second.confidence_level:
        yield Note("compare_levels_differ")
    spoken_of = {_speaks_of(one, same_accounts) for one in (before, after)}
    if len(spoken_of) > 1:
        yield Note("compare_frames_differ")
    elif spoken_of == {"newest"}:
        yield Note("compare_newest_heads")


def _speaks_of(audit: AuditSummary, same_accounts: bool) -> str:
    # Of one and the same accounts it matters only whether more than these is meant.
    if not same_accounts or audit.is_of_seen_part:
        return audit.speaks_of
    return "audience" if audit.share.frame == "random" else "list"


def comparison_notes(
    before: AuditSummary,
    after: AuditSummary,
    *,
    same_list: bool,
    same_accounts: bool,
    has_difference: bool,
    days: int | None,
) -> tuple[Note, ...]:
    """Return what a reader of a comparison must know.

    Parameters
    ----------
    before, after
        The audits.
    same_list, same_accounts
        As `is_same_list` tells; and whether both are of one list, or of the same accounts seen at two times.
    has_difference
        Whether there is a difference of the shares.
    days
        Days between the lists; None when not known.
    """
    notes = [Note("compare_same_list")] if same_list else []
    if same_accounts and not same_list and days is not None:
        notes.append(Note("compare_same_accounts", numbers={"days": days}))
    if has_difference:
        notes += _notes_on_difference(before, after, same_list, same_accounts)
    notes += _sizes_differ(before, after, days)
    if not is_same_model(before, after):
        notes.append(Note("compare_models_differ"))
    if before.observed_at is None or after.observed_at is None:
        notes.append(Note("compare_dates_unknown"))
    return tuple(notes)


def _sizes_differ(before: AuditSummary, after: AuditSummary, days: int | None) -> Iterator[Note]:
    """Doubt that both lists are whole, where they are said to be and their sizes are too far apart."""
    is_claimed = all(one.share.frame == "full" and one.speaks_of == "audience" for one in (before, after))
    # Where the follower counts are known too, both lists were held against them.
    is_proven = before.share.population is not None and after.share.population is not None
    if not is_claimed or is_proven or before.platform != after.platform:
        return
    smaller, larger = sorted((before.n_accounts, after.n_accounts))
    is_month = days is not None and days <= _MONTH
    if not smaller or larger <= (_MOST_IN_A_MONTH if is_month else _MOST_EVER) * smaller:
        return
    sizes = {"before": before.n_accounts, "after": after.n_accounts}
    if days is None:
        yield Note("compare_sizes_differ_undated", numbers=sizes)
    else:
        yield Note("compare_sizes_differ", numbers=sizes | {"days": days})


def _notes_on_difference(
    before: AuditSummary, after: AuditSummary, same_list: bool, same_accounts: bool
) -> Iterator[Note]:
    if after.share.estimand in _OF_RATERS:
        yield Note("compare_raters")
        if same_accounts:
            yield Note("compare_same_labels")
            yield from _labels_may_be_apart(before, after)
        if not is_same_model(before, after):
            yield Note("compare_models_differ_labels")
    elif before.model_sha256 == after.model_sha256:
        yield Note("compare_errors_shared")
    else:
        yield Note("compare_models_differ_shares")
    if not (before.share.validated and after.share.validated):
        yield Note("compare_not_validated")
    if after.speaks_of == "list" and not same_list:
        yield Note("compare_frame_unknown")
    elif before.organic_followers is None or after.organic_followers is None:
        yield Note("compare_counts_unknown")


def _labels_may_be_apart(before: AuditSummary, after: AuditSummary) -> Iterator[Note]:
    """Doubt the interval where labels of different accounts, taken together, would be most of the list.

    What one of two samples of a small list holds too often is then left to the other too seldom: their errors go
    against each other.
    """
    n_labeled = before.share.n_labeled + after.share.n_labeled
    is_census = all(one.share.n_labeled >= one.n_accounts for one in (before, after))
    if n_labeled > _MOST_LABELED_APART * before.n_accounts and not is_census:
        yield Note("compare_labels_apart", numbers={"n_labeled": n_labeled, "n_accounts": before.n_accounts})
