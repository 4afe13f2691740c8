"""SampleSizePlan: how many followers to fetch and how many accounts to label, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass

from botscan.display import Displayed
from botscan.notes import Note
from botscan.wording import number, percent, say, say_note


@dataclass(frozen=True)
class SampleSizePlan(Displayed):
    """Followers to fetch and accounts to label.

    Attributes
    ----------
    n_fetch
        Followers to fetch at random; 0 when the list is in hand, None for as many as can be had.
    n_drawn
        Accounts to draw at random of those fetched, or of the list, and to label.
    n_labels
        Answers expected of these, yes or no; fewer than `n_drawn` when some are expected to stay undecided. 0 when a
        profile of the audience makes labels needless.
    margin
        Half-width wanted, as a share.
    expected_margin
        Half-width that the plan gives at the organic share assumed.
    organic_share
        Organic share assumed.
    confidence_level
        Of the interval.
    list_size
        Accounts in the list in hand; None when there is none, or a large one.
    population
        Followers in all; None when large or unknown.
    variance_ratio
        How many plain labels a label is worth thanks to the scores; 1 counts on nothing.
    n_raters
        Raters who look at each account drawn.
    cost
        Of fetching and labelling, in the unit of the costs given; None without costs.
    notes
        What was assumed.
    """

    n_fetch: int | None
    n_drawn: int
    n_labels: int
    margin: float
    expected_margin: float
    organic_share: float
    confidence_level: float
    list_size: int | None
    population: int | None
    variance_ratio: float
    n_raters: int
    cost: float | None
    notes: tuple[Note, ...] = ()

    def advice(self, language: str = "en") -> str:
        """Return what to do, in one sentence.

        Examples
        --------
        >>> SampleSizePlan(0, 197, 197, 0.05, 0.0497, 0.5, 0.95, 400, None, 1.0, 1, None).advice()
        'Label 197 accounts, drawn at random from the list: the organic share is then known to about ±5.0 points.'
        """
        values = {"n_fetch": self.n_fetch, "n_drawn": self.n_drawn, "count": self.n_drawn or self.n_fetch}
        doing = say(f"plan_do_{self._kind}", language, **values)
        if self.expected_margin == 0.0:
            return say("plan_known_exactly", language, doing=doing)
        return say("plan_known_to", language, doing=doing, points=self._points(language))

    @property
    def _kind(self) -> str:
        if self.n_drawn == 0:
            return "fetch" if self.n_fetch else "score"
        if self.list_size is not None or self.n_fetch is None:
            return "label_list" if self.n_drawn == self.list_size else "label_some"
        return "fetch_label_all" if self.n_fetch == self.n_drawn else "fetch_label_some"

    def _points(self, language: str) -> str:
        points = 100.0 * self.expected_margin
        return number(points, language, 1 if points >= 1.0 else 2)

    def _title(self, language: str) -> str:
        return self.advice(language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        is_any_size = self.list_size is None and self.population is None
        population = say("plan_size_unknown", language) if is_any_size else number(self.population, language)
        fetch = say("plan_fetch_most", language) if self.n_fetch is None else number(self.n_fetch, language)
        rows = [
            ("plan_n_fetch", fetch, self.list_size is None),
            ("plan_n_drawn", number(self.n_drawn, language), True),
            ("plan_n_labels", number(self.n_labels, language), self.n_labels != self.n_drawn),
            ("plan_expected_margin", say("plan_points", language, points=self._points(language)), True),
            ("plan_organic_share", percent(self.organic_share, language, 1), True),
            ("plan_confidence_level", percent(self.confidence_level, language), True),
            ("plan_list_size", number(self.list_size, language), self.list_size is not None),
            ("plan_population", population, is_any_size or self.population is not None),
            ("plan_variance_ratio", number(self.variance_ratio, language, 2), self.variance_ratio > 1.0),
            ("plan_n_raters", number(self.n_raters, language), self.n_raters > 1),
            ("plan_cost", number(self.cost, language), self.cost is not None),
        ]
        shown = [(say(label, language), value) for label, value, is_shown in rows if is_shown]
        return shown + [(say("share_note", language), say_note(note, language)) for note in self.notes]
