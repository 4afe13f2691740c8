"""Reasons for a score as sentences: the account's own numbers, the limits of their bins, and what they add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.features.registry import FEATURE
from botscan.report.waterfall import WaterfallBar
from botscan.scoring.explain import Explanation, FeaturePoints, GroupPoints
from botscan.wording import has_words, number, percent, say

#: Sentences told for one story, at most.
_MOST_SIGNS = 2
#: Flag -> the feature that says the same with a number.
_NUMBER_BEHIND: Mapping[str, str] = MappingProxyType(
    {
        "has_no_followers": "followers_count",
        "has_no_following": "following_count",
        "has_no_posts": "posts_count",
        "has_no_lists": "listed_count",
        "has_no_likes_received": "likes_received_count",
        "is_bio_empty": "bio_length",
        "bio_has_link": "bio_link_count",
        "bio_has_emoji": "bio_emoji_count",
        "bio_has_hashtag": "bio_hashtag_count",
        "bio_has_mention": "bio_mention_count",
    }
)
#: Number -> the flag whose words say that it is none.
_FLAG_OF_NONE: Mapping[str, str] = MappingProxyType({number: flag for flag, number in _NUMBER_BEHIND.items()})
#: Rate -> its count: a rate of nothing is a count of nothing.
_COUNT_BEHIND: Mapping[str, str] = MappingProxyType(
    {
        "followers_per_day": "followers_count",
        "following_per_day": "following_count",
        "posts_per_day": "posts_count",
        "listed_per_day": "listed_count",
    }
)
#: Counts told where a story is about how they stand to each other.
_COUNTS = ("following_count", "followers_count", "posts_count")
_YEAR = 365.0
#: Ages from here on are told in years.
_TOLD_IN_YEARS = 2 * _YEAR
#: One thing in so many days is the same as never: the lowest edge of rates.
_ENDLESS = 1e6


@dataclass(frozen=True)
class Sign:
    """One fact about an account and what it adds to the score.

    Attributes
    ----------
    sentence
        In words, with the account's number and the limits of its bin.
    log_odds
        Sum over the features that tell this fact.
    is_ratio
        Whether it tells of a ratio, which counts one more on both sides.
    """

    sentence: str
    log_odds: float
    is_ratio: bool = False


@dataclass(frozen=True)
class Reason:
    """One story with its strongest facts.

    Attributes
    ----------
    group
        Code of the story.
    log_odds
        What it adds in all.
    counts
        The counts a story of ratios is about; empty in other stories.
    signs
        Facts that point the way of the whole story, largest first, at most two.
    """

    group: str
    log_odds: float
    counts: str
    signs: tuple[Sign, ...]

    @property
    def rest(self) -> float:
        """What the facts that are not told add together, so that all parts add up to the story."""
        told = sum(round(sign.log_odds * STEPS_PER_LOG_ODDS) for sign in self.signs)
        return (round(self.log_odds * STEPS_PER_LOG_ODDS) - told) / STEPS_PER_LOG_ODDS

    def sentence(self, language: str = "en") -> str:
        """Return the facts in one line, each with what it adds; the name of the story where there is no fact."""
        facts = [f"{sign.sentence}: {signed(sign.log_odds, language)}" for sign in self.signs]
        if facts and self.rest:
            facts.append(f"{say('sign_others', language)}: {signed(self.rest, language)}")
        return "; ".join([self.counts] * bool(self.counts) + facts) or say(f"group_{self.group}", language)


def tell_reason(explanation: Explanation, group: GroupPoints, language: str = "en") -> Reason:
    """Put one story of an explanation into words; codes and numbers only, no text of the account.

    Parameters
    ----------
    explanation
        All that is known of the account's score.
    group
        One of its stories.
    language
        ``en`` or ``id``.

    Examples
    --------
    >>> item = FeaturePoints("following_count", 2001.0, 2001.0, 2002.0, 1.2)
    >>> group = GroupPoints("following", 1.2, (item,))
    >>> found = Explanation("7", "twitter", "m", "", "twitter/full", 1.2, 0.77, "active", True, 1.0, 0.0, (group,),
    ...                     (), ())
    >>> tell_reason(found, group).sentence(), tell_reason(found, group, "id").sentence("id")
    ('follows 2,001 accounts: +1.20', 'mengikuti 2.001 akun: +1,20')
    """
    facts = [(_steps(items), items[0]) for items in _facts(group.features)]
    way = sorted((fact for fact in facts if fact[0] * group.log_odds > 0), key=lambda fact: -abs(fact[0]))
    told = way[:_MOST_SIGNS]
    counts = _counts(explanation, [item for _, item in told], language)
    signs = (
        Sign(
            _with_limits(*_sentence(item, language, counts_are_told=bool(counts))),
            steps / STEPS_PER_LOG_ODDS,
            is_ratio=_unit(item.name) == "ratio",
        )
        for steps, item in told
    )
    return Reason(group.group, group.log_odds, counts, tuple(signs))


def tell_verdict(explanation: Explanation, language: str = "en") -> str:
    """Say in a sentence or two how an account is judged, and where score and verdict part."""
    verdict = explanation.verdict
    told = [say(f"told_{verdict}", language)]
    line, score = explanation.suspicious_threshold, explanation.log_odds
    if verdict not in ("suspicious", "declared_bot") and score is not None:
        if line is not None and score >= line:
            told.append(say("waterfall_over_the_line", language))
        elif explanation.review:
            told.append(say("waterfall_worth_a_look", language))
    return " ".join(told)


def tell_score(explanation: Explanation, language: str = "en") -> str:
    """Write a score as so many of a hundred, with its log-odds; empty where there is none."""
    if explanation.bot_score is None or explanation.log_odds is None:
        return ""
    # One digit, or two where one would say 0 or 100; nothing is certain.
    share = min(max(100 * explanation.bot_score, 0.01), 99.99)
    value = number(share, language, 1 if 0.05 <= share < 99.95 else 2)
    return say("waterfall_score_told", language, value=value, score=signed(explanation.log_odds, language))


def bar_name(bar: WaterfallBar, language: str = "en") -> str:
    """Return the name of a bar of the waterfall."""
    if bar.kind == "other":
        return say("waterfall_other", language, count=len(bar.groups))
    if not bar.groups:
        return say(f"waterfall_{bar.kind}", language)
    name = bar.groups[0].group
    return say(f"short_{name}" if has_words(f"short_{name}") else f"group_{name}", language)


def signed(log_odds: float, language: str = "en") -> str:
    """Write log-odds with their sign.

    Examples
    --------
    >>> signed(1.2), signed(-0.45, "id"), signed(0.0)
    ('+1.20', '-0,45', '0.00')
    """
    return ("+" if log_odds > 0 else "") + number(log_odds, language, 2)


def _facts(items: tuple[FeaturePoints, ...]) -> list[list[FeaturePoints]]:
    """Put features that tell the same fact together, the one that is told first: no posts, 0 posts, 0 posts a day."""
    values = {item.name: item.value for item in items}
    facts: dict[str, list[FeaturePoints]] = {}
    for item in items:
        name = _NUMBER_BEHIND.get(item.name, item.name)
        count = _COUNT_BEHIND.get(name, name)
        if item.value == 0 and values.get(count) == 0:
            name = count
        facts.setdefault(name if name in values else item.name, []).append(item)
    return [sorted(found, key=lambda item: item.name != name) for name, found in facts.items()]


def _steps(items: list[FeaturePoints]) -> int:
    """Add up what features say, in whole steps, so that the sum is exact."""
    return sum(round(item.log_odds * STEPS_PER_LOG_ODDS) for item in items)


def _counts(explanation: Explanation, told: list[FeaturePoints], language: str) -> str:
    """Return the counts that ratios are about, as they stand in the list; empty where no ratio or no count is told."""
    ratios = [item for item in told if _unit(item.name) == "ratio"]
    items = {item.name: item for group in explanation.groups for item in group.features}
    needed = dict.fromkeys((*_COUNTS, *(name for item in ratios for name in FEATURE[item.name].needs)))
    if not ratios or not all(name in items for name in needed):
        return ""
    return ", ".join(_sentence(items[name], language)[0] for name in needed)


def _with_limits(sentence: str, limits: str) -> str:
    return f"{sentence} ({limits})" if limits else sentence


def _sentence(item: FeaturePoints, language: str, *, counts_are_told: bool = False) -> tuple[str, str]:
    """Return a feature as a sentence, and the limits of its bin; these are empty where there is nothing to tell.

    A ratio counts one more on both sides, so beside its counts it is told by the limits alone: they are true of both.
    """
    unit = _unit(item.name)
    if item.value == 0 and item.name in _FLAG_OF_NONE:
        flag = _FLAG_OF_NONE[item.name]
        return say(f"sign_not_{flag}" if has_words(f"sign_not_{flag}") else f"feature_{flag}", language), ""
    if unit == "":
        return _flag_sentence(item, language), ""
    if unit == "ratio" and item.value == 1 and has_words(f"sign_{item.name}_equal"):
        return say(f"sign_{item.name}_equal", language), ""
    code, value, low, high = _scaled(item)
    write = percent if unit == "share" else _figure
    shown, lowest, highest = (None if one is None else write(one, language) for one in (value, low, high))
    limits = "" if low is None and value == 0 else _range(lowest, highest, language)
    if unit == "ratio" and counts_are_told:
        shown, limits = limits or shown, ""
    if has_words(code):
        return say(code, language, value=shown, count=1 if value == 1 else 2), limits
    return f"{_label(item.name, language)}: {shown}", limits


def _range(low: str | None, high: str | None, language: str) -> str:
    """Write the limits of a bin; empty where it holds one number, or any."""
    if low == high:
        return ""
    if low is None:
        return say("sign_up_to", language, high=high)
    if high is None:
        return say("sign_from", language, low=low)
    return say("sign_within", language, low=low, high=high)


def _flag_sentence(item: FeaturePoints, language: str) -> str:
    if item.value >= 0.5:
        return _label(item.name, language)
    code = f"sign_not_{item.name}"
    if has_words(code):
        return say(code, language)
    return f"{_label(item.name, language)}: {say('explain_no', language)}"


def _scaled(item: FeaturePoints) -> tuple[str, float, float | None, float | None]:
    """Return the code of a sentence with the value and the limits of the bin in the unit it is told in."""
    code = f"sign_{item.name}"
    value = item.value
    low, high = (None if limit is None else _shortest(limit) for limit in (item.low, item.high))
    if has_words(f"{code}_years"):
        if value < _TOLD_IN_YEARS:
            return f"{code}_days", value, low, high
        low, high = (None if limit is None else limit / _YEAR for limit in (low, high))
        return f"{code}_years", value / _YEAR, low, high
    if _is_whole(item):
        # Whole numbers: the limits are the least and the greatest that fall into the bin.
        return code, value, low, None if high is None else high - 1
    if 0 < value < 1 and has_words(f"{code}_inverse"):
        # Fewer than one a day is told as one in so many days; one for a thousand as a thousand for one.
        most = None if low is None or 1 / low > _ENDLESS * (1 - 1e-6) else 1 / low
        return f"{code}_inverse", 1 / value, None if high is None else 1 / high, most
    return code, value, low, high


def _is_whole(item: FeaturePoints) -> bool:
    """Tell whether a value and the limits of its bin are whole numbers of things."""
    unit = _unit(item.name)
    is_count = unit not in ("", "ratio", "share", "days") and " per " not in unit
    return is_count and all(one is None or one.is_integer() for one in (item.value, item.low, item.high))


def _unit(name: str) -> str:
    """Return the unit of a feature; one that is not registered is a plain number."""
    return FEATURE[name].unit if name in FEATURE else "number"


def _label(name: str, language: str) -> str:
    code = f"feature_{name}"
    return say(code, language) if has_words(code) else name


def _shortest(value: float) -> float:
    """Return the shortest decimal that is this float32: an edge of 0.02 and not 0.0199999996."""
    return float(np.format_float_positional(np.float32(value), unique=True))


def _figure(value: float, language: str) -> str:
    """Write a number with about three figures; whole numbers and those from a hundred on without a fraction."""
    near = round(value, 6)
    digits = 0 if near.is_integer() or abs(near) >= 100 else 1 if abs(near) >= 10 else 2 if abs(near) >= 0.1 else 4
    return number(near, language, digits)
