"""Models for users' own labels: labelled lists in, a measured model out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botscan.accounts.table import AccountTable
from botscan.api.lists import read_accounts
from botscan.cells.ids import read_id
from botscan.errors import FormatError, SchemaError
from botscan.evidence.labels import LabelTable
from botscan.labels import read_labels
from botscan.labels.guards import without_guard
from botscan.labels.tables import open_labels

if TYPE_CHECKING:
    from botscan.training.labelled_rows import LabelledList
    from botscan.training.own_labels import TrainedModel

_PARQUET = b"PAR1"


def train_model(
    labelled: Any,
    output: str | os.PathLike[str] | None = None,
    *,
    labels: Any = None,
    name: str = "own-labels",
    restart: bool = False,
    **reading: Any,
) -> TrainedModel:
    """Train a model on your own labels, measure it on sources it never saw, and write it where it holds there.

    Every list is one source, but for accounts whose source a column ``source`` names. Each source is left out once;
    a model whose worst fold ranks no better than one ratio, that marks too many organic accounts, or whose features
    name the source, is refused. Nothing of an account enters the model but counts.

    Parameters
    ----------
    labelled
        One labelled list or several, all of one platform: a path, a pandas, polars or Arrow table, a list of dicts,
        or a list of these. Each has the columns of a list, and ``account_id`` and ``is_suspicious`` or rater columns
        as `read_labels` takes them. Paths are of CSV or Parquet files.
    output
        Folder of the model to write; absent or empty. None writes nothing: look at the measures, then
        `TrainedModel.save`.
    labels
        Where lists and labels are apart: what `read_labels` takes, or one of it for each list, in the same order.
    name
        Name of the model in results.
    restart
        Replace the model that stands in the folder.
    **reading
        Options of `read_accounts`.

    Returns
    -------
    trained
        The model, its gates and the measures of every fold.

    Raises
    ------
    ModelError
        A gate failed and `output` was given; the message says which, and the error carries the measures.
    NotEnoughAccounts
        Too few accounts of either kind are labelled.
    FormatError, SchemaError
        A list or its labels cannot be read, or the lists do not go together.
    OutputError
        The folder cannot be written, or holds something else.

    Examples
    --------
    >>> import botscan as bs
    >>> rows = []
    >>> for seed in (1, 2):
    ...     audience = bs.make_audience(n=300, organic_share=0.6, random_state=seed)
    ...     rows.append(audience.accounts.to_frame().assign(is_suspicious=audience.is_suspicious))
    >>> trained = bs.train_model(rows, platform="twitter")
    >>> trained.is_refused, trained.validation
    (False, 'left_out_sources')
    """
    from botscan.training.model_folder import check_folder
    from botscan.training.own_labels import train_model as _train

    if output is not None:
        check_folder(output, restart=restart)
    trained = _train(open_labelled(labelled, labels, reading), name=name)
    if output is not None:
        trained.save(output, restart=restart)
    return trained


def open_labelled(labelled: Any, labels: Any, reading: Mapping[str, Any]) -> list[LabelledList]:
    """Read labelled lists as `train_model` takes them."""
    return [_open(one, its_labels, reading) for one, its_labels in _pairs(labelled, labels)]


def _pairs(labelled: Any, labels: Any) -> list[tuple[Any, Any]]:
    """Return every list with its labels, None where the labels stand in the list itself."""
    lists = list(labelled) if _is_several(labelled) else [labelled]
    if labels is None:
        return [(one, None) for one in lists]
    sheets = list(labels) if _is_several(labels) else [labels]
    if len(sheets) != len(lists):
        raise SchemaError(
            f"Found {len(lists)} lists and {len(sheets)} tables of labels, wanted one for each list.",
            source="labels",
            remedy="Give them in the same order.",
        )
    return list(zip(lists, sheets, strict=True))


def _is_several(source: Any) -> bool:
    """Whether this is several lists, and not one list of dicts."""
    return isinstance(source, list | tuple) and bool(source) and not all(isinstance(one, Mapping) for one in source)


def _open(source: Any, labels: Any, reading: Mapping[str, Any]) -> LabelledList:
    from botscan.training.labelled_rows import LabelledList

    for one in (source, labels):
        if isinstance(one, str) and one == "-":
            raise FormatError(
                "Labelled lists are read twice, and standard input can be read once.",
                source="-",
                remedy="Give the name of a file.",
            )
    if isinstance(source, AccountTable) and labels is None:
        raise SchemaError(
            "An AccountTable holds no labels.", source=source.source, remedy="Give them beside it: labels=..."
        )
    accounts = source if isinstance(source, AccountTable) else read_accounts(source, **reading)
    answers = _readable(source if labels is None else labels)
    return LabelledList(accounts, read_labels(answers), _sources(answers))


def _readable(labels: Any) -> Any:
    """Return labels as `read_labels` takes them; a Parquet file as a table of those columns alone."""
    if not isinstance(labels, str | os.PathLike) or not os.fspath(labels):
        return labels
    try:
        with open(labels, "rb") as file:  # noqa: PTH123  a path of bytes is one too
            is_parquet = file.read(len(_PARQUET)) == _PARQUET
    except (OSError, ValueError):
        return labels  # who reads it next says what is wrong
    if not is_parquet:
        return labels
    import pyarrow.parquet as pq

    return pq.read_table(labels)


def _sources(labels: Any) -> dict[str, str]:
    """Return the source that a column ``source`` names for accounts; blank cells name none."""
    if isinstance(labels, LabelTable):
        return {}
    columns = open_labels(labels).columns
    named: dict[str, str] = {}
    for cell, name in zip(columns.get("account_id", ()), columns.get("source", ()), strict=False):
        account_id = read_id(without_guard(cell)).value
        if account_id is not None and name.strip():
            named.setdefault(account_id, name.strip())
    return named
