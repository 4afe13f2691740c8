"""The labelled sources a shipped model may learn from, and what each may be used for.

Only bought or inauthentic followers are positives; self-declared and political bots are other things, and cost
recall as positives. Ordinary people are the negatives; large accounts would make every small one look suspicious.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: ``train``: rows of this label train. ``guard``: people the model is only measured on. ``no``: not in the table.
Use = Literal["train", "guard", "no"]


@dataclass(frozen=True)
class TrainingSet:
    """One labelled data set.

    Attributes
    ----------
    platform
        Platform of its accounts.
    dataset
        Name of the set; sets of one source share what stands before the slash.
    suspicious, organic
        What rows of either label are used for.
    citation
        Where it is from.
    """

    platform: str
    dataset: str
    suspicious: Use
    organic: Use
    citation: str

    @property
    def source(self) -> str:
        """Source family: the part of the name before the slash."""
        return source_of(self.dataset)


def source_of(dataset: str) -> str:
    """Return the source of a data set.

    Examples
    --------
    >>> source_of("cresci-2015/FSF"), source_of("belericks_all")
    ('cresci-2015', 'belericks')
    """
    # The two files of this author share accounts.
    return "belericks" if dataset.startswith("belericks") else dataset.split("/", maxsplit=1)[0]


_CRESCI_2015 = "Cresci et al. 2015, https://doi.org/10.1016/j.dss.2015.09.003"
_CRESCI_2017 = "Cresci et al. 2017, https://doi.org/10.1145/3041021.3055135"
_YANG_2019 = "Yang et al. 2019, https://doi.org/10.1002/hbe2.115"

TRAINING_SETS: tuple[TrainingSet, ...] = (
    TrainingSet("twitter", "cresci-2015/FSF", "train", "no", _CRESCI_2015),
    TrainingSet("twitter", "cresci-2015/INT", "train", "no", _CRESCI_2015),
    TrainingSet("twitter", "cresci-2015/TWT", "train", "no", _CRESCI_2015),
    TrainingSet("twitter", "cresci-2015/TFP", "no", "train", _CRESCI_2015),
    TrainingSet("twitter", "cresci-2015/E13", "no", "train", _CRESCI_2015),
    TrainingSet("twitter", "cresci-2017/genuine", "no", "train", _CRESCI_2017),
    *(TrainingSet("twitter", f"cresci-2017/social_spambots_{i}", "train", "no", _CRESCI_2017) for i in (1, 2, 3)),
    *(
        TrainingSet("twitter", f"cresci-2017/traditional_spambots_{i}", "train", "no", _CRESCI_2017)
        for i in (1, 2, 3, 4)
    ),
    TrainingSet("twitter", "vendor-purchased-2019", "train", "no", _YANG_2019),
    TrainingSet("twitter", "pronbots-2019", "train", "no", _YANG_2019),
    TrainingSet(
        "twitter", "caverlee-2011", "train", "train", "Lee et al. 2011, https://doi.org/10.1609/icwsm.v5i1.14106"
    ),
    TrainingSet(
        "twitter", "cresci-rtbust-2019", "no", "train", "Mazza et al. 2019, https://doi.org/10.1145/3292522.3326015"
    ),
    TrainingSet("twitter", "cresci-stock-2018", "no", "guard", "Cresci et al. 2019, https://doi.org/10.1145/3313184"),
    TrainingSet("twitter", "gilani-2017", "no", "guard", "Gilani et al. 2017, https://doi.org/10.1145/3110025.3110090"),
    TrainingSet("twitter", "verified-2019", "no", "guard", _YANG_2019),
    TrainingSet("twitter", "twibot-20", "no", "guard", "Feng et al. 2021, https://doi.org/10.1145/3459637.3482019"),
    TrainingSet("twitter", "twibot-22-sample", "no", "guard", "Feng et al. 2022, https://arxiv.org/abs/2206.04564"),
    TrainingSet(
        "instagram", "kaggle_ig", "train", "train", "fake, spammer and genuine accounts, Kaggle; collector's judgement"
    ),
    TrainingSet(
        "instagram", "belericks_all", "train", "train", "BeleRicks11/Instagram_Fake_Account_Detection; undocumented"
    ),
    TrainingSet(
        "instagram", "belericks_public", "train", "train", "BeleRicks11/Instagram_Fake_Account_Detection; undocumented"
    ),
    TrainingSet(
        "tiktok", "tiktok_aurucci", "train", "train", "raffaele-aurucci/Fake-TikTok-Account-Detection; undocumented"
    ),
)


def training_sets(platform: str) -> Iterator[TrainingSet]:
    """Yield the sets of one platform; of all platforms for ``general``."""
    return (item for item in TRAINING_SETS if platform in ("general", item.platform))
