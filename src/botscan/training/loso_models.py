"""The models of LOSO-5, fitted once: whatever is asked of sources never seen is asked of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from botscan.training.bin_table import BinTable
from botscan.training.fitted import FittedModel, fit_recipe
from botscan.training.folds import Fold, loso_folds
from botscan.training.recipes import Recipe
from botscan.training.thresholds import LeftOut, leave_out, set_thresholds


@dataclass(frozen=True, eq=False)
class LosoModel:
    """One fold of LOSO-5, fitted.

    Attributes
    ----------
    fold
        What was left out.
    model
        Fitted without it.
    inner
        The sources that remain, each left out in turn: they set the line of the fold. Empty where no line is wanted.
    """

    fold: Fold
    model: FittedModel
    inner: Sequence[LeftOut]

    def line(self, features: Sequence[str], quantile: float) -> int:
        """Return the line of suspicious that the shipped rule sets on the sources that remain, in steps."""
        return set_thresholds(self.inner, features, quantile).suspicious


def fit_loso(table: BinTable, recipe: Recipe, *, with_lines: bool = True) -> list[LosoModel]:
    """Fit a recipe on each fold of LOSO-5.

    Parameters
    ----------
    table
        Twitter rows with the features of the recipe.
    recipe
        What to fit.
    with_lines
        Whether to fit what sets the line of each fold, too: nine times the work.
    """
    return [
        LosoModel(
            fold,
            fit_recipe(table, fold.train, recipe),
            leave_out(table, recipe, ~fold.test) if with_lines else (),
        )
        for fold in loso_folds(table)
    ]
