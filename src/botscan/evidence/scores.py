"""Scores: one row an account, in the order of the accounts; what every later step starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.display import Displayed, plain
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS, ScoreHistogram
from botscan.wording import number, say

if TYPE_CHECKING:
    import pandas as pd

#: Verdicts in order of precedence; the first whose condition holds is given.
VERDICTS: tuple[str, ...] = ("declared_bot", "unknown", "suspicious", "mass_follower", "dormant", "active")
#: Verdicts as the segments of a list, in the order of the JSON object and of the reports.
SEGMENT_ORDER: tuple[str, ...] = ("active", "dormant", "mass_follower", "suspicious", "declared_bot", "unknown")
#: Segments that only a score gives: where nobody could be judged, a 0 in them does not mean none.
SEGMENTS_BY_SCORE: tuple[str, ...] = ("active", "dormant", "mass_follower", "suspicious")

_CODES = pa.dictionary(pa.int16(), pa.string())

SCORE_SCHEMA = pa.schema(
    [
        pa.field("account_id", pa.large_string()),
        pa.field("log_odds", pa.float64()),
        pa.field("bot_score", pa.float64()),
        pa.field("verdict", pa.dictionary(pa.int8(), pa.string())),
        pa.field("review", pa.bool_()),
        pa.field("known_share", pa.float64()),
        pa.field("reasons", pa.list_(_CODES)),
        pa.field("counter_evidence", pa.list_(_CODES)),
        pa.field("follow_rank", pa.int64()),
    ]
)


def model_entry(name: str, sha256: str, pattern: str) -> dict[str, str]:
    """Return what scored, as every JSON object says it."""
    return {"name": name, "sha256": sha256, "pattern": pattern}


@dataclass(frozen=True, eq=False, repr=False)
class Scores(Displayed):
    """Scores of one list of accounts.

    Attributes
    ----------
    table
        Arrow table in `SCORE_SCHEMA`, one row an account, in the order of the accounts. ``log_odds`` and
        ``bot_score`` are null where an account could not be scored; ``known_share`` is the share of the model's
        spread that lies on fields known for this account, in [0, 1].
    model_name, model_sha256
        The model that scored.
    pattern
        Evidence pattern, ``platform/name``; empty when no pattern fits the list.
    platform
        Platform of the list.
    observed_at
        When the list was seen, if known.
    list_digest
        SHA-256 of the sorted account ids: ties label sheets to their list.
    source
        Name of the list, as the caller gave it.
    has_duplicates
        True when repeated accounts were not merged (row-by-row scoring).
    """

    table: pa.Table
    model_name: str
    model_sha256: str
    pattern: str
    platform: str | None
    observed_at: datetime | None
    list_digest: str
    source: str
    has_duplicates: bool = False

    def __post_init__(self) -> None:
        if not self.table.schema.equals(SCORE_SCHEMA):
            raise ValueError(f"Scores wants the schema\n{SCORE_SCHEMA}\nfound\n{self.table.schema}")

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __repr__(self) -> str:
        # The table holds ids; a log or a traceback shall not.
        return f"Scores({len(self)} accounts, pattern={self.pattern!r}, model={self.model_name!r})"

    @property
    def n_accounts(self) -> int:
        """Number of accounts in the list."""
        return len(self)

    @property
    def account_ids(self) -> pa.ChunkedArray:
        """Account ids, large_string."""
        return self.table["account_id"]

    @property
    def is_scored(self) -> NDArray[np.bool_]:
        """Whether each account has a score, shape (n,)."""
        return np.asarray(pc.is_valid(self.table["log_odds"]).to_numpy())

    @property
    def is_declared_bot(self) -> NDArray[np.bool_]:
        """Whether each account calls itself automated, shape (n,)."""
        return np.asarray(pc.fill_null(pc.equal(self.table["verdict"], "declared_bot"), False).to_numpy())

    @property
    def steps(self) -> NDArray[np.int32]:
        """Scores in exact steps of 0.05 log-odds, shape (n,); 0 where not scored."""
        log_odds = np.asarray(pc.fill_null(self.table["log_odds"], 0.0).to_numpy(), dtype=np.float64)
        return np.rint(log_odds * STEPS_PER_LOG_ODDS).astype(np.int32)

    def segments(self) -> Mapping[str, int]:
        """Count accounts by verdict, in order of precedence; every verdict is there."""
        counted = pc.value_counts(pc.cast(self.table["verdict"], pa.string())).to_pylist()
        found = {item["values"]: int(item["counts"]) for item in counted}
        return {verdict: found.get(verdict, 0) for verdict in VERDICTS}

    def histogram(self) -> ScoreHistogram:
        """Count the scored accounts; declared bots stand apart, because nothing about them is unsure."""
        declared = self.is_declared_bot
        scored = self.is_scored & ~declared
        return ScoreHistogram.from_steps(
            self.steps[scored],
            n_unscored=int((~self.is_scored & ~declared).sum()),
            model=self.model_sha256,
            pattern=self.pattern,
            n_declared_bots=int(declared.sum()),
            has_duplicates=self.has_duplicates,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what is known about the list as plain data: counts, never an account of it."""
        return {
            "model": model_entry(self.model_name, self.model_sha256, self.pattern),
            "source": self.source,
            "platform": self.platform,
            "observed_at": plain(self.observed_at),
            "n_accounts": self.n_accounts,
            "n_scored": int(self.is_scored.sum()),
            "segments": dict(self.segments()),
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row an account, in the order of the accounts."""
        return self.table.to_pandas()

    def _title(self, language: str) -> str:
        return say("scores_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        unknown = say("unknown", language)
        return [
            (say("audit_source", language), self.source),
            (say("audit_platform", language), self.platform or unknown),
            (say("audit_accounts", language), number(self.n_accounts, language)),
            *(
                (say(f"verdict_{verdict}", language), number(count, language))
                for verdict, count in self.segments().items()
                if count
            ),
            (say("scored_pattern", language), self.pattern or unknown),
        ]
