"""From the plain data of a card to a Model: every field is checked, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from botscan.errors import ModelError
from botscan.evidence.feature_reference import FeatureReference
from botscan.evidence.histogram import N_BINS, STEPS_PER_LOG_ODDS
from botscan.evidence.profile import ScoreProfile
from botscan.features.grid import EDGES, GRID_VERSION, n_bins
from botscan.features.registry import FEATURE
from botscan.schema import ACCOUNT_COLUMN, PLATFORMS
from botscan.scoring.canonical_json import GET_AGAIN
from botscan.scoring.logistic import logistic_table
from botscan.scoring.memory import Memory, PairTable
from botscan.scoring.model import (
    FORMAT,
    FORMAT_VERSION,
    GROUPS,
    FeatureTable,
    Model,
    Monotone,
    PatternSection,
    PlatformSection,
    Thresholds,
    Validation,
)
from botscan.scoring.model_files import CARD, Bundle
from botscan.scoring.patterns import GENERAL, Pattern
from botscan.scoring.reference_card import reference_from

#: Points are bounded, so that no sum of a section can leave the range of a score.
MAX_POINTS = 16.0
MAX_FEATURES = 64
MAX_PATTERNS = 16
MAX_STEPS = round(MAX_POINTS * STEPS_PER_LOG_ODDS)
#: Levels of a feature that stands in pairs; one more stands for unknown.
MAX_LEVELS = 32

_CARD_KEYS = {"about", "arrays", "format", "format_version", "grid_version", "name", "needs_botscan", "platforms"}
_SECTION_KEYS = {
    "abstain_below", "features", "intercept", "memory", "patterns", "reference", "training", "validation",
}  # fmt: skip
_MEMORY_KEYS = {"levels", "pairs"}
_FEATURE_KEYS = {"edges", "group", "missing", "monotone", "name", "points"}
_PATTERN_KEYS = {"columns", "features", "left_out", "name", "profile", "thresholds"}


@dataclass(frozen=True)
class _Place:
    """A place in the card, for messages and for typed access."""

    source: str
    path: str
    value: Any

    def fail(self, wanted: str) -> ModelError:
        return ModelError(f"At {self.path}: wanted {wanted}.", source=self.source, remedy=GET_AGAIN)

    def at(self, key: str) -> _Place:
        if not isinstance(self.value, dict) or key not in self.value:
            raise self.fail(f"an object with {key}")
        return _Place(self.source, f"{self.path}.{key}", self.value[key])

    def items(self) -> Iterator[_Place]:
        if not isinstance(self.value, list):
            raise self.fail("a list")
        return (_Place(self.source, f"{self.path}[{i}]", item) for i, item in enumerate(self.value))

    def with_keys(self, keys: set[str]) -> _Place:
        if not isinstance(self.value, dict) or set(self.value) != keys:
            raise self.fail(f"exactly {', '.join(sorted(keys))}")
        return self

    def word(self, choices: Sequence[str] | Mapping[str, Any] | None = None) -> str:
        if not isinstance(self.value, str) or not 0 < len(self.value) <= 100:
            raise self.fail("a word")
        if choices is not None and self.value not in choices:
            raise self.fail("a known word; this one may come from a newer botscan")
        return self.value

    def words(self, choices: Sequence[str] | Mapping[str, Any]) -> tuple[str, ...]:
        found = tuple(item.word(choices) for item in self.items())
        if len(set(found)) != len(found):
            raise self.fail("words that differ")
        return found

    def whole(self, low: int, high: int) -> int:
        if type(self.value) is not int or not low <= self.value <= high:
            raise self.fail(f"a whole number from {low} to {high}")
        return self.value

    def number(self, low: float, high: float) -> float:
        # `type` and not isinstance: True is an int.
        if type(self.value) not in (int, float) or not low <= self.value <= high:
            raise self.fail(f"a number from {low:g} to {high:g}")
        return float(self.value)

    def steps(self, limit: float = MAX_POINTS) -> int:
        points = self.number(-limit, limit)
        steps = round(points * STEPS_PER_LOG_ODDS)
        if steps / STEPS_PER_LOG_ODDS != points:
            raise self.fail("a multiple of 0.05")
        return steps


def model_from_bundle(bundle: Bundle) -> Model:
    """Check what a card means and return it as a Model.

    Raises
    ------
    ModelError
        The format or the grid is not known, or any field is not what it must be; the message names the field.
    """
    root = _Place(f"{bundle.source}/{CARD}", "card", bundle.card)
    if root.at("format").value != FORMAT:
        raise root.at("format").fail(f"{FORMAT!r}")
    if root.at("format_version").whole(1, 10**6) != FORMAT_VERSION:
        raise ModelError(
            f"The card has format version {root.at('format_version').value}, wanted {FORMAT_VERSION}.",
            source=root.source,
            remedy=f"This model needs botscan {root.at('needs_botscan').word()} or later.",
        )
    if root.at("grid_version").whole(1, 10**6) != GRID_VERSION:
        raise root.at("grid_version").fail(f"{GRID_VERSION}, the grid of this botscan")
    root.with_keys(_CARD_KEYS | {"sha256"})
    root.at("needs_botscan").word()
    platforms = root.at("platforms")
    if not isinstance(platforms.value, dict) or not platforms.value:
        raise platforms.fail("at least one platform")
    digest = str(root.at("sha256").value)
    sections = {}
    for name in platforms.value:
        if name not in PLATFORMS and name != GENERAL:
            raise platforms.fail("known platforms")
        sections[name] = _section(name, platforms.at(name), bundle.arrays, digest)
    return Model(root.at("name").word(), digest, GRID_VERSION, MappingProxyType(sections))


def _section(platform: str, place: _Place, arrays: Mapping[str, NDArray[Any]], digest: str) -> PlatformSection:
    place.with_keys(_SECTION_KEYS)
    tables = tuple(_feature(item) for item in place.at("features").items())
    names = [table.name for table in tables]
    if not 0 < len(names) <= MAX_FEATURES or len(set(names)) != len(names):
        raise place.at("features").fail(f"1 to {MAX_FEATURES} features, each once")
    memory = _memory(place.at("memory"))
    names = list(dict.fromkeys((*names, *(memory.levels if memory else ()))))
    patterns = tuple(_pattern(platform, item, names, arrays, digest) for item in place.at("patterns").items())
    pattern_names = {section.pattern.name for section in patterns}
    if not 0 < len(patterns) <= MAX_PATTERNS or len(pattern_names) != len(patterns):
        raise place.at("patterns").fail(f"1 to {MAX_PATTERNS} patterns, each once")
    return PlatformSection(
        platform=platform,
        intercept=place.at("intercept").steps(),
        tables=tables,
        memory=memory,
        patterns=patterns,
        reference=_reference(place.at("reference"), names, patterns, arrays, digest),
        abstain_below=place.at("abstain_below").number(0.0, 1.0),
        validation=cast("Validation", place.at("validation").word(("left_out_sources", "random_halves"))),
    )


def _feature(place: _Place) -> FeatureTable:
    place.with_keys(_FEATURE_KEYS)
    name = place.at("name").word(FEATURE)
    edges = np.array([item.number(-1e15, 1e15) for item in place.at("edges").items()], dtype=np.float32)
    if not np.array_equal(edges, EDGES[name]):
        raise place.at("edges").fail(f"the edges of grid {GRID_VERSION}")
    steps = np.array([item.steps() for item in place.at("points").items()], dtype=np.int32)
    if len(steps) != len(edges) + 1:
        raise place.at("points").fail(f"{len(edges) + 1} points, one more than edges")
    if place.at("missing").value != 0 or type(place.at("missing").value) is not int:
        raise place.at("missing").fail("0")
    if place.at("group").word(GROUPS) != FEATURE[name].group:
        raise place.at("group").fail(f"{FEATURE[name].group!r}")
    monotone = cast("Monotone", place.at("monotone").value)
    if monotone not in ("rising", "falling", None):
        raise place.at("monotone").fail("rising, falling or null")
    changes = np.diff(steps)
    if (monotone == "rising" and (changes < 0).any()) or (monotone == "falling" and (changes > 0).any()):
        raise place.at("points").fail(f"points that are {monotone}")
    steps.flags.writeable = False
    return FeatureTable(name, FEATURE[name].group, steps, monotone)


def _reference(
    place: _Place,
    features: Sequence[str],
    patterns: Sequence[PatternSection],
    arrays: Mapping[str, NDArray[Any]],
    digest: str,
) -> FeatureReference | None:
    if place.value is None:
        return None
    return reference_from(
        place.value,
        arrays,
        model=digest,
        features=features,
        patterns=[section.pattern.name for section in patterns],
        source=place.source,
        path=place.path,
    )


def _memory(place: _Place) -> Memory | None:
    if place.value is None:
        return None
    place.with_keys(_MEMORY_KEYS)
    levels = {}
    for item in place.at("levels").items():
        name = item.with_keys({"feature", "first_bins"}).at("feature").word(FEATURE)
        levels[name] = _levels(item.at("first_bins"), n_bins(name))
    pairs = tuple(_pair(item, levels) for item in place.at("pairs").items())
    if not 0 < len(levels) <= MAX_FEATURES or len({frozenset(pair.features) for pair in pairs}) != len(pairs):
        raise place.at("pairs").fail(f"pairs of 1 to {MAX_FEATURES} features, each once")
    if {name for pair in pairs for name in pair.features} != set(levels):
        raise place.at("levels").fail("levels of the features that stand in a pair, and of no other")
    return Memory(MappingProxyType(levels), pairs)


def _levels(place: _Place, n_codes: int) -> NDArray[np.uint8]:
    first_bins = [item.whole(1, n_codes - 1) for item in place.items()]
    if any(low >= high for low, high in pairwise(first_bins)) or len(first_bins) >= MAX_LEVELS:
        raise place.fail(f"fewer than {MAX_LEVELS} bins that rise")
    levels = np.searchsorted(np.array(first_bins, dtype=np.int64), np.arange(n_codes), side="right").astype(np.uint8)
    levels.flags.writeable = False
    return levels


def _pair(place: _Place, levels: Mapping[str, NDArray[np.uint8]]) -> PairTable:
    names = place.with_keys({"features", "steps"}).at("features").words(levels)
    if len(names) != 2:
        raise place.at("features").fail("two features")
    first, second = names
    rows = [[item.whole(-MAX_STEPS, MAX_STEPS) for item in row.items()] for row in place.at("steps").items()]
    shape = (int(levels[first][-1]) + 1, int(levels[second][-1]) + 1)
    if [len(row) for row in rows] != [shape[1]] * shape[0]:
        raise place.at("steps").fail(f"{shape[0]} rows of {shape[1]} whole numbers")
    steps = np.array(rows, dtype=np.int32)
    steps.flags.writeable = False
    return PairTable((first, second), steps)


def _pattern(
    platform: str, place: _Place, names: Sequence[str], arrays: Mapping[str, NDArray[Any]], digest: str
) -> PatternSection:
    place.with_keys(_PATTERN_KEYS)
    pattern = Pattern(platform, place.at("name").word(), place.at("columns").words(ACCOUNT_COLUMN))
    features = place.at("features").words(FEATURE)
    if not pattern.columns or features != features_of(pattern, names) or not features:
        raise place.at("features").fail("the features that these columns suffice for, in the order of their tables")
    thresholds = place.at("thresholds").with_keys({"suspicious", "review"})
    lines = Thresholds(_threshold(thresholds.at("suspicious")), _threshold(thresholds.at("review")))
    if lines.review > lines.suspicious:
        raise thresholds.fail("a review threshold that is not above the one of suspicious")
    return PatternSection(pattern, features, lines, _profile(pattern, place.at("profile"), arrays, digest))


def features_of(pattern: Pattern, names: Sequence[str]) -> tuple[str, ...]:
    """Return the features among `names` for which the columns of a pattern suffice, in their order."""
    return tuple(name for name in names if set(FEATURE[name].needs) <= set(pattern.columns))


def threshold_entry(steps: int) -> dict[str, float]:
    """Return the card's entry of a threshold: the line as log-odds and as the bot_score it stands for."""
    score = float(logistic_table(steps, steps)[0])
    return {"bot_score": round(score, 6), "log_odds": steps / STEPS_PER_LOG_ODDS}


def _threshold(place: _Place) -> int:
    place.with_keys({"bot_score", "log_odds"})
    steps = place.at("log_odds").steps()
    if place.at("bot_score").number(0.0, 1.0) != threshold_entry(steps)["bot_score"]:
        raise place.at("bot_score").fail("the score that the log-odds stand for")
    return steps


def _profile(pattern: Pattern, place: _Place, arrays: Mapping[str, NDArray[Any]], digest: str) -> ScoreProfile:
    place.with_keys({"bin_edges", "organic", "suspicious"})
    edges = tuple(item.whole(1, N_BINS - 1) for item in place.at("bin_edges").items())
    if not edges or any(low >= high for low, high in pairwise(edges)):
        raise place.at("bin_edges").fail("edges that rise")
    return ScoreProfile(
        suspicious=_families(place.at("suspicious"), arrays),
        organic=_families(place.at("organic"), arrays),
        bin_edges=edges,
        model=digest,
        pattern=pattern.id,
    )


def _families(place: _Place, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.uint64]]:
    place.with_keys({"array", "families"})
    name = place.at("array").word(arrays)
    families = list(place.at("families").items())
    names = [item.at("name").word() for item in families]
    sizes = [item.with_keys({"n", "name"}).at("n").whole(1, 10**12) for item in families]
    counts = arrays[name]
    if not families or len(set(names)) != len(names):
        raise place.at("families").fail("at least one family, each once")
    if counts.dtype.kind != "u" or counts.shape != (len(families), N_BINS):
        raise place.at("array").fail(f"whole numbers of shape ({len(families)}, {N_BINS})")
    # Python integers: a forged array cannot make the sum wrap around.
    if [sum(row) for row in counts.tolist()] != sizes:
        raise place.at("families").fail("counts that sum to n")
    return {family: counts[i].astype(np.uint64) for i, family in enumerate(names)}
