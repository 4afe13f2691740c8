"""Labelled lists become rows to train on: joined by account id, every account once, cut into bins of the grid.

No id, handle or text goes further than this file: what is left of an account are its bins, its label, the name of its
source, and whether a rule keeps it from being called suspicious.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.table import AccountTable
from botscan.errors import NotEnoughAccounts, SchemaError
from botscan.evidence.labels import NOTHING, LabelTable
from botscan.features.columns import Columns
from botscan.features.extract import extract_matrix
from botscan.features.grid import MISSING, bin_codes
from botscan.features.registry import FEATURE
from botscan.scoring.card import features_of
from botscan.scoring.patterns import GENERAL, PATTERNS, Pattern
from botscan.scoring.rules import is_spared
from botscan.training.bin_table import BinTable
from botscan.training.recipes import RECIPES, ROWS_PER_DATASET, SEED, Recipe

#: A kind of account is measured on a source that holds at least so many of it, and a feature trains where so many
#: accounts of each kind know it.
MIN_OF_SOURCE = 50
#: Labelled accounts of each kind, all sources together, below which no model is made.
MIN_OF_KIND = 100
#: Each source is left out once, and the card names them all.
MAX_SOURCES = 30
MAX_SOURCE_NAME = 60

_MADE_ID = re.compile(r"row-[0-9]+")


@dataclass(frozen=True, eq=False, repr=False)
class LabelledList:
    """One list and what people said about accounts of it.

    Attributes
    ----------
    accounts
        The list.
    labels
        Answers about some of its accounts.
    sources
        Account id -> name of the source it is from; accounts that are not named are of the list's own source.
    """

    accounts: AccountTable
    labels: LabelTable
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LabelCounts:
    """What became of the labels.

    Attributes
    ----------
    used
        Accounts that train and measure.
    undecided
        Labelled accounts about which raters were unsure or in two minds.
    not_in_list
        Labels of accounts that the list does not hold.
    repeated
        Labels of an account that an earlier list had labelled alike.
    contradicting
        Accounts to which lists gave different labels; none of them is used.
    beyond_limit
        Accounts not drawn because their source holds more than `ROWS_PER_DATASET` of their kind.
    rows_rejected
        Records of the lists that are no accounts.
    """

    used: int = 0
    undecided: int = 0
    not_in_list: int = 0
    repeated: int = 0
    contradicting: int = 0
    beyond_limit: int = 0
    rows_rejected: int = 0


@dataclass(frozen=True, eq=False, repr=False)
class LabelledRows:
    """Rows to train on and to measure with.

    Attributes
    ----------
    table
        Bins, labels and sources; a data set is a source.
    is_spared
        Rows that a rule keeps from being called suspicious, shape (n,).
    recipe
        Recipe of the platform, with the features that the lists know.
    patterns
        Evidence patterns whose features the lists know, richest first.
    counts
        What became of the labels.
    """

    table: BinTable
    is_spared: NDArray[np.bool_]
    recipe: Recipe
    patterns: tuple[Pattern, ...]
    counts: LabelCounts

    def n_of(self, source: str, label: int) -> int:
        """Return the number of rows of a source and label."""
        return int(((self.table.source == source) & (self.table.label == label)).sum())


@dataclass(frozen=True, eq=False)
class _Part:
    """What is taken from one list: n accounts with a decided label."""

    ids: list[str]
    label: NDArray[np.int8]
    source: NDArray[np.str_]
    is_spared: NDArray[np.bool_]
    codes: NDArray[np.uint8]
    n_undecided: int
    n_not_in_list: int

    def __len__(self) -> int:
        return len(self.label)


def gather_rows(lists: Sequence[LabelledList]) -> LabelledRows:
    """Put labelled lists together.

    Parameters
    ----------
    lists
        Lists of one platform. A list is one source, called ``source_1``, ``source_2``, ... in the order given, but for
        accounts whose source is named.

    Raises
    ------
    SchemaError
        The platform is not known or lists differ in it, labels do not belong to their list, sources are too many or
        oddly named, or the lists lack the counts that every pattern needs.
    NotEnoughAccounts
        Fewer than `MIN_OF_KIND` accounts of either kind are labelled.
    """
    recipe, patterns = _recipe_of(_platform_of(lists))
    _check_names(lists)
    parts = [_take(one, f"source_{number}", recipe.features) for number, one in enumerate(lists, start=1)]
    kept, counts = _once_each(parts)
    label = np.concatenate([part.label for part in parts])
    source = np.concatenate([part.source for part in parts])
    kept, n_beyond = _draw(kept, label, source)
    label, source = label[kept], source[kept]
    codes = np.concatenate([part.codes for part in parts])[kept]
    _check_amounts(label, source, counts)
    bins = {name: codes[:, position] for position, name in enumerate(recipe.features)}
    recipe, patterns = _known(recipe, patterns, bins, label)
    table = BinTable(
        platform=np.full(len(label), recipe.platform),
        dataset=source,
        source=source,
        label=label,
        bins={name: bins[name] for name in recipe.features},
    )
    return LabelledRows(
        table,
        np.concatenate([part.is_spared for part in parts])[kept],
        recipe,
        patterns,
        replace(
            counts,
            used=len(table),
            beyond_limit=n_beyond,
            rows_rejected=sum(one.accounts.report.rows_rejected for one in lists),
        ),
    )


def _platform_of(lists: Sequence[LabelledList]) -> str:
    """Return the one platform of all lists, or refuse."""
    platforms = [one.accounts.platform for one in lists]
    if not platforms:
        raise SchemaError("No labelled list was given.", remedy="Give at least one.")
    first = platforms[0]
    if first is None:
        raise SchemaError(
            "The platform of the list is not known.",
            source=lists[0].accounts.source,
            remedy="Name it: platform=..., on the command line --platform.",
        )
    for one in lists:
        if one.accounts.platform != first:
            raise SchemaError(
                f"This list is of {one.accounts.platform or 'an unknown platform'}, the first one of {first}.",
                source=one.accounts.source,
                remedy="Train one model a platform: what is usual on one is odd on another.",
            )
    return first


def _recipe_of(platform: str) -> tuple[Recipe, tuple[Pattern, ...]]:
    """Return recipe and patterns of a platform; one without its own takes the general ones under its name."""
    # No second layer: what remembers sources needs more of them than a user has.
    recipe_of = {recipe.platform: replace(recipe, memory=None) for recipe in RECIPES}
    if platform in recipe_of:
        return recipe_of[platform], PATTERNS[platform]
    patterns = tuple(replace(pattern, platform=platform) for pattern in PATTERNS[GENERAL])
    return replace(recipe_of[GENERAL], platform=platform), patterns


@dataclass(frozen=True, eq=False)
class DecidedLabels:
    """Labels that say something about an account of their list.

    Attributes
    ----------
    labels
        Positions among the labels, rising, shape (n,).
    rows
        Row of each in the list, shape (n,).
    label
        1 suspicious, 0 organic, int8, shape (n,).
    is_undecided
        Per label whether its account is in the list and raters were unsure or in two minds, shape (all labels,).
    n_not_in_list
        Labels of accounts that the list does not hold.
    """

    labels: NDArray[np.int64]
    rows: NDArray[np.int64]
    label: NDArray[np.int8]
    is_undecided: NDArray[np.bool_]
    n_not_in_list: int


def match_labels(one: LabelledList) -> DecidedLabels:
    """Find the accounts of a list about which its labels decide.

    Raises
    ------
    SchemaError
        None of the labelled accounts is in the list.
    """
    labels = one.labels
    place = pc.index_in(pa.array(labels.account_ids, pa.large_string()), value_set=one.accounts.table["account_id"])
    is_in_list = np.asarray(place.is_valid().to_numpy(zero_copy_only=False))
    if len(labels) and not is_in_list.any():
        raise SchemaError(
            f"None of the {len(labels)} labelled accounts is in the list.",
            source=labels.source,
            remedy="Give the labels of this very list; ids must be the same in both.",
        )
    suspicious = labels.suspicious
    # Half a yes is no label to learn from.
    is_decided = ~np.isnan(suspicious) & (suspicious != 0.5)
    is_answered = (labels.answers != NOTHING).any(axis=1)
    taken = np.flatnonzero(is_in_list & is_decided)
    return DecidedLabels(
        labels=taken,
        rows=np.asarray(place.take(pa.array(taken)).to_numpy(zero_copy_only=False), dtype=np.int64),
        label=(suspicious[taken] > 0.5).astype(np.int8),
        is_undecided=is_in_list & is_answered & ~is_decided,
        n_not_in_list=int((~is_in_list).sum()),
    )


def _take(one: LabelledList, default_source: str, features: Sequence[str]) -> _Part:
    """Take the accounts with a decided label from a list and cut them into bins."""
    labels, decided = one.labels, match_labels(one)
    table = one.accounts.table.take(pa.array(decided.rows))
    ids = [labels.account_ids[position] for position in decided.labels.tolist()]
    return _Part(
        ids=[f"{default_source}/{name}" if _MADE_ID.fullmatch(name) else name for name in ids],
        label=decided.label,
        source=np.array([_checked_source(one.sources.get(name, default_source), labels.source) for name in ids], "U60"),
        is_spared=is_spared(Columns(table)),
        codes=_codes(table, one.accounts, features),
        n_undecided=int(decided.is_undecided.sum()),
        n_not_in_list=decided.n_not_in_list,
    )


def _codes(table: pa.Table, accounts: AccountTable, features: Sequence[str]) -> NDArray[np.uint8]:
    """Cut rows into bins; as in scoring, a feature whose columns the whole list lacks is missing in all of them."""
    codes = bin_codes(extract_matrix(table, features), features)
    coverage = accounts.coverage()
    for position, name in enumerate(features):
        if not all(coverage.has(column) for column in FEATURE[name].needs):
            codes[:, position] = MISSING
    return codes


def _checked_source(name: str, source: str) -> str:
    if not 0 < len(name) <= MAX_SOURCE_NAME or not name.isprintable():
        raise SchemaError(
            f"A name of {len(name)} characters in the column source cannot stand in a model.",
            source=source,
            column="source",
            remedy=f"Use up to {MAX_SOURCE_NAME} printable characters, and no names of people: the model repeats them.",
        )
    return name


def _once_each(parts: Sequence[_Part]) -> tuple[NDArray[np.bool_], LabelCounts]:
    """Keep the first row of every account, and none where its labels contradict each other.

    An account that stood on both sides of a fold would be recognised, not judged.
    """
    ids = [name for part in parts for name in part.ids]
    label = np.concatenate([part.label for part in parts])
    first: dict[str, int] = {}
    contradicting = set()
    for row, name in enumerate(ids):
        if label[first.setdefault(name, row)] != label[row]:
            contradicting.add(name)
    kept = np.zeros(len(ids), dtype=np.bool_)
    kept[[row for name, row in first.items() if name not in contradicting]] = True
    n_contradicting = sum(name in contradicting for name in ids)
    counts = LabelCounts(
        undecided=sum(part.n_undecided for part in parts),
        not_in_list=sum(part.n_not_in_list for part in parts),
        repeated=len(ids) - int(kept.sum()) - n_contradicting,
        contradicting=len(contradicting),
    )
    return kept, counts


def _draw(kept: NDArray[np.bool_], label: NDArray[np.int8], source: NDArray[np.str_]) -> tuple[NDArray[np.bool_], int]:
    """Draw at most `ROWS_PER_DATASET` of each kind of each source, with a fixed seed; one large list must not rule."""
    drawn = kept.copy()
    for name in np.unique(source):
        for kind in (0, 1):
            rows = np.flatnonzero(kept & (source == name) & (label == kind))
            if len(rows) > ROWS_PER_DATASET:
                rng = np.random.Generator(np.random.Philox(SEED))
                drawn[rows] = False
                drawn[rng.choice(rows, size=ROWS_PER_DATASET, replace=False)] = True
    return drawn, int(kept.sum() - drawn.sum())


def _check_names(lists: Sequence[LabelledList]) -> None:
    """Refuse a source that is named as a list without names would be, or as the halves of one source are."""
    taken = {f"source_{number}" for number in range(1, len(lists) + 1)} | {"half_1", "half_2"}
    for one in lists:
        if clash := sorted(taken & set(one.sources.values())):
            raise SchemaError(
                f"A source is called {clash[0]}, which is the name of something else here.",
                source=one.labels.source,
                column="source",
                remedy="Name it otherwise; lists without this column are source_1, source_2, ... in their order.",
            )


def _check_amounts(label: NDArray[np.int8], source: NDArray[np.str_], counts: LabelCounts) -> None:
    n_organic, n_suspicious = int((label == 0).sum()), int((label == 1).sum())
    if min(n_organic, n_suspicious) < MIN_OF_KIND:
        raise NotEnoughAccounts(
            f"Found {n_organic} accounts labelled organic and {n_suspicious} labelled suspicious, wanted at least"
            f" {MIN_OF_KIND} of each.{_unused(counts)}",
            remedy="Label more accounts, or add labelled lists of other audiences; the model that ships needs none.",
        )
    if not set(source[label == 0]) & set(source[label == 1]):
        raise SchemaError(
            "No source holds accounts of both kinds: all that are labelled suspicious are of one list or source, all"
            " that are labelled organic of another, so that a model would learn how they were gathered.",
            column="source",
            remedy="Label accounts of both kinds in each list.",
        )
    n_sources = len(np.unique(source))
    if n_sources > MAX_SOURCES:
        raise SchemaError(
            f"Found {n_sources} sources, wanted at most {MAX_SOURCES}: each is left out once.",
            column="source",
            remedy="Name what was collected together, in one way and at one time, as one source.",
        )


def _unused(counts: LabelCounts) -> str:
    """Say which labels were given and cannot be used; empty where there are none."""
    found = {
        "undecided": counts.undecided,
        "of accounts that the list does not hold": counts.not_in_list,
        "contradicting each other": counts.contradicting,
    }
    told = ", ".join(f"{count} {what}" for what, count in found.items() if count)
    return f" Labels that could not be used: {told}." if told else ""


def _known(
    recipe: Recipe, patterns: Sequence[Pattern], bins: Mapping[str, NDArray[np.uint8]], label: NDArray[np.int8]
) -> tuple[Recipe, tuple[Pattern, ...]]:
    """Keep the patterns whose every feature is known of enough accounts of both kinds, and the features of these.

    What is known of one kind only would tell how the accounts were collected.
    """
    known = {
        name
        for name, codes in bins.items()
        if min(int(((codes != MISSING) & (label == kind)).sum()) for kind in (0, 1)) >= MIN_OF_SOURCE
    }
    met = tuple(pattern for pattern in patterns if known.issuperset(features_of(pattern, recipe.features)))
    if not met:
        poorest = patterns[-1]
        raise SchemaError(
            f"Fewer than {MIN_OF_SOURCE} labelled accounts of one kind know {', '.join(poorest.columns)}.",
            remedy="Give lists with these columns; without them nothing can be learned about a profile.",
        )
    used = {name for pattern in met for name in features_of(pattern, recipe.features)}
    return replace(recipe, tables=tuple(name for name in recipe.tables if name in used)), met
