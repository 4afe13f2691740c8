"""FollowBlock and FollowBlocks: stretches of the follow order whose followers chance and neighbours do not explain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.display import Displayed, Exact, plain
from botscan.notes import Note
from botscan.wording import date, number, percent, say, say_note

if TYPE_CHECKING:
    import pandas as pd

#: What is allowed for is told apart from what stands around where it is so many times as much.
_MUCH_MORE = 1.2
#: Blocks that a text shows; data hold all.
MOST_SHOWN = 20
#: Smaller q-values are not told apart in words.
_LEAST_TOLD = 1e-6
#: A probability that underflows is no zero.
_LEAST_Q = 1e-300

_INSTANT = pa.timestamp("us", tz="UTC")
#: What is told of an account that shows the signs of a block; blocks are counted from 1.
MARKED_SCHEMA = pa.schema(
    [
        pa.field("account_id", pa.large_string()),
        pa.field("handle", pa.large_string()),
        pa.field("follow_rank", pa.int64()),
        pa.field("followed_after", _INSTANT),
        pa.field("created_at", _INSTANT),
        pa.field("block", pa.int32()),
    ]
)


@dataclass(frozen=True)
class BlockEvidence:
    """One kind of evidence in a block.

    Attributes
    ----------
    code
        ``high_scores``, ``creation_band``, ``creation_band_of_high_scores``, ``fresh_accounts``, ``similar_handles``
        or ``inactive``.
    n_accounts, n_known
        Accounts that show it, of those for whom it is known; of a part of the block, where deliveries stand together.
    n_around
        How many there would be at the share of the neighbours.
    n_expected
        How many are allowed for: by the neighbours, and by what organic crowds bring, newcomers and a lean of scores.
    n_excess_lower
        Lower bound of how many there are beyond the prediction, 99 %.
    created_after, created_before
        The band of creation dates, where the evidence is one.
    """

    code: str
    n_accounts: int
    n_known: int
    n_around: float
    n_expected: float
    n_excess_lower: int
    created_after: datetime | None = None
    created_before: datetime | None = None


@dataclass(frozen=True)
class FollowBlock:
    """A stretch of the follow order in which many accounts with the same signs came together.

    Attributes
    ----------
    first_rank, last_rank
        Follow ranks of its first and last account, 0 = oldest follower.
    n_accounts
        Accounts in it, organic ones among them.
    n_excess_lower
        Lower bound of how many of them the neighbours do not explain; the strongest evidence decides, and where
        several deliveries stand together their bounds are added.
    followed_after, followed_before
        When they came: the first followed no earlier, and the last, as far as neighbours tell, no later; None where
        no dates are known. Bounds from creation dates lag behind; see `botscan.infer_follow_times`.
    q_value
        Adjusted p-value, in [0, 0.05]: among neighbours that are alike but for what the list varies by itself, it
        bounds the probability of any false block at all, and so the false-discovery rate. People who really are alike
        and come together, a school class or the crowd of a giveaway, are no chance, and can be a block.
    evidence
        What speaks for it, strongest first.
    """

    first_rank: int
    last_rank: int
    n_accounts: int
    n_excess_lower: int
    followed_after: datetime | None
    followed_before: datetime | None
    q_value: float
    evidence: tuple[BlockEvidence, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the block as plain data; ``evidence`` are codes, ``evidence_details`` the figures of each."""
        return {
            "first_rank": self.first_rank,
            "last_rank": self.last_rank,
            "n_accounts": self.n_accounts,
            "n_excess_lower": self.n_excess_lower,
            "followed_after": plain(self.followed_after),
            "followed_before": plain(self.followed_before),
            "q_value": Exact(f"{max(self.q_value, _LEAST_Q):.3g}"),
            "evidence": [one.code for one in self.evidence],
            "evidence_details": [plain(one) for one in self.evidence],
        }

    def in_words(self, language: str = "en") -> str:
        """Return where, when, how many and why."""
        return f"{self.place_in_words(language)} {self.reasons_in_words(language)}"

    def place_in_words(self, language: str = "en") -> str:
        """Return how many accounts stand where and came when, how many of them are unexplained, and how sure that is.

        Examples
        --------
        >>> for part in FollowBlock(400, 549, 150, 98, None, None, 3e-9, ()).place_in_words().split("; "):
        ...     print(part)
        150 accounts at the places 400 to 549 of the follow order
        at least 98 of them are beyond what the followers around them explain (q < 0.000001).
        """
        said: dict[str, object] = {
            "first": self.first_rank,
            "last": self.last_rank,
            "n_accounts": self.n_accounts,
            "n_excess": self.n_excess_lower,
            "q": _q_in_words(self.q_value, language),
        }
        if self.followed_after is None or self.followed_before is None:
            return say("block_by_rank", language, **said)
        said |= {"after": date(self.followed_after, language), "before": date(self.followed_before, language)}
        return say("block_by_date", language, **said)

    def reasons_in_words(self, language: str = "en") -> str:
        """Return what speaks for it, each kind with its figures."""
        return "; ".join(self.evidence_in_words(language))

    def evidence_in_words(self, language: str = "en") -> tuple[str, ...]:
        """Return each kind of evidence with its figures."""
        return tuple(_evidence_in_words(one, language) for one in self.evidence)


def _q_in_words(q_value: float, language: str) -> str:
    """Write a q-value as what it equals or is smaller than: ``= 0.0003``, ``< 0.000001``."""
    if q_value < _LEAST_TOLD:
        return f"< {number(_LEAST_TOLD, language, 6)}"
    digits = next(d for d in range(2, 8) if q_value >= 10.0 ** (1 - d))
    return f"= {number(q_value, language, digits)}"


def _evidence_in_words(one: BlockEvidence, language: str) -> str:
    shown: dict[str, object] = {
        "share": percent(one.n_accounts / max(one.n_known, 1), language),
        "around": percent(one.n_around / max(one.n_known, 1), language, 1),
    }
    if one.created_after is not None and one.created_before is not None:
        shown |= {"after": date(one.created_after, language), "before": date(one.created_before, language)}
    said = say(f"block_evidence_{one.code}", language, **shown)
    if one.n_expected < _MUCH_MORE * one.n_around:
        return said
    allowed = percent(one.n_expected / max(one.n_known, 1), language, 1)
    return say("block_evidence_allowed", language, evidence=said, allowed=allowed)


@dataclass(frozen=True, eq=False, repr=False)
class FollowBlocks(Displayed):
    """The blocks of one list.

    Attributes
    ----------
    blocks
        In follow order; they do not overlap.
    n_accounts, n_ordered
        Accounts of the list, and those whose place in the follow order is known.
    examined
        Codes of the kinds of evidence that this list can show.
    suspicious_share_lower_bound
        Accounts of the list that the neighbours do not explain, as a share of all its accounts: each block's bound of
        99 %, added up. It counts nothing outside blocks, nor blocks of newcomers or silent accounts alone: being new
        or inactive is no suspicious sign. None where nothing could be examined.
    notes
        What a reader must know.
    block_of
        Index of the block whose signs an account shows, -1 where none: int32, shape (n_accounts,), in the order of
        the accounts. Organic followers who happen to be alike are among them.
    marked
        The accounts that show signs, in `MARKED_SCHEMA`, in the same order: ids and handles, so nothing that shows
        itself shows it.
    """

    blocks: tuple[FollowBlock, ...]
    n_accounts: int
    n_ordered: int
    examined: tuple[str, ...]
    suspicious_share_lower_bound: float | None
    notes: tuple[Note, ...] = ()
    block_of: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    marked: pa.Table = field(default_factory=MARKED_SCHEMA.empty_table)

    def __len__(self) -> int:
        return len(self.blocks)

    def __repr__(self) -> str:
        return f"FollowBlocks({len(self.blocks)} blocks in {self.n_ordered:,} accounts)"

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the marks of single accounts as plain data."""
        return {
            "follow_blocks": [block.to_dict() for block in self.blocks],
            "n_accounts": self.n_accounts,
            "n_ordered": self.n_ordered,
            "examined": list(self.examined),
            "suspicious_share_lower_bound": plain(self.suspicious_share_lower_bound),
            "notes": plain(self.notes),
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row a block; times as UTC timestamps, evidence as text."""
        import pandas as pd

        columns = ("first_rank", "last_rank", "n_accounts", "n_excess_lower", "followed_after", "followed_before")
        rows = [
            {
                **{name: getattr(block, name) for name in columns},
                "q_value": block.q_value,
                "evidence": ", ".join(one.code for one in block.evidence),
            }
            for block in self.blocks
        ]
        frame = pd.DataFrame(rows, columns=[*columns, "q_value", "evidence"])
        for name in ("followed_after", "followed_before"):
            frame[name] = pd.to_datetime(frame[name], utc=True)
        return frame

    def marked_accounts(self) -> pd.DataFrame:
        """Return the accounts that show the signs of a block, one row each, in the order of the list.

        They are to be looked at by a person: among them are organic followers who happen to be alike.

        Returns
        -------
        frame
            account_id, handle, follow_rank (0 = oldest follower), followed_after (the earliest that it can have
            followed, UTC), created_at (UTC) and block (from 1); what is not known is missing.
        """
        import pandas as pd

        nullable = {pa.int64(): pd.Int64Dtype(), pa.large_string(): pd.StringDtype()}
        return self.marked.to_pandas(types_mapper=nullable.get)

    def shown(self) -> tuple[tuple[int, FollowBlock], ...]:
        """Return the 20 blocks of the largest excess with their numbers from 1, in follow order: those a text shows."""
        numbered = list(enumerate(self.blocks, start=1))
        largest = sorted(numbered, key=lambda pair: -pair[1].n_excess_lower)[:MOST_SHOWN]
        return tuple(sorted(largest, key=lambda pair: pair[0]))

    @property
    def n_more(self) -> int:
        """Blocks that a text leaves out."""
        return max(len(self.blocks) - MOST_SHOWN, 0)

    def _title(self, language: str) -> str:
        return say("blocks_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = []
        for index, block in self.shown():
            rows.append((say("block_number", language, number=index), block.place_in_words(language)))
            rows += [("", said) for said in block.evidence_in_words(language)]
        if self.n_more:
            rows.append((say("blocks_label", language), say("blocks_more", language, count=self.n_more)))
        if not self.blocks and self.examined:
            rows.append((say("blocks_label", language), say("blocks_none_found", language)))
        if self.suspicious_share_lower_bound is not None and self.blocks:
            bound = percent(self.suspicious_share_lower_bound, language, 1)
            rows.append((say("blocks_bound", language), bound))
            rows.append(("q", say("blocks_q", language)))
        examined = [say(f"block_kind_{code}", language) for code in self.examined]
        if examined:
            rows.append((say("blocks_examined", language), ", ".join(examined)))
        rows.append((say("blocks_ordered", language), number(self.n_ordered, language)))
        return rows + [(say("share_note", language), say_note(note, language)) for note in self.notes]
