"""Words of a comparison: the sentence above it, lists, shares, moves and blocks, and numbers with their sign."""

from __future__ import annotations

from collections.abc import Sequence

from botscan.audit_comparison.block_changes import BlockChanges
from botscan.audit_comparison.common_accounts import CommonAccounts
from botscan.audit_comparison.summary import AuditSummary, Interval
from botscan.blocks import FollowBlock
from botscan.notes import Note
from botscan.wording import date, number, percent, say, say_note

#: An interval narrower than this is told with one digit after the mark.
_NARROW = 0.05
#: Changes of verdict that are told in words; all of them are in the JSON object.
_N_MOVES_TOLD = 5
#: Blocks of each kind that are told in words, those of the largest excess; all are in the JSON object.
_N_BLOCKS_TOLD = 10


def signed(value: float, language: str = "en", digits: int = 0) -> str:
    """Write a number with its sign; what rounds to nothing has none.

    Examples
    --------
    >>> signed(1200), signed(-3.25, "id", 1), signed(0.04, digits=1)
    ('+1,200', '-3,2', '0.0')
    """
    text = number(value, language, digits)
    is_nothing = not any(character in "123456789" for character in text)
    return text if is_nothing or text.startswith("-") else f"+{text}"


def in_points(value: float, language: str = "en", digits: int = 0) -> str:
    """Write a difference of shares in percentage points, with its sign.

    Examples
    --------
    >>> in_points(-0.031), in_points(0.0345, "id", 1)
    ('-3', '+3,5')
    """
    return signed(100 * value, language, digits)


def comparison_headline(
    before: AuditSummary,
    after: AuditSummary,
    interval: Interval | None,
    reasons: Sequence[Note],
    language: str = "en",
    *,
    same_list: bool,
) -> str:
    """Return the sentence that says whether the organic share changed, or why that cannot be said.

    Parameters
    ----------
    before, after
        The audits.
    interval
        Difference of the shares with its ends; None when there is none.
    reasons
        Why there is none.
    language
        ``en`` or ``id``.
    same_list
        Whether both are of one list: then nothing but the estimate can have changed.
    """
    if not (before.n_accounts and after.n_accounts):
        return say("compare_headline_empty", language)
    if interval is None or before.interval is None or after.interval is None:
        reason = say_note(reasons[0], language) if reasons else ""
        return f"{say('compare_headline_none', language)} {reason}".rstrip()
    shares = (before.interval[0], after.interval[0])
    digits = _digits(shares, interval)
    first, second = (percent(share, language, digits) for share in shares)
    if same_list:
        return say("compare_headline_same_list", language, before=first, after=second)
    if interval == (0.0, 0.0, 0.0):
        return say("compare_headline_equal", language, share=second)
    difference, lower, upper = (in_points(value, language, digits) for value in interval)
    direction = "rose" if interval[1] > 0 else "fell" if interval[2] < 0 else "unsure"
    return say(
        f"compare_headline_{direction}",
        language,
        count=1 if difference in ("+1", "-1") else 2,
        before=first,
        after=second,
        difference=difference,
        lower=lower,
        upper=upper,
    )


def _digits(shares: tuple[float, float], interval: Interval) -> int:
    """Return 0 where whole percents add up and hide nothing, else 1."""
    first, second, difference = (round(100 * value) for value in (*shares, interval[0]))
    hides_an_end = any(0 < abs(end) < 0.005 for end in interval)
    is_narrow = 0 < interval[2] - interval[1] < _NARROW
    return 0 if second - first == difference and not hides_an_end and not is_narrow else 1


def list_in_words(audit: AuditSummary, language: str) -> str:
    """Name a list, its day and its size in one line."""
    seen = say("unknown", language) if audit.observed_at is None else date(audit.observed_at, language)
    return say("compare_list", language, count=audit.n_accounts, source=audit.source, day=seen)


def share_in_words(audit: AuditSummary, language: str) -> str:
    """Write the organic share of an audit with its ends, or that it cannot be said."""
    if audit.interval is None:
        return f"{say('share_organic_share', language)}: {say('share_cannot_say', language)}"
    share, lower, upper = (percent(value, language, 1) for value in audit.interval)
    level = percent(audit.share.confidence_level, language)
    shown = say("share_with_interval", language, share=share, lower=lower, upper=upper, level=level)
    return f"{say('share_organic_share', language)}: {shown}"


def common_rows(common: CommonAccounts, language: str) -> list[tuple[str, str]]:
    """Return (label, value) pairs about accounts that stand in both lists."""
    rows = [
        (say(f"compare_{name}", language), number(getattr(common, name), language))
        for name in ("n_common", "n_only_before", "n_only_after", "n_verdict_kept")
    ]
    if common.mean_log_odds_change is not None:
        change = signed(common.mean_log_odds_change, language, 2)
        rows.append((say("compare_log_odds_change", language), change))
    moves = (
        say(
            "compare_move",
            language,
            before=say(f"verdict_{first}", language),
            after=say(f"verdict_{second}", language),
            count=count,
        )
        for first, second, count in common.moves()[:_N_MOVES_TOLD]
    )
    return rows + [(say("compare_moves", language), move) for move in moves]


def block_rows(changes: BlockChanges, language: str) -> list[tuple[str, str]]:
    """Return (label, value) pairs about blocks: how many, what they bound, and what became of each."""
    counts: dict[str, object] = {"before": len(changes.before), "after": len(changes.after)}
    new, gone = changes.new, changes.gone
    if new is None or gone is None:
        code = "compare_blocks_unmatched"
    else:
        code = "compare_blocks_counts" if changes.before or changes.after else "compare_blocks_none"
        counts |= {"n_new": len(new), "n_gone": len(gone)}
    rows = [(say("compare_blocks", language), say(code, language, **counts))]
    bounds = (changes.suspicious_share_lower_bound_before, changes.suspicious_share_lower_bound_after)
    if any(bounds):
        shown = {name: percent(bound, language, 1) for name, bound in zip(("before", "after"), bounds, strict=True)}
        difference = in_points(changes.suspicious_share_lower_bound_difference, language, 1)
        text = say("compare_segment", language, **shown, difference=difference)
        rows.append((say("compare_blocks_bound", language), text))
    for index in _largest(changes.after, new or ()):
        block, label = changes.after[index], say("compare_block_new", language, number=index + 1)
        rows += [(label, block.place_in_words(language)), *(("", said) for said in block.evidence_in_words(language))]
    for index in _largest(changes.before, gone or ()):
        label = say("compare_block_gone", language, number=index + 1)
        rows.append((label, changes.before[index].place_in_words(language)))
    rows += _kept_rows(changes, language)
    n_more = sum(max(0, len(one) - _N_BLOCKS_TOLD) for one in (new or (), gone or (), _kept_after(changes)))
    return rows + ([("", say("compare_blocks_more", language, count=n_more))] if n_more else [])


def _kept_rows(changes: BlockChanges, language: str) -> list[tuple[str, str]]:
    """Say of each later block that stands in both audits what it is now and how large it was."""
    rows = []
    for index in _largest(changes.after, _kept_after(changes)):
        was = [changes.before[earlier] for earlier, later in changes.kept or () if later == index]
        sizes = {"n_accounts": sum(one.n_accounts for one in was), "n_excess": sum(one.n_excess_lower for one in was)}
        now = changes.after[index].place_in_words(language)
        label = say("compare_block_kept", language, number=index + 1)
        rows.append((label, f"{now} {say('compare_block_was', language, **sizes)}"))
    return rows


def _kept_after(changes: BlockChanges) -> tuple[int, ...]:
    return tuple(sorted({later for _, later in changes.kept or ()}))


def _largest(blocks: Sequence[FollowBlock], indices: Sequence[int]) -> list[int]:
    """Return the indices of the blocks of the largest excess, in follow order."""
    return sorted(sorted(indices, key=lambda index: -blocks[index].n_excess_lower)[:_N_BLOCKS_TOLD])
