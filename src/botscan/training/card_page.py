"""The model card as a page: card.md, made from card.json and from nothing else.

Every number on the page stands in the card, so the page can never say more than the model that it lies beside. The
same card gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from botscan.training.appeal import APPEAL_EN, APPEAL_ID
from botscan.wording.escaping import for_markdown
from botscan.wording.quantities import number, percent

PAGE = "card.md"

Plain = Mapping[str, Any]

_USES: Final = {"train": "trains", "light": "trains lightly", "no": "not used"}
_VALIDATION: Final = {
    "left_out_sources": "each source was left out of training in turn and then measured",
    "random_halves": "one source alone: random halves, which prove little; not validated",
}
_WAYS: Final = {"usual": "does what is usual among people", "knowing": "knows this card"}

_WHAT_FOR = """\
This page is written from `card.json` beside it, whenever the model is built. Do not edit it.

## What the model is for

It ranks the accounts of a follower list by how much their profiles look like followers that are known to have been
bought or to be inauthentic. A person then looks at the top of that order, and a labelled sample turns it into a share
with an interval.

It is **not** for: deciding about a person; blocking, reporting or naming accounts; counting scores above a line as a
share; judging the owner of an audience; accounts that post by themselves and say so; influence campaigns; platforms
that it was not fitted on.
"""

_NEW_AUDIENCES = """\
## A list unlike those below

Every list without labels is a new audience. There the order of the scores mostly holds, and their level does not: the
share of people at one and the same line differs from source to source, as the tables show. So the tool gives no share
of real followers without labels, and says so. Be more careful still with other languages, other years and other
platforms than those of the sources, with lists of large or official accounts, and with lists that lack columns.
"""

_SPEED = """\
## Speed

Not a property of the model file, so not on this page: `benchmarks` measures it on the machine at hand.
"""


def card_page(card: Plain) -> str:
    """Return the page of a card.

    Parameters
    ----------
    card
        Plain data of card.json. What a card lacks (sources, evasion, a fold) is left out of the page.

    Returns
    -------
    page
        Markdown, LF, in English with a section in Indonesian. Words of the card are escaped.
    """
    about = card["about"]
    sections = [
        f"# Model card: {_word(card['name'])}\n",
        _WHAT_FOR,
        _bullets("Limits", about.get("limits", [])),
        _bullets("How it is made", about.get("method", [])),
        "\n".join(_identity(card)),
        "\n".join(_sources(card)),
        _NEW_AUDIENCES,
        *("\n".join(_platform(name, section)) for name, section in sorted(card["platforms"].items())),
        _SPEED,
        APPEAL_EN,
        APPEAL_ID,
    ]
    return "\n".join(section for section in sections if section)


def _word(text: str) -> str:
    """Escape a text of the card, but not signs that mean nothing inside a line: the page is read raw as well."""
    return re.sub(r"\\([.,;:%=/-])", r"\1", for_markdown(text))


def _bullets(title: str, sentences: Sequence[str]) -> str:
    lines = "".join(f"- {_word(sentence)}\n" for sentence in sentences)
    return f"## {title}\n\n{lines}" if sentences else ""


def _identity(card: Plain) -> Iterator[str]:
    about = card["about"]
    yield "## Which model this is\n"
    versions = ", ".join(f"{name} {version}" for name, version in sorted(about.get("library_versions", {}).items()))
    facts = (
        ("Digest of card.json", card.get("sha256")),
        ("Digest of the training table", about.get("training_table_sha256")),
        ("Format, grid", f"{card['format_version']}, {card['grid_version']}"),
        ("Needs botscan", card["needs_botscan"]),
        ("Fitted with", versions or None),
        ("Seed", about.get("random_state")),
        ("Configurations compared before this one", about.get("n_configurations_tried")),
        ("Rules for the verdict compared before this one", about.get("n_verdict_rules_tried")),
    )
    yield from (f"- {name}: {_word(str(value))}" for name, value in facts if value is not None)
    yield ""


def _sources(card: Plain) -> Iterator[str]:
    sources = card["about"].get("sources", [])
    if not sources:
        yield from (_bullets("Sources", card["about"].get("citations", [])),)
        return
    sizes = {
        item["dataset"]: item for section in card["platforms"].values() for item in section["training"]["datasets"]
    }
    yield "## Sources\n"
    yield "Rows of these data sets are not part of this project; features in coarse bins, label and source are.\n"
    head = ("data set", "platform", "suspicious", "rows", "people", "rows", "what the label means", "terms", "source")
    rows = (
        (
            _word(item["dataset"]),
            _word(item["platform"]),
            _USES[item["suspicious"]],
            _count(sizes.get(item["dataset"], {}).get("n_suspicious")),
            _USES[item["organic"]],
            _count(sizes.get(item["dataset"], {}).get("n_organic")),
            *(_word(item[name]) for name in ("label_kind", "terms", "citation")),
        )
        for item in sources
    )
    yield from _table(head, rows)


def _platform(name: str, section: Plain) -> Iterator[str]:
    first = section["patterns"][0]
    measured = first["left_out"]
    yield f"## {_word(name)}\n"
    yield f"How it was measured: {_VALIDATION[section['validation']]}.\n"
    yield from _lines_of(section["patterns"])
    yield f"### What a score is made of: {_word(name)}\n"
    yield from _features(section)
    if "loso_5" in measured:
        yield from _folds(measured["loso_5"], first["name"])
    yield from _left_out_sets(measured["datasets"], first["name"])
    yield from _slices("False alarms among groups of people", measured.get("people_by_slice", []))
    yield from _slices("Recall among groups of suspicious accounts", measured.get("suspicious_by_slice", []))
    yield from _absent(measured.get("absent_columns", []))
    if "evasion" in measured:
        yield from _evasion(measured["evasion"])


def _lines_of(patterns: Sequence[Plain]) -> Iterator[str]:
    yield "### Lines, per pattern of known columns\n"
    yield "Log-odds from which on an account is marked. Below: the share of the people of each left-out source that"
    yield "stay below the line of suspicious. AUC and recall: of sources never seen, where that was measured; recall at"
    yield "one false alarm in twenty people.\n"
    is_ranked = any("loso_5" in one["left_out"] for one in patterns)
    rows = []
    for one in patterns:
        lines, board = one["thresholds"], one["left_out"].get("loso_5")
        cells = [
            _word(one["name"]),
            _word(", ".join(one["columns"])),
            _figure(lines["suspicious"]["log_odds"], 2),
            _figure(lines["review"]["log_odds"], 2),
            _share(one["left_out"]["quantile"]),
        ]
        if board:
            aucs = [_figure(board[kind]["auc"]) for kind in ("mean", "worst")]
            cells += [*aucs, _share(board["mean"]["recall_at_5"])]
        rows.append(cells)
    head = ["pattern", "columns", "suspicious", "review", "below"]
    yield from _table([*head, "AUC", "worst AUC", "recall"] if is_ranked else head, rows)


def _features(section: Plain) -> Iterator[str]:
    rows = [
        (
            _word(item["group"]),
            _word(item["name"]),
            _figure(min(item["points"]), 2),
            _figure(max(item["points"]), 2),
        )
        for item in section["features"]
    ]
    yield from _table(("group", "field", "least points", "most points"), sorted(rows))
    if section.get("memory"):
        names = ", ".join(item["feature"] for item in section["memory"]["levels"])
        yield f"A second layer may add points, and never takes any, for pairs of: {_word(names)}.\n"


def _folds(board: Plain, pattern: str) -> Iterator[str]:
    yield f"### Sources never seen: pattern {_word(pattern)}\n"
    yield "Each source of suspicious accounts left out in turn. Found and false alarms are at the line that the same"
    yield "rule sets on the sources that remain.\n"
    names = ("auc", "average_precision")
    rates = ("recall_at_1", "recall_at_5", "true_positive_rate", "false_positive_rate")
    rows = [
        (
            _word(one.get("left_out", title)),
            _count(one.get("n_suspicious")),
            _count(one.get("n_organic")),
            *(_figure(one[name]) for name in names),
            *(_share(one[name]) for name in rates),
        )
        for title, one in (*(("", fold) for fold in board["folds"]), ("mean", board["mean"]), ("worst", board["worst"]))
    ]
    head = (
        *("left out", "suspicious", "people", "AUC", "average precision", "recall, strict", "recall, usual"),
        *("found", "false alarms"),
    )
    yield from _table(head, rows)
    yield "Recall: at one false alarm in a hundred people (strict) and in twenty (usual).\n"


def _left_out_sets(rates: Sequence[Plain], pattern: str) -> Iterator[str]:
    kinds = (
        ("organic", "False alarms among people left out", False),
        ("suspicious", "Suspicious accounts left out, least found first: the blind spots lead", True),
    )
    for kind, title, rising in kinds:
        of_kind = [item for item in rates if item["kind"] == kind]
        if of_kind:
            yield f"### {title}\n"
            yield f"Pattern {_word(pattern)}; share at or above each line.\n"
            of_kind.sort(key=lambda one: one["dataset"])
            of_kind.sort(key=lambda one: one["review_rate"], reverse=not rising)
            rows = [
                (
                    _word(one["dataset"]),
                    _count(one["n"]),
                    _share(one["suspicious_rate"]),
                    _share(one["review_rate"]),
                )
                for one in of_kind
            ]
            yield from _table(("data set", "accounts", "suspicious", "review"), rows)


def _slices(title: str, rates: Sequence[Plain]) -> Iterator[str]:
    if not rates:
        return
    yield f"### {title}\n"
    yield "All sources that were left out, taken together. The interval (Wilson) holds for these accounts; other"
    yield "audiences differ by more. Where a group is too small, nothing is measured.\n"
    rows = []
    for one in rates:
        worst = one.get("worst_source")
        interval = ""
        if one.get("suspicious_rate_ci_lower") is not None:
            interval = f"{_share(one['suspicious_rate_ci_lower'])} to {_share(one['suspicious_rate_ci_upper'])}"
        rows.append(
            (
                _word(one["slice"]),
                _count(one["n"]),
                _share(one["suspicious_rate"]),
                interval,
                _share(one["review_rate"]),
                f"{_word(worst['source'])}: {_share(worst['suspicious_rate'])} of {_count(worst['n'])}"
                if worst
                else "",
            )
        )
    yield from _table(("group", "accounts", "suspicious", "interval", "review", "worst source"), rows)


def _absent(absences: Sequence[Plain]) -> Iterator[str]:
    if not absences:
        return
    yield "### When columns are absent\n"
    yield "Sources never seen, mean of all folds and the worst. A list is scored under the richest pattern whose"
    yield "columns it has; beside it, what all remaining columns together would give.\n"
    rows = []
    for one in absences:
        cells: list[str] = []
        for figures in (one["as_scored"], one["from_all"]):
            cells += (
                ["", ""]
                if figures is None
                else [
                    f"{_figure(figures['auc'])} / {_figure(figures['worst_auc'])}",
                    f"{_share(figures['recall_at_5'])} / {_share(figures['worst_recall_at_5'])}",
                ]
            )
        rows.append((_word(one["absent"]), _word(one["pattern"] or "not scored"), *cells))
    head = ("absent", "pattern", "AUC", "recall", "AUC from all", "recall from all")
    yield from _table(head, rows)
    yield "Mean / worst; recall at one false alarm in twenty people.\n"


def _evasion(entry: Plain) -> Iterator[str]:
    yield "### When cheap fields are faked\n"
    yield "Bios, pictures and places are set in a minute, and so is a first post. Here owners of suspicious accounts"
    yield "fake every field that costs next to nothing. Owners learn: more can be lost than these tricks cost.\n"
    head = (
        "accounts",
        "the owner",
        "recall, strict",
        "recall, usual",
        "found at the line",
        "counted",
        "drop, log-odds",
    )
    rows = [
        (said, _WAYS[way], *_before_after(measures))
        for said, by_way in (
            ("sources never seen", {way: one["mean"] for way, one in entry["unseen"].items()}),
            ("sources half seen", entry["seen"]),
        )
        for way, measures in by_way.items()
    ]
    rows += [
        (_word(fold["left_out"]), _WAYS[way], *_before_after(fold))
        for way, one in entry["unseen"].items()
        for fold in one["folds"]
    ]
    yield from _table(head, rows)
    yield "Before and after. Counted: what counting accounts at the line would call the share in an audience of which"
    yield f"{_share(entry['mix'])} are suspicious. The tool never counts so; a share from labels rests on the labels.\n"
    yield from _table(
        ("field, faked alone", "recall lost, strict", "recall lost, usual", "drop, log-odds"),
        [
            (
                _word(one["feature"]),
                _share(one["lost"]["recall_at_1"]),
                _share(one["lost"]["recall_at_5"]),
                _figure(one["mean_drop"], 2),
            )
            for one in sorted(entry["fields"], key=lambda one: (-one["lost"]["recall_at_5"], one["feature"]))
        ],
    )


def _before_after(measures: Plain) -> tuple[str, ...]:
    before, after = measures["before"], measures["after"]
    keys = ("recall_at_1", "recall_at_5", "recall_at_line", "counted_share")
    return (*(f"{_share(before[key])} to {_share(after[key])}" for key in keys), _figure(measures["mean_drop"], 2))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _count(value: int | None) -> str:
    return "" if value is None else number(value)


def _figure(value: float, digits: int = 3) -> str:
    return number(value, digits=digits)


def _share(value: float | None) -> str:
    return "not measured" if value is None else percent(value, digits=1)
