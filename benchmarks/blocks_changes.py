"""Searches without one of their pieces, and worlds that are rougher than the usual one: to see what each is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np

import follow_histories
from botscan.blocks import finder, measure, variation
from botscan.simulate import follow_order

#: Each piece of the search by what is left when it is taken out ...
PIECES = {
    "no score tilt": "without `score_tilt`: a crowd of somewhat higher scores is granted nothing",
    "no creation ages": "without `creation_ages`: newcomers of the day are granted nothing",
    "no inflation": "without empirical inflation: neighbours are taken to vary no more than chance",
    "no multiplicity": "without multiplicity: each window is tested as if it were the only one",
    "no limits": "without least excess and least ratio: any excess counts that is no chance",
}
#: ... and the worlds.
WORLDS = {
    "twice the newcomers": "twice the share of newcomers, and twice as many in viral bursts",
    "twice the surges": "surges of sign-ups twice as high",
    "thrice the drift": "organic scores drift three times as far",
    "rough": "all three together",
}
CHANGES = ("none", *PIECES, *WORLDS)


@contextmanager
def changed(name: str) -> Iterator[None]:
    """Take one piece out of the search, or make the world rougher, until the end of the block."""
    with ExitStack() as stack:
        for target, attribute, value in _patches(name):
            stack.enter_context(mock.patch.object(target, attribute, value))
        yield


def _patches(name: str) -> list[tuple[Any, str, Any]]:
    young = (follow_histories, "_viral_bursts", _twice_as_young(follow_histories._viral_bursts))  # noqa: SLF001
    drift = (follow_histories, "DRIFT", 3 * follow_histories.DRIFT)
    by_name: dict[str, list[tuple[Any, str, Any]]] = {
        "none": [],
        "no score tilt": [(measure, "predicted_by_tilt", lambda *_: 0.0)],
        "no creation ages": [(measure, "predicted_by_ages", lambda *_: 0.0)],
        "no inflation": [(variation, "inflation_of", lambda _: 1.0)],
        "no multiplicity": [(finder, "numbers_of_tests", _no_tests)],
        "no limits": [(finder, "mark_columns", _without_limits(finder.mark_columns))],
        "twice the newcomers": [(follow_order, "_SignUps", _sign_ups(newcomers=2.0, surges=1.0)), young],
        "twice the surges": [(follow_order, "_SignUps", _sign_ups(newcomers=1.0, surges=2.0))],
        "thrice the drift": [drift],
        "rough": [(follow_order, "_SignUps", _sign_ups(newcomers=2.0, surges=2.0)), young, drift],
    }
    return by_name[name]


def _no_tests(columns: Any, _search: int) -> dict[int, tuple[float, float]]:
    return dict.fromkeys(range(len(columns)), (1.0, 1.0))


def _without_limits(mark_columns: Any) -> Any:
    def unlimited(evidence: Any) -> Any:
        return tuple(replace(column, least_excess=0.0, least_ratio=1.0) for column in mark_columns(evidence))

    return unlimited


def _twice_as_young(viral_bursts: Any) -> Any:
    def younger(*arguments: Any) -> list[Any]:
        return [replace(burst, young_share=2 * burst.young_share) for burst in viral_bursts(*arguments)]

    return younger


def _sign_ups(*, newcomers: float, surges: float) -> type:
    """Return the sign-ups of a platform with so many times the newcomers and such higher surges."""
    usual = follow_order._SignUps  # noqa: SLF001

    class Rougher(usual):  # type: ignore[misc,valid-type]
        @classmethod
        def drawn(cls, random: np.random.Generator, begin: float, now: float) -> Any:
            made = usual.drawn(random, begin, now)
            trend = np.diff(made.cumulative) / (1 + made.surge)
            surge = surges * made.surge
            share = tuple(newcomers * part for part in made.newcomer_share)
            cumulative = np.concatenate([[0.0], np.cumsum(trend * (1 + surge))])
            return replace(made, surge=surge, cumulative=cumulative, newcomer_share=share)

    return Rougher
