"""PurchasePower: how often a purchase of each size would be seen in a list, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from botscan.display import Displayed, plain
from botscan.notes import Note
from botscan.wording import number, percent, say, say_note

if TYPE_CHECKING:
    import pandas as pd

#: A purchase that is seen so often or more is one the list would show.
SEEN = 0.9
#: One that is seen so often or less is one of which the list says nothing.
UNSEEN = 0.2
#: A share is written with so many digits that it is off by no more than this part of itself.
_ROUNDING = 0.05
_MOST_DIGITS = 4


@dataclass(frozen=True)
class SizePower:
    """How often purchases of one size were seen.

    Attributes
    ----------
    share
        Accounts bought, as a share of the followers in order before the purchase, in (0, 1].
    n_bought
        Accounts bought.
    repetitions, detected
        Purchases that were put into the list, and those that were seen.
    power, power_ci_lower, power_ci_upper
        Part that was seen, in [0, 1], with Wilson's interval: it tells what few repetitions leave open, not that other
        accounts may be bought.
    excess_share
        Where a purchase was seen, the part of it that its blocks count, on average, in [0, 1]: their
        `n_excess_lower`, and of it no more than the bought accounts that show signs there, over `n_bought`. None where
        none was seen.
    """

    share: float
    n_bought: int
    repetitions: int
    detected: int
    power: float
    power_ci_lower: float
    power_ci_upper: float
    excess_share: float | None

    def said(self, language: str) -> dict[str, object]:
        """Return the figures as sentences want them."""
        return {
            "count": self.n_bought,
            "share": _share_in_words(self.share, language),
            "power": percent(self.power, language),
            "lower": percent(self.power_ci_lower, language),
            "upper": percent(self.power_ci_upper, language),
            "repetitions": self.repetitions,
        }


@dataclass(frozen=True)
class PurchasePower(Displayed):
    """What one list could show of a purchase.

    Attributes
    ----------
    sizes
        One entry a size, rising; none where no purchase could be put into the list, and `notes` says why.
    kind
        ``batch``, ``drip`` or ``aged``.
    spread_days
        How long delivery lasts, at most as long as the list spans.
    spread_share
        Part of the follow order between which the bought accounts stand, where no follow times can be bounded; None
        where days could be used.
    n_ordered
        Followers whose place in the order is known.
    examined
        Codes of the kinds of evidence that the list can show.
    confidence_level
        Of the intervals, in (0, 1).
    notes
        What a reader must know.
    """

    sizes: tuple[SizePower, ...]
    kind: str
    spread_days: float
    spread_share: float | None
    n_ordered: int
    examined: tuple[str, ...]
    confidence_level: float
    notes: tuple[Note, ...] = ()

    @property
    def seen_from(self) -> SizePower | None:
        """The smallest size that is seen in 90 % of cases or more, as are all larger ones."""
        seen = list(takewhile(lambda size: size.power >= SEEN, reversed(self.sizes)))
        return seen[-1] if seen else None

    @property
    def unseen_up_to(self) -> SizePower | None:
        """The largest size that is seen in 20 % of cases or less, as are all smaller ones."""
        unseen = list(takewhile(lambda size: size.power <= UNSEEN, self.sizes))
        return unseen[-1] if unseen else None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain data, with the shares from which and up to which a purchase is seen and is not."""
        shares = {"seen_from_share": self.seen_from, "unseen_up_to_share": self.unseen_up_to}
        return super().to_dict() | {name: plain(size and size.share) for name, size in shares.items()}

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row a size."""
        import pandas as pd

        columns = [field.name for field in fields(SizePower)]
        frame = pd.DataFrame([plain(size) for size in self.sizes], columns=columns)
        return frame.astype({"excess_share": float})

    def in_words(self, language: str = "en") -> str:
        """Return what would be seen, and what would not, or why that cannot be said.

        Examples
        --------
        >>> sizes = (
        ...     SizePower(0.002, 40, 50, 3, 0.06, 0.021, 0.162, 0.5),
        ...     SizePower(0.02, 400, 50, 47, 0.94, 0.838, 0.979, 0.8),
        ... )
        >>> power = PurchasePower(sizes, "batch", 2.0, None, 20_000, ("creation_band",), 0.95)
        >>> for sentence in power.in_words().split(". "):
        ...     print(sentence)
        In this list a purchase of 2 % (400 accounts) within 2 days would be seen in 94 % of cases (range 84 % to 98 %)
        Of one of 0.2 % (40 accounts) or less we could not tell.
        """
        if not self.sizes:
            return say_note(self.notes[0], language)
        delivery = self.delivery_in_words(language)
        told = self.seen_from or self.sizes[-1]
        is_answer = self.seen_from is not None or len(self.sizes) == 1
        code = "power_would_be_seen" if is_answer else "power_largest_seen"
        sentences = [say(code, language, delivery=delivery, **told.said(language))]
        if self.unseen_up_to is not None:
            code = "power_could_not_tell_one" if len(self.sizes) == 1 else "power_could_not_tell"
            sentences.append(say(code, language, **self.unseen_up_to.said(language)))
        return " ".join(sentences)

    def delivery_in_words(self, language: str = "en") -> str:
        """Return within which time, or over which part of the order, the accounts come."""
        if self.spread_share is not None:
            return say("power_over_places", language, share=_share_in_words(self.spread_share, language))
        days = int(self.spread_days) if float(self.spread_days).is_integer() else self.spread_days
        return say("power_within_days", language, count=days)

    def _title(self, language: str) -> str:
        return say("power_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = []
        if self.sizes:
            rows.append((say("power_answer", language), self.in_words(language)))
            rows.append((say("power_kind", language), say(f"power_kind_{self.kind}", language)))
        for size in self.sizes:
            shown = say("power_size_seen", language, **size.said(language))
            if size.excess_share is not None:
                shown += say("power_size_excess", language, excess=percent(size.excess_share, language))
            rows.append((say("power_size", language, **size.said(language)), shown))
        examined = [say(f"block_kind_{code}", language) for code in self.examined]
        if examined:
            rows.append((say("blocks_examined", language), ", ".join(examined)))
        rows.append((say("blocks_ordered", language), number(self.n_ordered, language)))
        return rows + [(say("share_note", language), say_note(note, language)) for note in self.notes]


def _share_in_words(share: float, language: str) -> str:
    """Write a share with as few digits as tell it."""
    points = 100.0 * share
    digits = [d for d in range(_MOST_DIGITS) if abs(round(points, d) - points) <= _ROUNDING * points]
    return percent(share, language, digits[0] if digits else _MOST_DIGITS)
