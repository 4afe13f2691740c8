"""When each follower followed: bounds from the follow order, from creation dates and from known follow times.

The way in is `infer_follow_times` (a list of accounts); `bound_follow_times` is the mathematics of it, on arrays.
"""

from botscan.follow_times.bounds import FollowTimeBounds, bound_follow_times
from botscan.follow_times.records import UNKNOWN_TIME
from botscan.follow_times.times import FollowTimes, infer_follow_times

__all__ = ["UNKNOWN_TIME", "FollowTimeBounds", "FollowTimes", "bound_follow_times", "infer_follow_times"]
