"""Rules of thumb and published rule sets: yardsticks beside the score, never part of it."""

from botscan.scoring.rule_sets import RuleSet, ThumbRule
from botscan.scoring.yardsticks.camisani_calzolari import CAMISANI_CALZOLARI
from botscan.scoring.yardsticks.socialbakers import SOCIALBAKERS
from botscan.scoring.yardsticks.state_of_search import STATE_OF_SEARCH
from botscan.scoring.yardsticks.thumb_rules import EMPTY_PROFILE, THUMB_RULES

#: Every set, in the order in which they are told.
RULE_SETS: tuple[RuleSet, ...] = (EMPTY_PROFILE, SOCIALBAKERS, STATE_OF_SEARCH, CAMISANI_CALZOLARI)
#: Every rule and set, in the order in which they are told.
YARDSTICKS: tuple[ThumbRule | RuleSet, ...] = (*THUMB_RULES, *RULE_SETS)
#: Every rule once, those that stand alone and those of a set.
ALL_RULES: tuple[ThumbRule, ...] = tuple(
    {rule.name: rule for yardstick in YARDSTICKS for rule in yardstick.criteria}.values()
)

__all__ = ["ALL_RULES", "RULE_SETS", "THUMB_RULES", "YARDSTICKS"]
