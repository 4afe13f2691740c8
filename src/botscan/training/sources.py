"""The labelled sources a shipped model may learn from, and what each may be used for.

Only bought or inauthentic followers are positives; self-declared and political bots are other things, and cost
recall as positives. Ordinary people are the negatives. Large accounts, and accounts not gathered as followers,
train lightly: at full weight they would make every small account look suspicious, without them quiet people of later
years do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: ``train``: rows of this label train. ``light``: they train at a tenth of the weight. ``no``: not in the table.
Use = Literal["train", "light", "no"]


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
    label_kind
        How its labels came about; one kind each where both labels are used.
    terms
        Terms under which it was published, as far as they are stated.
    """

    platform: str
    dataset: str
    suspicious: Use
    organic: Use
    citation: str
    label_kind: str
    terms: str

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

NONE_STATED = "none stated"

_BOUGHT = "really bought from one shop"
_CAMPAIGN = "campaign that was observed"
_BY_HAND = "checked by hand"
_UNDOCUMENTED = "undocumented"

TRAINING_SETS: tuple[TrainingSet, ...] = (
    *(
        TrainingSet("twitter", f"cresci-2015/{name}", "train", "no", _CRESCI_2015, _BOUGHT, NONE_STATED)
        for name in ("FSF", "INT", "TWT")
    ),
    TrainingSet("twitter", "cresci-2015/TFP", "no", "train", _CRESCI_2015, "volunteers", NONE_STATED),
    TrainingSet("twitter", "cresci-2015/E13", "no", "train", _CRESCI_2015, _BY_HAND, NONE_STATED),
    TrainingSet(
        "twitter", "cresci-2017/genuine", "no", "train", _CRESCI_2017, "answered a question by hand", NONE_STATED
    ),
    *(
        TrainingSet("twitter", f"cresci-2017/social_spambots_{i}", "train", "no", _CRESCI_2017, _CAMPAIGN, NONE_STATED)
        for i in (1, 2, 3)
    ),
    *(
        TrainingSet("twitter", f"cresci-2017/traditional_spambots_{i}", "train", "no", _CRESCI_2017, kind, NONE_STATED)
        for i, kind in ((1, "spam"), (2, "scam"), (3, "job offers"), (4, "job offers"))
    ),
    TrainingSet(
        "twitter",
        "vendor-purchased-2019",
        "train",
        "no",
        _YANG_2019,
        "really bought from several companies",
        NONE_STATED,
    ),
    TrainingSet("twitter", "pronbots-2019", "train", "no", _YANG_2019, "one network of link spam", NONE_STATED),
    TrainingSet(
        "twitter",
        "caverlee-2011",
        "train",
        "train",
        "Lee et al. 2011, https://doi.org/10.1609/icwsm.v5i1.14106",
        "lured by honeypots; people: not suspended",
        NONE_STATED,
    ),
    TrainingSet(
        "twitter",
        "cresci-rtbust-2019",
        "no",
        "train",
        "Mazza et al. 2019, https://doi.org/10.1145/3292522.3326015",
        _BY_HAND,
        NONE_STATED,
    ),
    TrainingSet(
        "twitter",
        "cresci-stock-2018",
        "no",
        "light",
        "Cresci et al. 2019, https://doi.org/10.1145/3313184",
        "an algorithm that looked for coordinated posting",
        NONE_STATED,
    ),
    TrainingSet(
        "twitter",
        "gilani-2017",
        "no",
        "light",
        "Gilani et al. 2017, https://doi.org/10.1145/3110025.3110090",
        _BY_HAND,
        NONE_STATED,
    ),
    TrainingSet("twitter", "verified-2019", "no", "light", _YANG_2019, "badge of the platform", NONE_STATED),
    TrainingSet(
        "twitter",
        "twibot-20",
        "no",
        "light",
        "Feng et al. 2021, https://doi.org/10.1145/3459637.3482019",
        "crowd",
        "for research, on request",
    ),
    TrainingSet(
        "twitter",
        "twibot-22-sample",
        "no",
        "light",
        "Feng et al. 2022, https://arxiv.org/abs/2206.04564",
        "automatic, weak",
        NONE_STATED,
    ),
    TrainingSet(
        "instagram",
        "kaggle_ig",
        "train",
        "train",
        "fake, spammer and genuine accounts, Kaggle; collector's judgement",
        "the collector's judgement, undocumented",
        "not verified",
    ),
    *(
        TrainingSet(
            "instagram",
            f"belericks_{name}",
            "train",
            "train",
            "BeleRicks11/Instagram_Fake_Account_Detection; undocumented",
            _UNDOCUMENTED,
            NONE_STATED,
        )
        for name in ("all", "public")
    ),
    TrainingSet(
        "tiktok",
        "tiktok_aurucci",
        "train",
        "train",
        "raffaele-aurucci/Fake-TikTok-Account-Detection; undocumented",
        _UNDOCUMENTED,
        NONE_STATED,
    ),
)


def training_sets(platform: str) -> Iterator[TrainingSet]:
    """Yield the sets of one platform; of all platforms for ``general``."""
    return (item for item in TRAINING_SETS if platform in ("general", item.platform))


def sources_entry() -> list[dict[str, str]]:
    """Return the card's entry of every data set: where it is from, how its labels came about, what it is used for."""
    return [
        {
            "citation": item.citation,
            "dataset": item.dataset,
            "label_kind": item.label_kind,
            "organic": item.organic,
            "platform": item.platform,
            "suspicious": item.suspicious,
            "terms": item.terms,
        }
        for item in TRAINING_SETS
    ]
