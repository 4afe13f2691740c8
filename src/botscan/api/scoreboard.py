"""How good a model is: on your labelled lists, or by the figures in its card."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from botscan.api.scores import as_scorer
from botscan.api.training import open_labelled
from botscan.scoring.card_figures import CardFigures, card_figures
from botscan.scoring.model_files import find_default_model, read_bundle

if TYPE_CHECKING:
    from botscan.training.measured_lists import ModelMeasures


def measure_model(
    labelled: Any,
    *,
    model: str | os.PathLike[str] | None = None,
    labels: Any = None,
    confidence_level: float = 0.95,
    **reading: Any,
) -> ModelMeasures:
    """Measure a model on labelled lists, beside one ratio and rules of thumb.

    Nothing is refused for being few: of fewer than 100 accounts of a kind nothing is measured, and it is said. Lists
    that the model was trained on flatter it; botscan cannot know which they are.

    Parameters
    ----------
    labelled
        One labelled list or several, as `train_model` takes them; platforms may differ.
    model
        Folder of a model; None for the one that ships inside.
    labels
        Where lists and labels are apart: what `read_labels` takes, or one of it for each list, in the same order.
    confidence_level
        Of all intervals, in (0, 1).
    **reading
        Options of `read_accounts`.

    Returns
    -------
    measures
        Per list, and per source where a column ``source`` names several: ranking with an interval, what is found and
        what is a false alarm at the line of the model and by its verdict.

    Raises
    ------
    FormatError, SchemaError
        A list or its labels cannot be read, or labels belong to another list.
    ModelError
        The model cannot be loaded.

    Examples
    --------
    >>> import botscan as bs
    >>> audience = bs.make_audience(n=600, organic_share=0.6, random_state=1)
    >>> rows = audience.accounts.to_frame().assign(is_suspicious=audience.is_suspicious)
    >>> measures = bs.measure_model(rows, platform="twitter")
    >>> score = measures.sources[0].ways[0]
    >>> score.name, 0.8 < score.auc_ci_lower < score.auc < score.auc_ci_upper <= 1
    ('score', True)
    """
    from botscan.training.measured_lists import measure_lists

    scorer = as_scorer(model)
    return measure_lists(open_labelled(labelled, labels, reading), scorer, confidence_level=confidence_level)


def read_card_figures(model: str | os.PathLike[str] | None = None) -> CardFigures:
    """Return what the card of a model says about accounts that were left out of its training; nothing is measured.

    Raises
    ------
    ModelError
        The model cannot be loaded.
    """
    scorer = as_scorer(model)
    bundle = read_bundle(find_default_model() if model is None else model)
    return card_figures(bundle.card, scorer.model)
