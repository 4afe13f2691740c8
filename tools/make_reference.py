"""Write docs/reference.md from the code: columns, features, rules, formats, patterns, verbs, public names.

Run after every change of one of them: ``python tools/make_reference.py``. A test fails when it was forgotten.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

import botscan
from botscan.cli.main import cli
from botscan.features.cadence import POST_FEATURES
from botscan.features.registry import FEATURES
from botscan.readers.formats import FORMAT, FORMATS, Format
from botscan.readers.guides import GUIDES
from botscan.schema import ACCOUNT_COLUMNS, DERIVED_COLUMNS, PLATFORMS, RecordKind
from botscan.scoring.cadence_rules import CADENCE_RULES
from botscan.scoring.patterns import PATTERNS
from botscan.scoring.rules import RULES

ORDERS = {"newest_first": "newest first", "by_followed_at": "by the time of following", "none": "not known"}

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference.md"


def reference() -> str:
    """Return the whole page."""
    parts: list[str] = [
        "# Reference",
        "Made from the code by `python tools/make_reference.py`; a test holds it against the code.",
        *_section("Account columns", ("column", "kind", "unit", "meaning"), _columns()),
        *_section("Platforms", ("platform", "first day", "source of that date"), _platforms()),
        *_section("Formats", ("format", "platform", "holds", "list order", "what it is"), _formats()),
        *_section("Features", ("feature", "group", "unit", "cost to fake", "needs", "meaning"), _features()),
        *_section(
            "Features of posts", ("feature", "unit", "cost to fake", "needs", "from", "meaning"), _post_features()
        ),
        *_section("Evidence patterns", ("pattern", "columns a list must know"), _patterns()),
        *_section("Rules", ("rule", "what it holds for", "effect", "source"), _rules()),
        *_section("Rules of cadence", ("rule", "holds for who", "from", "basis", "source"), _cadence_rules()),
        *_section("Python", ("name", "what it is"), _names()),
        "## Command line",
        *_verbs(cli, "botscan"),
    ]
    return "\n\n".join(parts) + "\n"


def _section(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"## {title}"
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    yield "\n".join(lines)


def _columns() -> Iterator[Sequence[str]]:
    for column in ACCOUNT_COLUMNS:
        derived = " (made from the text where there is text)" if column.name in DERIVED_COLUMNS else ""
        yield f"`{column.name}`", column.kind, column.unit, column.meaning + derived


def _platforms() -> Iterator[Sequence[str]]:
    for platform in PLATFORMS.values():
        yield platform.name, platform.first_day.date().isoformat(), platform.source


def _formats() -> Iterator[Sequence[str]]:
    orders = {
        name: ORDERS[way.list_order]
        for guide in GUIDES.values()
        for way in reversed(guide.ways)
        if way.gives == "list"
        for name in way.formats
        if not FORMAT[name].is_lookup
    }
    for one in FORMATS:
        yield f"`{one.name}`", one.platform or "any", _held(one), orders.get(one.name, ""), one.title


def _held(one: Format) -> str:
    """Say which kinds of record a format holds, and when it is refused as a list of followers."""
    kinds: tuple[RecordKind, ...] = ("accounts", "posts", "series")
    is_named_only = bool(one.refusal and one.accounts)
    held = [kind for kind in kinds if one.record_map(kind) and not (kind == "accounts" and is_named_only)]
    words = ", ".join("profiles" if kind == "accounts" and one.is_lookup else kind for kind in held)
    if is_named_only:
        return f"{words}; " * bool(words) + "accounts only where the format is named"
    return "; ".join(part for part in (words, "refused as a list" if one.refusal else "") if part)


def _features() -> Iterator[Sequence[str]]:
    for feature in FEATURES:
        needs = ", ".join(f"`{name}`" for name in feature.needs)
        yield f"`{feature.name}`", feature.group, feature.unit, feature.cost_to_fake, needs, feature.meaning


def _post_features() -> Iterator[Sequence[str]]:
    for one in POST_FEATURES:
        needs = ", ".join(f"`{name}`" for name in one.needs)
        least = f"{one.min_posts} posts" if one.min_posts > 1 else ""
        yield f"`{one.name}`", one.unit, one.cost_to_fake, needs, least, one.meaning


def _cadence_rules() -> Iterator[Sequence[str]]:
    for rule in CADENCE_RULES:
        limits = " and ".join(
            f"`{one.feature}` {one.bound.replace('_', ' ')} {one.threshold:.3g}" for one in rule.limits
        )
        yield f"`{rule.name}`", rule.meaning, f"{limits}; {rule.min_posts} posts", rule.basis, rule.reference


def _patterns() -> Iterator[Sequence[str]]:
    for patterns in PATTERNS.values():
        for pattern in patterns:
            yield f"`{pattern.id}`", ", ".join(f"`{name}`" for name in pattern.columns)


def _rules() -> Iterator[Sequence[str]]:
    for rule in RULES:
        yield f"`{rule.name}`", _first_line(rule.holds), rule.effect, rule.reference


def _names() -> Iterator[Sequence[str]]:
    for name in sorted(botscan.__all__):
        if name != "__version__":
            yield f"`bs.{name}`", _first_line(getattr(botscan, name))


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").split("\n", 1)[0]


def _verbs(command: click.Command, path: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _verbs(command.commands[name], f"{path} {name}")
        return
    context = click.Context(command, info_name=path)
    arguments = " ".join(p.make_metavar(context) for p in command.params if isinstance(p, click.Argument))
    yield f"### {path} {arguments}".rstrip()
    yield (command.help or "").split("\f")[0].strip()
    records = (p.get_help_record(context) for p in command.params if isinstance(p, click.Option))
    yield "\n".join(f"- `{record[0]}` {record[1]}" for record in records if record)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(reference(), encoding="utf-8", newline="\n")
