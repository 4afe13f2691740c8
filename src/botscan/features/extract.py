"""From a table of accounts to a matrix of features, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.features.columns import Columns
from botscan.features.registry import FEATURE, FEATURES

if TYPE_CHECKING:
    import pandas as pd

    from botscan.accounts.table import AccountTable

#: Rows computed at a time: the columns of a batch then stay in the processor's cache.
BATCH_ROWS = 16_384


def extract_matrix(table: pa.Table, names: Sequence[str]) -> NDArray[np.float32]:
    """Compute features of every row.

    Parameters
    ----------
    table
        Accounts in canonical columns, n rows. A column that is absent reads like one that is null in every row.
    names
        Features to compute, from `botscan.features.registry.FEATURE`.

    Returns
    -------
    matrix
        float32, shape (n, len(names)), raw units, NaN = unknown. Stored column by column (Fortran order). Row i
        depends on row i of the table alone.

    Raises
    ------
    SchemaError
        A needed column does not have its canonical type.

    Examples
    --------
    >>> table = pa.table({"followers_count": [9, None], "following_count": [3, 4]})
    >>> extract_matrix(table, ["following_count", "followers_following_ratio"]).tolist()
    [[3.0, 2.5], [4.0, nan]]
    """
    features = [FEATURE[name] for name in names]
    matrix = np.empty((table.num_rows, len(features)), dtype=np.float32, order="F")
    for start in range(0, table.num_rows, BATCH_ROWS):
        columns = Columns(table.slice(start, BATCH_ROWS))
        rows = slice(start, start + BATCH_ROWS)
        for position, feature in enumerate(features):
            matrix[rows, position] = feature.compute(columns)
    return matrix


def extract_features(accounts: AccountTable) -> pd.DataFrame:
    """Compute every feature of every account.

    Parameters
    ----------
    accounts
        The accounts.

    Returns
    -------
    features
        float32, one row an account in the order of the accounts, index ``account_id``, one column a feature in raw
        units, NaN = unknown.
    """
    import pandas as pd

    names = [feature.name for feature in FEATURES]
    index = pd.Index(accounts.table["account_id"].to_pandas(), name="account_id")
    return pd.DataFrame(extract_matrix(accounts.table, names), index=index, columns=names)
