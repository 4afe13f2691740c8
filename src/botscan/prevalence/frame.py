"""Frame: which part of the followers a list holds, and what a share of the list says about the others."""

from __future__ import annotations

import math
from numbers import Integral

from botscan.errors import BotscanError
from botscan.notes import Note
from botscan.prevalence.intervals import wilson_interval
from botscan.reading_report import NEARLY_ALL

#: Which part of the followers a list holds: all of them, a simple random sample, a head of the newest, not said.
FRAMES: tuple[str, ...] = ("full", "random", "newest", "unknown")
#: Platforms show counts with three figures and may cut the rest: 10,099 followers are shown as 10.0K. So a list may be
#: longer than the stated number of followers by this share of it.
ROUNDED_AWAY = 0.01
#: Bounds that hold whatever the unseen followers are say something only where fewer than this share is unseen.
_MOST_UNSEEN = 0.5


def check_frame(frame: str, population: int | None, n_accounts: int) -> None:
    """Raise BotscanError when the frame is unknown, or the population is no number or contradicts the list.

    Examples
    --------
    >>> check_frame("newest", 29_100, 29_149)  # a rounded count
    >>> check_frame("newest", 20_000, 29_149)
    Traceback (most recent call last):
    botscan.errors.BotscanError: Found a population of 20000 followers, but the list alone holds 29149 accounts. \
Give the number of all followers of the audience, or leave the population out.
    """
    if frame not in FRAMES:
        raise BotscanError(
            f"Found the frame {frame!r}; it says which part of the followers the list holds.",
            remedy=f"Choose one of {', '.join(FRAMES)}.",
        )
    if population is None:
        return
    given: object = population  # whatever a caller in Python wrote
    if isinstance(given, bool) or not isinstance(given, Integral) or population < 0:
        raise BotscanError(
            f"Found a population of {str(population)[:40]!r}, wanted a whole number of followers.",
            remedy="Write 29100 for 29.1K.",
        )
    if n_accounts - population > ROUNDED_AWAY * population:
        raise BotscanError(
            f"Found a population of {population} followers, but the list alone holds {n_accounts} accounts.",
            remedy="Give the number of all followers of the audience, or leave the population out.",
        )


def unseen_share(frame: str, population: int | None, n_accounts: int) -> float:
    """Return which part of what the interval speaks of is outside the list: none, unless the list is a random sample.

    Examples
    --------
    >>> unseen_share("newest", 5_000, 1_000), unseen_share("random", 5_000, 1_000), unseen_share("random", None, 1_000)
    (0.0, 0.8, 1.0)
    """
    if frame != "random":
        return 0.0
    return 1.0 if population is None else _missing(population, n_accounts)


def undeclared_share(n_undeclared: int, n: int, unseen: float, confidence_level: float) -> tuple[float, float, float]:
    """Return which share of the accounts do not call themselves automated, with an interval.

    Of the list it is known; of the followers that the list was drawn from it is estimated.

    Parameters
    ----------
    n_undeclared, n
        Such accounts of the list, and accounts in all.
    unseen
        As `unseen_share` tells.
    confidence_level
        In (0, 1).
    """
    if n_undeclared == n:
        # The interval of the labels or scores already allows for whatever the sample did not meet.
        return 1.0, 1.0, 1.0
    share = n_undeclared / n
    n_effective = n / unseen if unseen > 0 else math.inf
    return share, *wilson_interval(share, n_effective, confidence_level)


def frame_notes(
    frame: str,
    population: int | None = None,
    interval: tuple[float, float, float] | None = None,
    *,
    n_accounts: int | None = None,
    n_judged: int | None = None,
) -> tuple[Note, ...]:
    """Say which part of the followers was seen, and what that means for the share.

    Only a random sample speaks of more than itself. Of any other part the share stays a share of the list, whatever
    the population is; where the list holds most of the followers, bounds are told that hold whatever the others are.

    Parameters
    ----------
    frame
        One of `FRAMES`.
    population
        Number of all followers, when known.
    interval
        Share, lower and upper end, when there is one.
    n_accounts
        Accounts in the list; without it nothing is said about the part that was seen.
    n_judged
        Accounts that the share is of, where these are fewer.

    Examples
    --------
    >>> [note.code for note in frame_notes("newest", 20_000, (0.8, 0.7, 0.9), n_accounts=2_000)]
    ['frame_newest_population']
    >>> seen, bounds = frame_notes("unknown", 2_500, (0.8, 0.7, 0.9), n_accounts=2_000)
    >>> seen.code, bounds.code, bounds.numbers["lower"], bounds.numbers["upper"]
    ('frame_unknown_population', 'frame_worst_case', 0.56, 0.92)
    """
    judged = n_accounts if n_judged is None else n_judged
    rounded = _rounded_population(population, n_accounts)
    if population is None or n_accounts is None:
        return _bare_notes(frame, population, interval)
    if frame == "random":
        if interval is None or judged == n_accounts:
            return (*_bare_notes(frame, max(population, n_accounts), interval), *rounded)
        numbers = {"population": max(population, n_accounts), "judged": (judged or 0) / n_accounts}
        return (Note("frame_random_judged", numbers=numbers), *rounded)
    if population - n_accounts <= NEARLY_ALL * population:
        whole = () if frame == "full" else (Note(f"frame_{frame}_nearly_all", numbers=_seen(population, n_accounts)),)
        return (*whole, *rounded)
    code = "frame_full_incomplete" if frame == "full" else f"frame_{frame}_population"
    return (Note(code, numbers=_seen(population, n_accounts)), *_worst_case(population, judged or 0, interval))


def _bare_notes(frame: str, population: int | None, interval: tuple[float, float, float] | None) -> tuple[Note, ...]:
    """Say what holds where it is not known how much of the followers was seen."""
    if frame != "random":
        return () if frame == "full" else (Note(f"frame_{frame}"),)
    if population is None or interval is None:
        return (Note("frame_random"),)
    share, lower, upper = (round(value * population) for value in interval)
    numbers = {"population": population, "organic_count": share, "ci_lower": lower, "ci_upper": upper}
    return (Note("frame_random_population", numbers=numbers),)


def _missing(population: int, n_accounts: int) -> float:
    """Return which part of the followers is not in the list; none where the stated number was rounded down."""
    return max(0.0, 1.0 - n_accounts / population) if population else 0.0


def _seen(population: int, n_accounts: int) -> dict[str, float]:
    total = max(population, n_accounts)
    seen = n_accounts / total if total else 1.0
    return {"n_accounts": n_accounts, "population": total, "n_others": total - n_accounts, "seen": seen}


def _rounded_population(population: int | None, n_accounts: int | None) -> tuple[Note, ...]:
    if population is None or n_accounts is None or n_accounts <= population:
        return ()
    return (Note("frame_population_rounded", count=n_accounts, numbers={"population": population}),)


def _worst_case(population: int, n_judged: int, interval: tuple[float, float, float] | None) -> tuple[Note, ...]:
    """Give bounds of the share of all followers that need no word about those who were not seen."""
    unseen = _missing(population, n_judged)
    if interval is None or not 0.0 < unseen < _MOST_UNSEEN:
        return ()
    _, lower, upper = interval
    numbers = {
        "population": population,
        "n_others": population - n_judged,
        "lower": round((1.0 - unseen) * lower, 6),
        "upper": round((1.0 - unseen) * upper + unseen, 6),
    }
    return (Note("frame_worst_case", numbers=numbers),)
