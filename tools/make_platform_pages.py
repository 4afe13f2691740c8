"""Write docs/platforms from the code: for each platform how to get a list, its cost and limits, and what it supports.

Run after a guide, a format or a pattern changed: ``python tools/make_platform_pages.py``. A test fails when it was
forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botscan.api.columns import list_columns, list_ways
from botscan.readers.guides import GUIDES, LEVELS, NOT_CHECKED, PlatformGuide
from botscan.scoring.patterns import GENERAL, PATTERNS

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "platforms"
INDEX = "README.md"

MADE = "Made from the code by `python tools/make_platform_pages.py`; a test holds it against the code."
ABOUT = (
    "One page a platform: the ways to a list, what each costs, what limits and bends it, which columns it gives and"
    " what can be said with them. The same in short: `botscan columns twitter`."
)
HOW_SURE = (
    "A sentence with a link says what the linked page says; look whether it still does before you rely on it."
    f" A sentence marked {NOT_CHECKED} is from memory: nobody has compared it with the service. All other sentences"
    " follow from the files themselves or from what botscan does."
)
PRIVACY = (
    "A list of followers is personal data: keep it on your own machine (botscan works offline and sends nothing), store"
    " no more columns than the score reads, and delete the list when the question is answered."
)
GIVES = {
    "list": "list of followers",
    "profiles": "profiles that complete a list",
    "posts": "posts",
    "own_posts": "posts of the account itself",
    "series": "counts of followers over time",
}
ORDERS = {"newest_first": "newest first", "by_followed_at": "by the time of following", "none": "not known"}
PARTS = {
    "cost": "Cost",
    "limits": "Limits",
    "bias": "How it differs from all followers",
    "order": "Order",
    "absent": "What it does not give",
}

Data = Mapping[str, Any]


def pages() -> dict[str, str]:
    """Return the text of every page by file name."""
    written = {f"{platform}.md": page(guide) for platform, guide in GUIDES.items()}
    return {INDEX: index(), **written}


def index() -> str:
    """Return the page that lists the others."""
    rows = [(f"[{guide.title}]({name}.md)", _best(name)) for name, guide in GUIDES.items()]
    parts = [
        "# How to get a list of followers",
        MADE,
        ABOUT,
        HOW_SURE,
        _table(("platform", "the most that its own lists reach"), rows),
        PRIVACY,
    ]
    return "\n\n".join(parts) + "\n"


def _best(platform: str) -> str:
    """Say the highest level among the ways that need no table from elsewhere."""
    lists = [way for way in list_ways(platform) if way["gives"] in ("list", "profiles") and way["name"] != "any_table"]
    if not lists:
        return "no list; counts over time, and tables from elsewhere"
    best = max(way["level"] for way in lists)
    has_score = any(way["pattern"] for way in lists)
    return f"level {best}, {'with a score' if has_score else 'without a score'}"


def page(guide: PlatformGuide) -> str:
    """Return the page of a platform."""
    ways = list_ways(guide.platform)
    parts = [
        f"# {guide.title}: lists of followers",
        f"{MADE} The same in short: `botscan columns {guide.platform}`. [All platforms]({INDEX})",
        _list(guide.summary),
        f"**How sure a sentence is.** {HOW_SURE}",
        "## In short",
        _overview(ways),
        "## Ways to a list",
        *(part for number, way in enumerate(ways, 1) for part in _way(number, way)),
        "## What the score reads",
        *_scored(guide.platform),
        "## What each evidence level supports",
        "A list has the level that at least half of its accounts have; the report prints it.",
        _levels(guide, ways),
        "## Dates of creation from ids",
        _list(guide.id_dates),
        *_refused(guide),
        "## Privacy",
        PRIVACY,
    ]
    return "\n\n".join(parts) + "\n"


def _overview(ways: Sequence[Data]) -> str:
    rows = [(way["title"], GIVES[way["gives"]], _level(way), _score(way), _order(way)) for way in ways]
    return _table(("way", "gives", "level, at most", "score", "order"), rows)


def _level(way: Data) -> str:
    if way["gives"] == "series":
        return "series"
    return "-" if way["level"] is None else str(way["level"])


def _score(way: Data) -> str:
    if way["level"] is None:
        return "-"
    return f"`{way['pattern']}`" if way["pattern"] else "none"


def _order(way: Data) -> str:
    return ORDERS[way["list_order"]] if way["gives"] == "list" else "-"


def _way(number: int, way: Data) -> Iterator[str]:
    yield f"### {number}. {way['title']}"
    yield f"Formats: {_names(way['formats'])}. Name in `--json`: `{way['name']}`."
    yield "\n".join(f"{step}. {_sentence(claim)}" for step, claim in enumerate(way["steps"], 1))
    if way["ask"]:
        yield "What to ask for:"
        yield f"```text\n{way['ask']}\n```"
    if way["command"]:
        yield f"```sh\n{way['command']}\n```"
    yield "\n".join(
        f"- **{title}**: {' '.join(_sentence(claim) for claim in way[part])}"
        for part, title in PARTS.items()
        if way[part]
    )
    yield f"**Columns**: {_columns(way)}"
    if way["level"] is not None:
        yield f"**Score**: {_scoring(way)}"


def _columns(way: Data) -> str:
    if len(way["columns"]) == len(list_columns()):
        return "whatever it holds of the columns that `botscan columns` lists."
    if way["level"] is None:
        return f"{_names(way['columns'])}."
    scored = set(way["scored_columns"])
    bold = ", ".join(f"**`{name}`**" if name in scored else f"`{name}`" for name in way["columns"])
    return f"{bold}. The score reads those in bold."


def _scoring(way: Data) -> str:
    """Say which pattern a list of this way meets, or which columns are missing for the poorest."""
    if way["pattern"]:
        hint = " once the day of the list is given (`--observed-at`)" if way["needs_observed_at"] else ""
        return f"up to the pattern `{way['pattern']}`{hint}."
    poorest = PATTERNS[GENERAL][-1].columns
    missing = [name for name in poorest if name not in way["columns"]]
    return f"none, since {_names(missing)} {'is' if len(missing) == 1 else 'are'} missing."


def _scored(platform: str) -> Iterator[str]:
    section = platform if platform in PATTERNS else GENERAL
    if section == GENERAL:
        yield (
            "This platform has no tables of its own: the `general` ones score it, made from Twitter, Instagram and"
            " TikTok together, with a stricter line for suspicious."
        )
    yield (
        "A list is scored under the richest pattern whose columns are known of at least half of its accounts. Without"
        " those of the poorest there is no score."
    )
    patterns = PATTERNS[section]
    meanings = {row["name"]: row["meaning"] for row in list_columns(platform) if row["is_scored"]}
    header = ("column", "meaning", *(pattern.name for pattern in patterns))
    yield _table(
        header,
        [
            (f"`{name}`", meaning, *("x" if name in pattern.columns else "" for pattern in patterns))
            for name, meaning in meanings.items()
        ],
    )


def _levels(guide: PlatformGuide, ways: Sequence[Data]) -> str:
    rows = []
    for level in LEVELS:
        if level.name in guide.level_names():
            reached = [str(number) for number, way in enumerate(ways, 1) if _reaches(way, level.name)]
            ways_to_it = ", ".join(reached) or "none alone"
            if level.name == "4":
                ways_to_it += ", beside a list of level 3"
            rows.append((level.name, level.holds, level.supports, level.does_not_support, ways_to_it))
    return _table(("level", "what is there", "supports", "does not support", "reached by way"), rows)


def _reaches(way: Data, name: str) -> bool:
    if name == "4":
        return bool(way["gives"] == "posts")
    return _level(way) == name


def _refused(guide: PlatformGuide) -> Iterator[str]:
    formats = guide.refused_formats()
    if formats:
        yield "## Files that look like a list and are refused"
        yield "\n".join(f"- `{one.name}`, {one.title}. {one.refusal}" for one in formats)


def _list(claims: Iterable[Any]) -> str:
    return "\n".join(f"- {_sentence({'text': one.text, 'basis': one.basis, 'source': one.source})}" for one in claims)


def _sentence(claim: Data) -> str:
    if claim["basis"] == "page":
        return f"{claim['text']} ([{urlsplit(claim['source']).hostname}]({claim['source']}))"
    return f"{claim['text']} {NOT_CHECKED}" if claim["basis"] == "memory" else str(claim["text"])


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
