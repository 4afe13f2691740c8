"""Files that Instaloader writes: one profile or one post each, with the keys of Instagram's web or mobile client.

Source of the field names: the structures of Instaloader (MIT). A profile gives counts and no dates: Instagram tells
nobody when an account was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, first_of
from botscan.readers.formats.instagram_scraper import has_avatar
from botscan.readers.formats.instagram_scraper_posts import POST_FIELDS, POST_KEYS, as_post
from botscan.readers.formats.spellings import counts, is_id

_MEMBER_OF_PROFILE = r"(?:^|/)(?!iterator_)[A-Za-z0-9._]{1,30}_[0-9]{5,}\.json(?:\.xz)?$"
_MEMBER_OF_POST = r"(?:^|/)[^/]*_UTC\.json(?:\.xz)?$"


def _node_type(value: Json) -> str | None:
    """Return what a file is about, None where Instaloader did not write it."""
    envelope, node = value.get("instaloader"), value.get("node")
    kind = envelope.get("node_type") if isinstance(envelope, dict) else None
    return kind if isinstance(kind, str) and isinstance(node, dict) else None


def _kind_of(values: Sequence[Json]) -> str | None:
    """Return what a sample is about: profiles where it holds any, else posts, else what comes first."""
    kinds = [kind for value in values if (kind := _node_type(value)) is not None]
    return next((kind for kind in ("Profile", "Post") if kind in kinds), kinds[0] if kinds else None)


def _evidence_of_profiles(values: Sequence[Json]) -> int:
    return 3 if _kind_of(values) == "Profile" else 0


def _evidence_of_posts(values: Sequence[Json]) -> int:
    return 3 if _kind_of(values) == "Post" else 0


def _evidence_of_others(values: Sequence[Json]) -> int:
    return 3 if _kind_of(values) not in (None, "Profile", "Post") else 0


def _unpack(value: Json) -> Unpacked | None:
    kind = _node_type(value)
    if kind is None:
        return None
    return Unpacked([value["node"]], () if kind == "Profile" else ("not_in_list",))


def _unpack_post(value: Json) -> Unpacked | None:
    kind = _node_type(value)
    if kind is None:
        return None
    return Unpacked([as_post(value["node"])], () if kind == "Post" else ("not_in_list",))


def _account_ids(records: Sequence[Json]) -> list[Any]:
    return [next((record[key] for key in ("id", "pk") if is_id(record.get(key))), None) for record in records]


def _websites(records: Sequence[Json]) -> list[Any]:
    """Take the link; ``"external_url": null`` says that there is none."""
    links = at("external_url")(records)
    return [
        "" if link is None and "external_url" in record else link for link, record in zip(links, records, strict=True)
    ]


def _avatars(records: Sequence[Json]) -> list[bool | None]:
    return [has_avatar(record, "profile_pic_url", "profile_pic_url_hd") for record in records]


_FIELDS = (
    Field("account_id", _account_ids),
    Field("handle", at("username")),
    Field("display_name", at("full_name")),
    Field("bio", at("biography")),
    Field("website", _websites),
    Field("followers_count", counts(at("edge_followed_by", "count"), at("follower_count"))),
    Field("following_count", counts(at("edge_follow", "count"), at("following_count"))),
    Field("posts_count", counts(at("edge_owner_to_timeline_media", "count"), at("media_count"))),
    Field("is_verified", at("is_verified")),
    Field("is_private", at("is_private")),
    Field("is_business", first_of(at("is_business_account"), at("is_business"))),
    Field("has_avatar", _avatars),
)

_USED = (
    "id pk username full_name biography external_url edge_followed_by follower_count edge_follow following_count"
    " edge_owner_to_timeline_media media_count is_verified is_private is_business_account is_business profile_pic_url"
    " profile_pic_url_hd has_anonymous_profile_picture"
)
#: Keys that are of no use here; those with a phone or an address in them never leave the file.
_OF_NO_USE = (
    "ai_agent_type bio_links biography_with_entities blocked_by_viewer business_address_json business_category_name"
    " business_contact_method business_email business_phone_number category category_enum category_name"
    " connected_fb_page country_block edge_felix_video_timeline edge_media_collections edge_mutual_followed_by"
    " edge_saved_media eimu_id external_url_linkshimmed fb_profile_biolink fbid followed_by_viewer follows_viewer"
    " group_metadata guardian_id has_ar_effects has_blocked_viewer has_channel has_clips has_guides"
    " has_requested_viewer hd_profile_pic_url_info hd_profile_pic_versions hide_like_and_view_counts"
    " highlight_reel_count iphone_struct is_embeds_disabled is_guardian_of_viewer is_joined_recently"
    " is_professional_account is_supervised_by_viewer is_supervised_user is_supervision_enabled is_verified_by_mv4b"
    " overall_category_name pinned_channels_list_count pk_id pronouns public_email public_phone_country_code"
    " public_phone_number requested_by_viewer restricted_by_viewer should_show_category should_show_public_contacts"
    " show_account_transparency_details show_text_post_app_badge strong_id__ transparency_label transparency_product"
)

INSTALOADER = Format(
    name="instaloader",
    title="profiles of Instagram saved by Instaloader",
    platform="instagram",
    evidence=_evidence_of_profiles,
    accounts=RecordMap(unpack=_unpack, fields=_FIELDS, known_keys=frozenset(f"{_USED} {_OF_NO_USE}".split())),
    posts=RecordMap(unpack=_unpack_post, fields=POST_FIELDS, known_keys=POST_KEYS),
    members={"accounts": _MEMBER_OF_PROFILE, "posts": _MEMBER_OF_POST},
    is_lookup=True,
)

INSTALOADER_POSTS = Format(
    name="instaloader_posts",
    title="posts of Instagram saved by Instaloader",
    platform="instagram",
    evidence=_evidence_of_posts,
    posts=RecordMap(unpack=_unpack_post, fields=POST_FIELDS, known_keys=POST_KEYS),
    refusal=(
        "This is a post that Instaloader saved, not a profile: it says when and what an account posted, with likes and"
        " comments. Profiles are in the files named after the account."
    ),
)

INSTALOADER_OTHER = Format(
    name="instaloader_other",
    title="stories, hashtags and places saved by Instaloader",
    platform="instagram",
    evidence=_evidence_of_others,
    refusal=(
        "Instaloader saved something else here than a profile or a post (a story, a hashtag, a place)."
        " Profiles are in the files named after the account."
    ),
)
