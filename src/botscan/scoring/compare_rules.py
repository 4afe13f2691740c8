"""Why tools disagree: what each rule of thumb and each published set flags on one and the same list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.table import AccountTable
from botscan.display import Displayed, plain
from botscan.errors import SchemaError
from botscan.evidence.scores import Scores, model_entry
from botscan.notes import Note
from botscan.scoring.rule_counts import RuleCounts, count_rules, kappas
from botscan.scoring.rule_figures import RuleFigures, figures_of, read_rule_figures
from botscan.scoring.rule_sets import RuleSet, ThumbRule
from botscan.scoring.yardsticks import ALL_RULES, YARDSTICKS
from botscan.wording import number, percent, say, say_note

if TYPE_CHECKING:
    import pandas as pd

#: Row of our own verdict.
VERDICT = "suspicious"
_PLATFORM = "twitter"
#: Kappa between rows, in figures a reader can tell apart.
_KAPPA_DIGITS = 2
#: Criteria told of a set: those that speak against most accounts.
_N_TOLD = 2


@dataclass(frozen=True)
class RuleRow:
    """What one rule, set or verdict says of a list.

    Attributes
    ----------
    name, kind
        Code, and ``rule``, ``set``, ``criterion`` (a rule that only stands in sets) or ``verdict`` (our own).
    looks_at, threshold, reference, cost
        As in `botscan.scoring.rule_sets.ThumbRule`; the first two are empty for sets.
    n_flagged
        Accounts that it flags whatever the unknown may be.
    n_unknown
        Accounts of which it cannot say; they count as flagged nowhere.
    share_flagged, share_flagged_most
        Of all accounts of the list, those flagged, and those flagged or unknown; None where it can say nothing of
        any account, or the list is empty.
    criteria, n_criteria_checked
        Rules that it is made of, and how many of them have an answer for at least half of the accounts.
    mean_low, mean_high
        Fewest and most criteria (for a set of points, the sums) that speak against an account, mean over the list;
        None for an empty list.
    lacking
        Canonical columns that this list knows for no account, and what no list has.
    figures
        What it did on accounts of known truth.
    """

    name: str
    kind: Literal["rule", "set", "criterion", "verdict"]
    looks_at: str
    threshold: str
    reference: str
    cost: str
    n_flagged: int
    n_unknown: int
    share_flagged: float | None
    share_flagged_most: float | None
    criteria: tuple[str, ...]
    n_criteria_checked: int
    mean_low: float | None
    mean_high: float | None
    lacking: tuple[str, ...]
    figures: RuleFigures


@dataclass(frozen=True)
class RuleAgreement:
    """How far rules agree beyond chance, pair by pair.

    Attributes
    ----------
    names
        Rules, sets and verdict, m of them.
    kappa
        Cohen's kappa, m by m: 1 = always, 0 = no more than chance; None where it has no meaning.
    n_accounts
        Accounts on which both could check something, m by m.
    """

    names: tuple[str, ...]
    kappa: tuple[tuple[float | None, ...], ...]
    n_accounts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class RuleComparison(Displayed):
    """What rules of thumb say of one list, side by side.

    Attributes
    ----------
    source, platform
        Which list.
    n_accounts
        Its accounts.
    model
        What gave the verdicts, None where no scores were given.
    rows
        Rules, sets, and our verdict where scores were given, in that order.
    criteria
        The rules that stand in sets only.
    agreement
        How far the rows agree.
    lowest_share, highest_share
        Least and greatest share flagged among rules and sets that can say for at least half of the accounts; None
        where fewer than two can.
    notes
        What a reader must know.
    """

    source: str
    platform: str | None
    n_accounts: int
    model: dict[str, str] | None
    rows: tuple[RuleRow, ...]
    criteria: tuple[RuleRow, ...]
    agreement: RuleAgreement
    lowest_share: float | None
    highest_share: float | None
    notes: tuple[Note, ...]

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the comparison as plain data with stable keys.

        Parameters
        ----------
        language
            Language of the sentences in ``notes``: ``en`` or ``id``; keys and codes never change.
        """
        found = super().to_dict()
        found["notes"] = [{**note.to_dict(), "text": say_note(note, language)} for note in self.notes]
        return found

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row a rule, set or verdict, then the criteria; index ``name``."""
        import pandas as pd

        flat = []
        for row in (*self.rows, *self.criteria):
            cells = plain(row)
            figures = cells.pop("figures")
            flat.append({**cells, "lacking": ", ".join(row.lacking), "criteria": ", ".join(row.criteria), **figures})
        return pd.DataFrame(flat).set_index("name")

    def _title(self, language: str) -> str:
        return say_note(self.notes[0], language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        counted = {row.name: row.n_flagged for row in (*self.rows, *self.criteria)}
        rows = [(say(f"yardstick_{row.name}", language), _in_words(row, counted, language)) for row in self.rows]
        rows += [(say("rules_agreement", language), one) for one in self._agreement_in_words(language)]
        return rows + [(say("share_note", language), say_note(note, language)) for note in self.notes[1:]]

    def _agreement_in_words(self, language: str) -> list[str]:
        """Return kappa of every pair of sets and the verdict."""
        told = [index for index, row in enumerate(self.rows) if row.kind in ("set", "verdict")]
        sentences = []
        for position, first in enumerate(told):
            for second in told[position + 1 :]:
                kappa = self.agreement.kappa[first][second]
                if kappa is None:
                    continue
                pair = {
                    "first": say(f"yardstick_{self.rows[first].name}", language),
                    "second": say(f"yardstick_{self.rows[second].name}", language),
                }
                sentences.append(say("rules_kappa", language, kappa=number(kappa, language, _KAPPA_DIGITS), **pair))
        return sentences


def compare_rules(accounts: AccountTable, scores: Scores | None = None) -> RuleComparison:
    """Say what every rule of thumb and every published rule set flags on a list.

    Parameters
    ----------
    accounts
        The list.
    scores
        Its scores, in order; the verdict is then compared too.

    Returns
    -------
    comparison
        One row a rule, set and verdict. The shares are what rules of thumb flag, no shares of inauthentic followers.

    Raises
    ------
    SchemaError
        The scores are of another list.

    Examples
    --------
    >>> accounts = AccountTable.from_frame([{"account_id": 7, "posts_count": 0}, {"account_id": 8, "posts_count": 9}],
    ...                                    platform="twitter")
    >>> row = next(row for row in compare_rules(accounts).rows if row.name == "no_posts")
    >>> row.n_flagged, row.n_unknown, row.share_flagged
    (1, 0, 0.5)
    """
    verdict = [] if scores is None else [_verdict_answers(accounts, scores)]
    counts = count_rules(accounts.table, YARDSTICKS, verdict, unpaired=ALL_RULES)
    first = len(YARDSTICKS) + len(verdict)
    present = frozenset(name for name, share in accounts.coverage().items() if share > 0)
    checked = frozenset(
        rule.name
        for index, rule in enumerate(ALL_RULES, start=first)
        if _says_enough(int(counts.unknown[index]), accounts.n_accounts)
    )
    rows = [_row(rule, counts, index, present=present, checked=checked) for index, rule in enumerate(YARDSTICKS)]
    if scores is not None:
        rows.append(_verdict_row(scores, counts, len(YARDSTICKS)))
    standing = {rule.name for rule in YARDSTICKS}
    criteria = [
        _row(rule, counts, index, present=present, checked=checked, kind="criterion")
        for index, rule in enumerate(ALL_RULES, start=first)
        if rule.name not in standing
    ]
    known = [
        row.share_flagged
        for row in rows
        if row.kind != "verdict" and row.share_flagged is not None and _says_enough(row.n_unknown, accounts.n_accounts)
    ]
    lowest, highest = (min(known), max(known)) if len(known) > 1 else (None, None)
    return RuleComparison(
        source=accounts.source,
        platform=accounts.platform,
        n_accounts=accounts.n_accounts,
        model=None if scores is None else model_entry(scores.model_name, scores.model_sha256, scores.pattern),
        rows=tuple(rows),
        criteria=tuple(criteria),
        agreement=_agreement(rows, counts),
        lowest_share=lowest,
        highest_share=highest,
        notes=_notes(accounts.platform, lowest, highest),
    )


def _says_enough(n_unknown: int, n_accounts: int) -> bool:
    """Whether something is known for at least half of the accounts."""
    return n_accounts > 0 and 2 * n_unknown <= n_accounts


def _verdict_answers(accounts: AccountTable, scores: Scores) -> NDArray[np.float64]:
    """Return 1 where the verdict is suspicious, NaN where there is none, else 0; shape (n,)."""
    if scores.n_accounts != accounts.n_accounts or not scores.account_ids.equals(accounts.table["account_id"]):
        raise SchemaError(
            f"The scores are of another list: {scores.n_accounts} scored rows, {accounts.n_accounts} accounts.",
            source=accounts.source,
            remedy="Score this list again, and leave the order of its accounts as it is.",
        )
    verdicts = pc.fill_null(pc.cast(scores.table["verdict"], "string"), "unknown")
    is_unknown = pc.equal(verdicts, "unknown").to_numpy()
    return np.where(is_unknown, np.nan, pc.equal(verdicts, VERDICT).to_numpy())


def _row(
    rule: ThumbRule | RuleSet,
    counts: RuleCounts,
    index: int,
    *,
    present: frozenset[str],
    checked: frozenset[str],
    kind: Literal["rule", "criterion"] = "rule",
) -> RuleRow:
    if isinstance(rule, RuleSet):
        looks_at, threshold, reference = "", "", f"{rule.reference}; {rule.combination}"
    else:
        looks_at, threshold, reference = rule.looks_at, rule.threshold, rule.reference
    return RuleRow(
        name=rule.name,
        kind="set" if isinstance(rule, RuleSet) else kind,
        looks_at=looks_at,
        threshold=threshold,
        reference=reference,
        cost=", ".join(sorted({one.cost for one in rule.criteria})),
        **_counted(counts, index),
        criteria=tuple(one.name for one in rule.criteria),
        n_criteria_checked=sum(one.name in checked for one in rule.criteria),
        lacking=(*(name for name in rule.needs if name not in present), *rule.lacks),
        figures=figures_of(rule.name),
    )


def _verdict_row(scores: Scores, counts: RuleCounts, index: int) -> RuleRow:
    return RuleRow(
        name=VERDICT,
        kind="verdict",
        looks_at="score",
        threshold=scores.pattern,
        reference=f"botscan, model {scores.model_name}",
        cost="list",
        **_counted(counts, index),
        criteria=(VERDICT,),
        n_criteria_checked=int(_says_enough(int(counts.unknown[index]), counts.n_accounts)),
        lacking=(),
        figures=RuleFigures(not_measured="see the scoreboard of the model"),
    )


def _counted(counts: RuleCounts, index: int) -> dict[str, Any]:
    n = counts.n_accounts
    flagged, unknown = int(counts.flagged[index]), int(counts.unknown[index])
    says_something = unknown < n
    return {
        "n_flagged": flagged,
        "n_unknown": unknown,
        "share_flagged": flagged / n if says_something else None,
        "share_flagged_most": (flagged + unknown) / n if says_something else None,
        "mean_low": float(counts.low[index]) / n if n else None,
        "mean_high": float(counts.high[index]) / n if n else None,
    }


def _agreement(rows: Sequence[RuleRow], counts: RuleCounts) -> RuleAgreement:
    return RuleAgreement(
        names=tuple(row.name for row in rows),
        kappa=tuple(tuple(None if np.isnan(one) else float(one) for one in line) for line in kappas(counts)),
        n_accounts=tuple(tuple(int(one) for one in line) for line in counts.shared),
    )


def _notes(platform: str | None, lowest: float | None, highest: float | None) -> tuple[Note, ...]:
    figures = read_rule_figures()
    measured = {
        "n_suspicious": figures["n_suspicious"],
        "n_organic": figures["n_organic"],
        "day": figures["data_until"],
    }
    notes = [
        Note("rules_not_a_share")
        if lowest is None or highest is None
        else Note("rules_not_a_share_differ", numbers={"spread": highest - lowest}),
        Note("rules_measured_on", numbers=measured),
        Note("rules_sets_are_lower_bounds"),
        Note("rules_precision_is_balanced"),
    ]
    if platform != _PLATFORM:
        notes.append(Note("rules_other_platform"))
    return (*notes, Note("rules_unknown_stays"))


def _in_words(row: RuleRow, counted: Mapping[str, int], language: str) -> str:
    """Say what a row flags and why, of what it cannot say, and how it did where the truth is known."""
    if row.share_flagged is None:
        parts = [say("rules_cannot_say", language)]
    else:
        parts = [say("rules_flags", language, share=row.share_flagged, count=row.n_flagged)]
        if row.n_unknown:
            parts.append(say("rules_unknown", language, count=row.n_unknown, most=row.share_flagged_most))
    # Figures stand before the criteria: a surface that clips a long cell clips its end.
    figures = row.figures
    if figures.recall is not None:
        rates = {"recall": figures.recall, "alarms": figures.false_alarm_rate, "worst": figures.false_alarm_rate_worst}
        parts.append(say("rules_figures", language, precision=percent(figures.precision, language), **rates))
        unknown = {"suspicious": figures.unknown_share_suspicious, "organic": figures.unknown_share_organic}
        if any(unknown.values()):
            parts.append(say("rules_figures_unknown", language, **unknown))
    if len(row.criteria) > 1:
        parts.append(say("rules_criteria", language, checked=row.n_criteria_checked, criteria=len(row.criteria)))
        frequent = sorted((name for name in row.criteria if counted[name]), key=lambda name: -counted[name])[:_N_TOLD]
        parts += [
            say("rules_most", language, rule=say(f"yardstick_{name}", language), count=counted[name])
            for name in frequent
        ]
    return "; ".join(parts)
