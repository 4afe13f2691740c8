"""Bought blocks along the follow order: sees accounts and scores; evidence of the list, never part of a score."""

from botscan.blocks.follow_blocks import BlockEvidence, FollowBlock, FollowBlocks
from botscan.blocks.follow_map import FollowMap, make_follow_map
from botscan.blocks.search import find_follow_blocks

__all__ = ["BlockEvidence", "FollowBlock", "FollowBlocks", "FollowMap", "find_follow_blocks", "make_follow_map"]
