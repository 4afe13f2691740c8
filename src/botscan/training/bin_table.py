"""The committed training table: bins, label and source of every row that trains or guards; nothing else.

``python -m botscan.training.bin_table`` makes it from the labelled files, for whoever holds them (a folder named by
the environment variable BOTSCAN_DATA, else ``../shared/data`` beside the repository). Everybody else refits the
models from the committed file. It holds no ids, no text, no dates and no counts, and the order of its rows says
nothing: they are sorted by what they hold.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from botscan.accounts.records import make_records
from botscan.accounts.settings import CellSettings
from botscan.errors import FormatError
from botscan.features.extract import extract_matrix
from botscan.features.grid import GRID_VERSION, MISSING, bin_codes
from botscan.features.registry import FEATURE
from botscan.schema import ACCOUNT_COLUMN
from botscan.training.recipes import RECIPES
from botscan.training.sources import TRAINING_SETS, TrainingSet, source_of
from botscan.writing import write_file

if TYPE_CHECKING:
    import pandas as pd

REPOSITORY = Path(__file__).resolve().parents[3]
BIN_TABLE = REPOSITORY / "training_data" / "bins.parquet"

_KEYS = ("platform", "source", "dataset", "label")


@dataclass(frozen=True, eq=False)
class BinTable:
    """Labelled rows as bins of the grid.

    Attributes
    ----------
    platform, dataset, source
        Words per row, shape (n,).
    label
        1 suspicious, 0 organic, int8, shape (n,).
    bins
        Feature -> bin codes, uint8, shape (n,); 255 where the field is missing.
    sha256
        Digest of the file it was read from.
    """

    platform: NDArray[Any]
    dataset: NDArray[Any]
    source: NDArray[Any]
    label: NDArray[np.int8]
    bins: Mapping[str, NDArray[np.uint8]]
    sha256: str = ""

    def __len__(self) -> int:
        return len(self.label)

    def take(self, rows: NDArray[Any]) -> BinTable:
        """Return some rows, by index or by mask."""
        return BinTable(
            self.platform[rows],
            self.dataset[rows],
            self.source[rows],
            self.label[rows],
            {name: codes[rows] for name, codes in self.bins.items()},
            self.sha256,
        )

    def of_platform(self, platform: str, features: Sequence[str]) -> BinTable:
        """Return the rows of one platform (of all for ``general``) with the bins of some features."""
        rows = np.flatnonzero((self.platform == platform) | (platform == "general"))
        some = BinTable(
            self.platform,
            self.dataset,
            self.source,
            self.label,
            {name: self.bins[name] for name in features},
            self.sha256,
        )
        return some.take(rows)


def read_bin_table(path: Path = BIN_TABLE) -> BinTable:
    """Read the committed table; FormatError where it is absent or made for another grid."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(
            f"The training table cannot be read ({error.strerror}).",
            source=str(path),
            remedy="Models are refitted in a checkout of the repository, which holds this file.",
        ) from error
    table = pq.read_table(io.BytesIO(data))
    grid_version = (table.schema.metadata or {}).get(b"grid_version", b"").decode()
    if grid_version != str(GRID_VERSION):
        raise FormatError(
            f"The training table was cut with grid {grid_version or 'unknown'}, wanted {GRID_VERSION}.",
            source=str(path),
            remedy="Make it again: python -m botscan.training.bin_table",
        )
    words = {name: np.asarray(table[name].to_pylist(), dtype=np.str_) for name in _KEYS[:3]}
    bins = {name: table[name].to_numpy() for name in table.column_names if name not in _KEYS}
    return BinTable(**words, label=table["label"].to_numpy(), bins=bins, sha256=hashlib.sha256(data).hexdigest())


def data_folder() -> Path:
    """Return the folder of labelled files: BOTSCAN_DATA, else ``../shared/data`` beside the repository."""
    return Path(os.environ.get("BOTSCAN_DATA", REPOSITORY.parent / "shared" / "data"))


def make_bin_table(folder: Path) -> bytes:
    """Return the bytes of the training table made from the labelled files in `folder`."""
    parts = [
        _bin_rows(frame, item, features)
        for platform, features in _features_by_platform().items()
        for item, frame in _labelled_frames(folder, platform)
    ]
    table = pa.concat_tables(parts)
    names = sorted(name for name in table.column_names if name not in _KEYS)
    keys = [table[name].to_numpy() for name in reversed(names)]
    keys += [np.asarray(table[name].to_pylist()) for name in ("label", "dataset", "source", "platform")]
    table = table.select([*_KEYS, *names]).take(pa.array(np.lexsort(keys)))
    table = table.replace_schema_metadata({"grid_version": str(GRID_VERSION)})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", compression_level=19)
    return buffer.getvalue()


def rows_to_bins(table: pa.Table, platform: str, features: Sequence[str]) -> dict[str, NDArray[np.uint8]]:
    """Cut accounts of known truth into bins, exactly as the scorer does.

    Parameters
    ----------
    table
        Canonical account columns; columns that hold nothing but nulls are taken as absent.
    platform
        Platform of the accounts.
    features
        Features wanted.

    Returns
    -------
    bins
        Feature -> uint8 codes, shape (n,).
    """
    known = [name for name in table.column_names if name in ACCOUNT_COLUMN and table[name].null_count < table.num_rows]
    records = make_records(
        table.select(known),
        row_numbers=np.arange(1, table.num_rows + 1),
        settings=CellSettings(platform=platform),
    )
    codes = bin_codes(extract_matrix(records.table, features), features)
    # As in scoring: a feature needs all its columns. Lengths without texts tell that some bios are empty, and a mark
    # known for these alone would name the source.
    columns = set(records.table.column_names)
    for index, name in enumerate(features):
        if not set(FEATURE[name].needs) <= columns:
            codes[:, index] = MISSING
    return {name: codes[:, index] for index, name in enumerate(features)}


def labelled_frame(folder: Path, platform: str) -> pd.DataFrame:
    """Read the labelled accounts of one platform without repeated rows, in the order of the file."""
    import pandas as pd

    frame = pd.read_parquet(folder / "labelled" / f"{platform}.parquet")
    frame["source"] = [source_of(dataset) for dataset in frame["dataset"]]
    if "account_id" in frame.columns:
        return frame.drop_duplicates("account_id")
    # Only columns that all sets of the platform know can show that two rows are one account.
    shared = [name for name in frame.columns if frame[name].notna().groupby(frame["dataset"]).mean().eq(1).all()]
    return frame.drop_duplicates([*(name for name in shared if name not in ("dataset", "label_kind")), "source"])


def _features_by_platform() -> dict[str, tuple[str, ...]]:
    wanted: dict[str, dict[str, None]] = {}
    for item in TRAINING_SETS:
        for recipe in RECIPES:
            if recipe.platform in (item.platform, "general"):
                wanted.setdefault(item.platform, {}).update(dict.fromkeys(recipe.features))
    return {platform: tuple(features) for platform, features in wanted.items()}


def _labelled_frames(folder: Path, platform: str) -> Iterator[tuple[TrainingSet, pd.DataFrame]]:
    frame = labelled_frame(folder, platform)
    for item in TRAINING_SETS:
        if item.platform == platform:
            labels = [label for label, use in ((0, item.organic), (1, item.suspicious)) if use != "no"]
            yield item, frame[(frame["dataset"] == item.dataset) & frame["label"].isin(labels)]


def _bin_rows(frame: pd.DataFrame, item: TrainingSet, features: Sequence[str]) -> pa.Table:
    bins = rows_to_bins(pa.Table.from_pandas(frame, preserve_index=False), item.platform, features)
    n_rows = len(frame)
    columns: dict[str, Any] = {
        "platform": pa.array([item.platform] * n_rows, pa.string()),
        "source": pa.array([item.source] * n_rows, pa.string()),
        "dataset": pa.array([item.dataset] * n_rows, pa.string()),
        "label": pa.array(frame["label"].to_numpy(), pa.int8()),
    }
    every_feature = {name for names in _features_by_platform().values() for name in names}
    for name in sorted(every_feature):
        columns[name] = pa.array(bins.get(name, np.full(n_rows, MISSING, dtype=np.uint8)), pa.uint8())
    return pa.table(columns)


def main() -> None:
    """Make the committed table again."""
    BIN_TABLE.parent.mkdir(exist_ok=True)
    write_file(BIN_TABLE, make_bin_table(data_folder()))


if __name__ == "__main__":
    main()
