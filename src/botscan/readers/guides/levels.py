"""Evidence levels: what is in a list of each, what can be said with it, and what cannot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One evidence level.

    Attributes
    ----------
    name
        ``0`` to ``4`` as in results, or ``series``.
    holds
        What is in the list.
    supports, does_not_support
        What can be said with it, and what cannot.
    """

    name: str
    holds: str
    supports: str
    does_not_support: str


#: Poorest first.
LEVELS: tuple[Level, ...] = (
    Level(
        "0",
        "ids only, perhaps in order",
        "counting; what two lists have in common and who came and went between them; duplicates; where ids hold dates,"
        " how many accounts are very young and whether they came in bursts",
        "any score of an account, any share by the model",
    ),
    Level(
        "1",
        "handles or names, perhaps the time of following",
        "a list to look through; shapes of handles and names that repeat; bursts of new followers where the time of"
        " following is known; a share from labels that people gave to a random sample",
        "a score: the shape of a handle alone is weak evidence; ages, ratios",
    ),
    Level(
        "2",
        "profiles with counts, no creation dates",
        "ratios of followers, followed accounts and posts; empty profiles; the score without dates, where all three"
        " counts are there",
        "the age of accounts, posts a day, ages against the order of following",
    ),
    Level(
        "3",
        "profiles with counts and creation dates",
        "the full score of a profile where all three counts are there; ages, once the day of the list is known; the"
        " share of organic followers with an interval, from labels",
        "when accounts post and whether texts repeat",
    ),
    Level(
        "4",
        "the same and posts of the followers",
        "the rhythm of posting, the apps used, repetition and engagement; this version reads posts, its score uses"
        " profiles only",
        "what other audiences do",
    ),
    Level(
        "series",
        "dates and counts of followers, no followers",
        "days on which the number of followers changed, growth; engagement where posts are at hand",
        "anything about single followers",
    ),
)
