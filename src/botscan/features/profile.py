"""What the profile shows: the bio and the marks in it, picture, link, place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from botscan.arrow_text import TextColumn
from botscan.features.bio_marks import (
    Positions,
    count_by_row,
    find_hashtags,
    find_links,
    find_mentions,
    has_emoji,
    has_hashtag,
    has_link,
    has_mention,
)
from botscan.features.columns import Columns
from botscan.features.feature import Feature
from botscan.features.references import CRESCI_2015, YANG_2020

#: Most processor time of the family, microseconds an account (benchmarks/feature_effects.py checks it).
CPU_BUDGET = 1.5


def _of_bio(columns: Columns, measure: Callable[[TextColumn], NDArray[np.generic]]) -> NDArray[np.float32]:
    # A bio known to be empty holds no mark.
    return np.where(columns.is_bio_known(), measure(columns.text("bio")), np.nan).astype(np.float32)


def _mark_feature(
    name: str, find: Callable[[TextColumn], NDArray[np.bool_]], *, meaning: str, reference: str, example: str
) -> Feature:
    def compute(columns: Columns) -> NDArray[np.float32]:
        return _of_bio(columns, find)

    return Feature(
        name=name,
        family="profile",
        group="bio",
        unit="",
        meaning=meaning,
        needs=("bio", "bio_length"),
        compute=compute,
        cost_to_fake="cheap",
        reference=reference,
        example=({"bio": example, "bio_length": len(example)}, 1.0),
    )


def _mark_count_feature(
    name: str, find: Callable[[TextColumn], Positions], *, unit: str, meaning: str, example: tuple[str, int]
) -> Feature:
    def compute(columns: Columns) -> NDArray[np.float32]:
        return _of_bio(columns, lambda bio: count_by_row(bio, find(bio)))

    text, count = example
    return Feature(
        name=name,
        family="profile",
        group="bio",
        unit=unit,
        meaning=meaning,
        needs=("bio", "bio_length"),
        compute=compute,
        cost_to_fake="cheap",
        reference="own",
        example=({"bio": text, "bio_length": len(text)}, float(count)),
    )


def _flag_feature(name: str, *, group: str, meaning: str, reference: str) -> Feature:
    def compute(columns: Columns) -> NDArray[np.float32]:
        return columns.flag(name).astype(np.float32)

    return Feature(
        name=name,
        family="profile",
        group=group,
        unit="",
        meaning=meaning,
        needs=(name,),
        compute=compute,
        cost_to_fake="cheap",
        reference=reference,
        example=({name: True}, 1.0),
    )


def _bio_length(columns: Columns) -> NDArray[np.float32]:
    return columns.count("bio_length").astype(np.float32)


def _is_bio_empty(columns: Columns) -> NDArray[np.float32]:
    length = columns.count("bio_length")
    return np.where(np.isnan(length), np.nan, length == 0).astype(np.float32)


FEATURES: tuple[Feature, ...] = (
    _mark_feature(
        "bio_has_link",
        has_link,
        meaning="the bio holds a link (http://, https:// or www.)",
        reference="own",
        example="Kopi, buku. HTTPS://contoh.id",
    ),
    _mark_feature(
        "bio_has_emoji",
        has_emoji,
        meaning="the bio holds an emoji",
        reference="own",
        example="Kopi ☕",
    ),
    _mark_feature(
        "bio_has_hashtag",
        has_hashtag,
        meaning="the bio holds a hashtag",
        reference="own",
        example="Pecinta #kopi",
    ),
    _mark_feature(
        "bio_has_mention",
        has_mention,
        meaning="the bio mentions an account",
        reference="own",
        example="Admin @contoh_id",
    ),
    _flag_feature(
        "has_avatar",
        group="avatar",
        meaning="the account has its own picture",
        reference=CRESCI_2015,
    ),
    _flag_feature(
        "has_geo",
        group="place",
        meaning="the account lets its posts carry a place",
        reference=CRESCI_2015,
    ),
    Feature(
        name="bio_length",
        family="profile",
        group="bio",
        unit="code points",
        meaning="length of the bio",
        needs=("bio_length",),
        compute=_bio_length,
        cost_to_fake="cheap",
        reference=YANG_2020,
        example=({"bio_length": 80}, 80.0),
    ),
    Feature(
        name="is_bio_empty",
        family="profile",
        group="bio",
        unit="",
        meaning="the account has no bio",
        needs=("bio_length",),
        compute=_is_bio_empty,
        cost_to_fake="cheap",
        reference=CRESCI_2015,
        example=({"bio_length": 0}, 1.0),
    ),
    _flag_feature(
        "has_website",
        group="bio",
        meaning="the profile holds a link",
        reference=CRESCI_2015,
    ),
    _mark_count_feature(
        "bio_link_count",
        find_links,
        unit="links",
        meaning="links in the bio (http://, https:// or www.)",
        example=("https://www.contoh.id, www.contoh.id/toko", 2),
    ),
    _mark_count_feature(
        "bio_hashtag_count",
        find_hashtags,
        unit="hashtags",
        meaning="hashtags in the bio",
        example=("#kopi, #senja dan #1", 3),
    ),
    _mark_count_feature(
        "bio_mention_count",
        find_mentions,
        unit="mentions",
        meaning="accounts the bio mentions",
        example=("Admin @contoh_id, bukan surel@contoh.id", 1),
    ),
)
