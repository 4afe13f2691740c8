"""ListFrame: signs in a list itself that it is only a part of the followers: sizes, follow times, places, cursors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts import AccountTable
from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.cells.parsed import is_known
from botscan.notes import Note
from botscan.reading_report import NEARLY_ALL

#: Followers that one request gives at most, by platform. A list that was cut between two requests holds a multiple of
#: them, and so does one list in so many by chance: smaller pages, which fit by chance too often, count in twos.
PAGE_SIZES: dict[str, tuple[int, ...]] = {
    "twitter": (5_000, 1_000, 200),  # ids and profiles of v1.1: 5,000 and 200; v2: 1,000
    "github": (100,),
    "bluesky": (100,),
    "tiktok": (100,),
    "mastodon": (160,),  # two of 80
    "youtube": (100,),  # two of 50
    "telegram": (200,),
}
#: Where nothing is known of the requests: numbers that people and tools choose when they ask for so many.
ROUND_SIZE = 1_000
#: Sizes at which lists of a platform end, and how far beside them a list may end; what is given in a quarter of an hour
#: is a cap for a tool that does not wait.
CAPS: dict[str, tuple[tuple[int, float], ...]] = {
    "twitter": ((5_000, 0.0), (3_000, 0.0), (15_000, 0.0), (75_000, 0.0)),
    "tiktok": ((5_000, 0.01),),
    "github": ((40_000, 0.0),),
    "telegram": ((10_000, 0.001),),
}
#: A list whose followers nearly all came in so few days is perhaps the newest end of a longer one.
LATE_DAYS = 90
#: Below this size the follow times of a list say nothing of that kind.
_FEWEST_FOLLOWERS = 100
#: The part of the list, its oldest end, that may have come before.
_OLDEST_PART = 0.1
#: So many of its creation dates, the latest ones, may be wrong.
_WRONG_DATES = 2
#: Part of the places between first and last that a head may lack: accounts that were closed while it was fetched.
_FEW_GAPS = 0.02

#: What readers say already, and a frame cannot contradict twice.
_SAID_BY_READERS = {"list_at_cap": "list_at_cap_size", "newest_followers_only": "list_not_ended"}
#: Signs against each frame that a caller can state. A sample that was drawn has a size that somebody chose.
_AGAINST: dict[str, frozenset[str]] = {
    "full": frozenset(
        {
            "list_whole_pages", "list_at_cap_size", "list_not_ended", "list_begins_late", "ranks_start_late",
            "ranks_end_early", "ranks_have_gaps",
        }
    ),
    "random": frozenset({"list_not_ended", "list_begins_late", "ranks_start_late", "ranks_end_early"}),
    "newest": frozenset({"list_ended", "ranks_end_early", "ranks_have_gaps"}),
}  # fmt: skip
#: Signs that only a head of the newest followers gives, where the order of the list is known.
_OF_A_HEAD = frozenset({"list_begins_late", "ranks_start_late"})


@dataclass(frozen=True)
class ListFrame:
    """What a list shows about which part of the followers it holds; nothing here is proof.

    Attributes
    ----------
    signs
        Every sign found, with its numbers.
    may_be
        The frame that the signs point at, ``newest`` or ``full``; None where they point nowhere.
    said
        Codes of signs that the reader of the list has told already.
    """

    signs: tuple[Note, ...] = ()
    may_be: str | None = None
    said: frozenset[str] = frozenset()

    def warnings(self, frame: str) -> tuple[Note, ...]:
        """Return the signs that speak against a stated frame, or all where none was stated, unless told already.

        Parameters
        ----------
        frame
            ``full``, ``random``, ``newest`` or ``unknown``.

        Examples
        --------
        >>> found = ListFrame((Note("list_begins_late"), Note("list_whole_pages")))
        >>> [note.code for note in found.warnings("random")], found.warnings("newest")
        (['list_begins_late'], ())
        """
        against = _AGAINST.get(frame, _AGAINST["full"])
        return tuple(note for note in self.signs if note.code in against and note.code not in self.said)


def find_frame_signs(accounts: AccountTable, population: int | None = None) -> ListFrame:
    """Look for signs that a list is only a part of the followers: its newest, or as many as a service gives.

    Four things are looked at. Its size: a whole number of pages, or the size at which lists of the platform end. Its
    follow times, or where these are not known their lower bounds [1]_: nobody followed before every account that
    stands earlier in the order existed. Its places in the follow order: where they begin and end, and what is missing
    between. Its source: whether that says more pages follow. A small list can be round, and a young audience followed
    lately, by chance alone; so a sign never changes a frame, it warns.

    Parameters
    ----------
    accounts
        The list.
    population
        Number of all followers, when known.

    Returns
    -------
    frame
        Signs, and the frame they point at.

    References
    ----------
    .. [1] Meeder, B., Karrer, B., Sayedi, A., Ravi, R., Borgs, C., Chayes, J. (2011). We know who you followed last
       summer: inferring social link creation times in Twitter. WWW, 517-526.
       https://doi.org/10.1145/1963405.1963479

    Examples
    --------
    >>> rows = [{"account_id": one, "followers_count": 5} for one in range(4_000)]
    >>> found = find_frame_signs(AccountTable.from_frame(rows, platform="twitter"))
    >>> [(note.code, note.count, dict(note.numbers)) for note in found.signs]
    [('list_whole_pages', 4000, {'page': 1000, 'pages': 4, 'chance': 0.001})]
    """
    report = accounts.report
    told = {note.code for note in report.warnings}
    sizes = {accounts.n_accounts} if "files_joined" in told else {report.rows_in, accounts.n_accounts}
    signs = _source_signs(report.complete)
    # A list that holds nearly all of the known number of followers is whole, however round it is.
    if population is None or accounts.n_accounts < (1.0 - NEARLY_ALL) * population:
        signs += _size_signs(sizes, accounts.platform, complete=report.complete)
    n_lost = report.rows_rejected + report.duplicates_merged
    signs += _rank_signs(_ranks(accounts), n_lost, population)
    signs += _late_signs(accounts)
    return ListFrame(
        tuple(signs),
        _pointed_at({note.code for note in signs}, report.list_order),
        frozenset(sign for code, sign in _SAID_BY_READERS.items() if code in told),
    )


def find_size_sign(n: int, platform: str | None) -> Note | None:
    """Return the sign in the number of records of a list; None for a size that any list could have.

    One page alone tells nothing, unless the platform ends lists there: a small list is round by chance.

    Parameters
    ----------
    n
        Records of the list.
    platform
        Platform of the list.

    Examples
    --------
    >>> [find_size_sign(n, "tiktok").code for n in (4_990, 5_010, 1_200)], find_size_sign(1_201, "tiktok")
    (['list_at_cap_size', 'list_at_cap_size', 'list_whole_pages'], None)
    """
    for cap, beside in CAPS.get(platform or "", ()):
        if abs(n - cap) <= beside * cap:
            return Note("list_at_cap_size", count=n, numbers={"cap": cap})
    for page in sorted({*PAGE_SIZES.get(platform or "", ()), ROUND_SIZE}, reverse=True):
        if n and n % page == 0 and (n >= 2 * page or page == ROUND_SIZE):
            return Note("list_whole_pages", count=n, numbers={"page": page, "pages": n // page, "chance": 1 / page})
    return None


def _size_signs(sizes: set[int], platform: str | None, *, complete: bool | None) -> list[Note]:
    """Return the sign of the first size that has one; a list that ended by itself is round by chance only."""
    for n in sorted(sizes):
        sign = find_size_sign(n, platform)
        if sign is not None and not (complete and sign.code == "list_whole_pages"):
            return [sign]
    return []


def _source_signs(complete: bool | None) -> list[Note]:
    return [] if complete is None else [Note("list_ended" if complete else "list_not_ended")]


def _ranks(accounts: AccountTable) -> NDArray[np.int64]:
    """Return the places that are known, in rising order."""
    if "follow_rank" not in accounts.table.column_names:
        return np.zeros(0, dtype=np.int64)
    ranks = np.asarray(accounts.table["follow_rank"].drop_null().to_numpy(), dtype=np.int64)
    return np.sort(ranks)


def _rank_signs(ranks: NDArray[np.int64], n_lost: int, population: int | None) -> list[Note]:
    """Return what the places say; those in the file alone run from 0 to its end, but for records that were lost."""
    if len(ranks) < _FEWEST_FOLLOWERS:
        return []
    places = np.unique(ranks)
    first, last = int(places[0]), int(places[-1])
    n_absent = last - first + 1 - len(places)
    # A sample leaves gaps everywhere; a gap at an end counts when it is twice as long as any other.
    usual_gap = n_lost + 2 * (int(np.diff(places).max(initial=1)) - 1)
    signs = []
    if first > usual_gap:
        signs.append(Note("ranks_start_late", count=first))
    if n_absent > n_lost + _FEW_GAPS * (last - first + 1):
        signs.append(Note("ranks_have_gaps", count=n_absent, numbers={"first": first, "last": last}))
    are_of_all = bool(signs)  # places in the file would say nothing about its end
    if are_of_all and population is not None and population - 1 - last > usual_gap + _FEW_GAPS * population:
        signs.append(Note("ranks_end_early", count=population - 1 - last, numbers={"population": population}))
    return signs


def _late_signs(accounts: AccountTable) -> list[Note]:
    """Return the sign that nearly all of a list followed in the last days before it was seen."""
    followed_after = _followed_after(accounts.table)
    if followed_after is None or accounts.observed_at is None:
        return []
    seen = round(accounts.observed_at.timestamp() * 1e6)
    days = max(0.0, (seen - followed_after) / MICROSECONDS_PER_DAY)
    if days > LATE_DAYS:
        return []
    return [Note("list_begins_late", numbers={"days": int(np.ceil(days)), "part": 1.0 - _OLDEST_PART})]


def _followed_after(table: pa.Table) -> int | None:
    """Return an instant, in microseconds, after which all but the oldest part of a list followed; None if unknown."""
    names = table.column_names
    if "followed_at" in names:
        followed = np.sort(np.asarray(table["followed_at"].drop_null().cast(pa.int64()).to_numpy()))
        if len(followed) >= max(_FEWEST_FOLLOWERS, (1.0 - _OLDEST_PART) * table.num_rows):
            return int(followed[int(_OLDEST_PART * len(followed))])
    if not {"follow_rank", "created_at"} <= set(names):
        return None
    by_rank = table.select(["follow_rank", "created_at"]).filter(pc.is_valid(table["follow_rank"]))
    if by_rank.num_rows < max(_FEWEST_FOLLOWERS, (1.0 - _OLDEST_PART) * table.num_rows):
        return None
    oldest = by_rank.take(pc.sort_indices(by_rank["follow_rank"])[: int(_OLDEST_PART * by_rank.num_rows)])
    created = oldest["created_at"].combine_chunks()
    made = np.sort(np.asarray(created.cast(pa.int64()).filter(pa.array(is_known(created))).to_numpy()))
    return int(made[-1 - _WRONG_DATES]) if len(made) > _WRONG_DATES else None


def _pointed_at(codes: set[str], list_order: str) -> str | None:
    """Return the frame that signs point at: the newest followers, or all of them."""
    is_cut = "list_not_ended" in codes or "list_at_cap_size" in codes
    if codes & _OF_A_HEAD or (is_cut and list_order in ("newest_first", "by_followed_at")):
        return None if codes & {"ranks_have_gaps", "ranks_end_early"} else "newest"
    return "full" if "list_ended" in codes and not is_cut else None
