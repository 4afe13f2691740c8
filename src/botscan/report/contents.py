"""What the report says, in words and in order; the template only lays it out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from botscan.audit import Audit, ReviewRow
from botscan.evidence.scores import SEGMENT_ORDER
from botscan.notes import Note
from botscan.prevalence.from_labels.labeled_group import FEWEST_LABELED
from botscan.report.drawings import ScoreDrawing, Shape, draw_interval, draw_parts, draw_scores
from botscan.report.follow_order import is_about_the_order
from botscan.schema import ACCOUNT_COLUMNS, PLATFORMS
from botscan.wording import has_words, number, percent, rounded, say, say_note, visible

_NOTE_WIDTH = 800
_NAME_WIDTH = 60
#: Columns whose absence a reader should know of.
_WATCHED = (
    "handle",
    "bio_length",
    "created_at",
    "observed_at",
    "followed_at",
    "followers_count",
    "following_count",
    "posts_count",
    "has_avatar",
)
_WATCHED_ON = {"twitter": ("listed_count", "has_geo"), "tiktok": ("likes_received_count",)}
#: A bio that is known to be empty is null; its length tells.
_TOLD_AS = {"bio_length": "bio"}
#: Notes of the share about the list; the others are about the figure.
_ABOUT_THE_LIST = ("frame_", "ranks_", "post_stratified", "unscored_")
#: Notes of the share whose words the page has in another place.
_SAID_ELSEWHERE = (
    "includes_dormant",
    "raters_not_purchases",
    "profile_assumed_same_audience",
    "frame_random_population",
)
#: Notes of the audit that the page says below the table of groups, where it shows what their labels say.
_SAID_BELOW_GROUPS = ("segments_few_labels", "segments_each_alone")
#: Methods of labels that use no scores, as the page tells them.
_WITHOUT_SCORES = {"exact": "labels_alone", "error_corrected": "labels_corrected"}
_UNLISTED = ("account_id", "platform", "created_at_precision", "account_status")


@dataclass(frozen=True)
class Line:
    """One line of a table: what, how many, which share, and a sentence or a drawing beside it."""

    label: str
    count: str = ""
    share: str = ""
    meaning: str = ""
    kind: str = ""
    bar: tuple[Shape, ...] = ()
    organic: str = ""


@dataclass(frozen=True)
class Hero:
    """The answer at the top: a figure with its interval, or that none can be given."""

    sentence: str
    figure: str
    interval: str
    bar: tuple[Shape, ...]
    bar_words: str
    legend: tuple[Line, ...]
    reason: str
    n_labels: int | None


@dataclass(frozen=True)
class ReviewLine:
    """One account of the review list."""

    name: str
    handle: str
    link: str
    score: str
    verdict: str
    reasons: tuple[str, ...]
    counter_evidence: tuple[str, ...]


def list_name(audit: Audit) -> str:
    """Return the name of the list without the folders it stands in, which say more than a reader needs."""
    return visible(re.split(r"[/\\]", audit.source.rstrip("/\\"))[-1], _NAME_WIDTH)


def hero(audit: Audit, language: str) -> Hero:
    """Return the answer at the top of the page."""
    share = audit.share
    sentence = audit.headline(language)
    point, lower, upper = share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper
    if point is None or lower is None or upper is None:
        legend = (Line(say("report_legend_unknown", language), kind="blank"),)
        empty = say("report_share_bar_empty", language)
        figure = say("report_cannot_say", language)
        reason = words(share.notes[0], language) if share.notes else ""
        return Hero(sentence, figure, "", draw_parts([("blank", 1)]), empty, legend, reason, share.n_labels_needed)
    total, ends = share.n_spoken_of, {"lower": lower, "upper": upper, "level": share.confidence_level}
    if total is None:
        interval = say("report_interval_sample", language, **ends)
    else:
        counts = {"n_lower": rounded(lower * total), "n_upper": rounded(upper * total)}
        interval = say("report_interval_sentence", language, **ends, **counts)
    if lower == upper:
        interval = say("report_exact", language)
    # Where the point means little, the interval itself is the figure.
    bar = draw_interval(lower, None if share.is_rough else point, upper)
    bar_words = (
        say("report_share_bar_rough", language, lower=lower, upper=upper)
        if share.is_rough
        else say("report_share_bar", language, lower=lower, share=point, upper=upper)
    )
    figure = (
        say("report_rough_figure", language, lower=lower, upper=upper)
        if share.is_rough
        else percent(point, language, 0 if 0.01 <= point <= 0.99 else 1)
    )
    kinds = (("sure", "report_legend_sure"), ("unsure", "report_legend_unsure"), ("rest", "report_legend_rest"))
    return Hero(
        sentence,
        figure,
        interval,
        bar,
        bar_words,
        tuple(Line(say(code, language), kind=kind) for kind, code in kinds),
        "",
        share.n_labels_needed,
    )


def segment_lines(audit: Audit, language: str) -> list[Line]:
    """Return a line for every group of accounts, with its meaning."""
    return [
        Line(
            say(f"verdict_{name}", language),
            *audit.segment_in_words(name, language),
            say(f"report_meaning_{name}", language),
            name,
            organic=audit.segment_organic_in_words(name, language),
        )
        for name in SEGMENT_ORDER
    ]


def segments_by_labels(language: str) -> str:
    """Return what the column of the groups' labels holds, as sentences."""
    return say("report_segments_organic", language, n_labels=FEWEST_LABELED)


def segment_bar(audit: Audit) -> tuple[Shape, ...]:
    """Return all accounts as one bar, divided by group."""
    return draw_parts((name, audit.segments.get(name, 0)) for name in SEGMENT_ORDER)


def score_drawing(audit: Audit) -> ScoreDrawing | None:
    """Return the histogram of scores; None when nothing was scored."""
    if audit.histogram.n_scored == 0:
        return None
    return draw_scores(audit.histogram, audit.suspicious_threshold, audit.review_threshold)


def score_legend(drawing: ScoreDrawing, language: str) -> list[Line]:
    """Return a line for every kind of bar in the histogram of scores."""
    return [Line(say(f"report_scores_{kind.replace('-', '_')}", language), kind=kind) for kind in drawing.kinds]


def sign_lines(counts: Mapping[str, int], n_scored: int, language: str) -> list[Line]:
    """Return a line for every group of signs, most frequent first."""
    return [
        Line(
            words_of("group", code, language),
            number(count, language),
            percent(count / n_scored, language) if n_scored else "",
            bar=draw_parts([("sign", count), ("rest", max(0, n_scored - count))]),
        )
        for code, count in counts.items()
    ]


def reject_lines(audit: Audit, language: str) -> list[Line]:
    """Return a line for every reason why rows were rejected."""
    return [
        Line(words_of("reject", reason, language), number(count, language))
        for reason, count in audit.reading.reject_reasons.items()
    ]


def coverage_lines(audit: Audit, language: str) -> list[Line]:
    """Return a line for every column that the list holds for some accounts only, in the order of the schema."""
    return [
        Line(
            say(f"column_{name}", language),
            share=percent(known, language, 0 if 0.01 <= known <= 0.99 else 1),
            bar=draw_parts([("known", known), ("rest", 1 - known)]),
        )
        for name, known in _listed_coverage(audit)
        if known < 1
    ]


def complete_columns(audit: Audit, language: str) -> str:
    """Return a sentence that names the columns known for every account; empty when there are none."""
    names = [name for name, known in _listed_coverage(audit) if known == 1]
    return _columns_sentence("report_complete_columns", names, language) if names else ""


def _listed_coverage(audit: Audit) -> list[tuple[str, float]]:
    names = [column.name for column in ACCOUNT_COLUMNS if column.name not in _UNLISTED]
    return [(name, audit.coverage[name]) for name in names if name in audit.coverage]


def _columns_sentence(code: str, names: Sequence[str], language: str) -> str:
    return say(code, language, columns=", ".join(say(f"column_{name}", language) for name in names))


def facts(audit: Audit, language: str) -> list[tuple[str, str]]:
    """Return what was read as (label, value)."""
    reading = audit.reading
    return [
        (say("report_format", language), visible(reading.format, _NAME_WIDTH)),
        (say("report_evidence_level", language), say(f"report_level_{audit.evidence_level}", language)),
        (say("report_list_order", language), say(f"report_order_{_order_known_by(audit)}", language)),
        (say("report_frame", language), say(f"share_frame_{audit.share.frame}", language)),
    ]


def _order_known_by(audit: Audit) -> str:
    """Return how the follow order is known: a list whose rows stand in no order may state the position of each."""
    order = audit.reading.list_order
    is_stated = order == "unknown" and audit.coverage.get("follow_rank", 0.0) > 0.0
    return "by_follow_rank" if is_stated else order


def notes(audit: Audit, language: str) -> list[str]:
    """Return what stands against the figures, as sentences, but for what sections of the page say themselves."""
    has_labels = any(line.organic for line in segment_lines(audit, language))
    said = _SAID_BELOW_GROUPS if has_labels else ()
    others = [note for note in audit.warnings if note.code not in said and not is_about_the_order(note)]
    return [words(note, language) for note in others]


def unknowns(audit: Audit, language: str) -> list[str]:
    """Return what was not known, as sentences."""
    watched = (*_WATCHED, *_WATCHED_ON.get(audit.platform or "", ()))
    known = {_TOLD_AS.get(name, name): audit.coverage.get(name, 0.0) for name in watched}
    absent = [name for name, share in known.items() if share == 0]
    sparse = [name for name, share in known.items() if 0 < share < 0.5]
    sentences = [
        _columns_sentence(code, names, language)
        for code, names in (("report_absent_columns", absent), ("report_sparse_columns", sparse))
        if names
    ]
    notes = [note for note in _further_notes(audit) if note.code.startswith(_ABOUT_THE_LIST)]
    return [*sentences, *(words(note, language) for note in notes), say("report_no_posts", language)]


def _further_notes(audit: Audit) -> tuple[Note, ...]:
    """Return the notes of the share that nothing else on the page says."""
    # Without a share its first note is the reason, which stands at the top.
    notes = audit.share.notes if audit.share.organic_share is not None else audit.share.notes[1:]
    return tuple(note for note in notes if note.code not in _SAID_ELSEWHERE)


def method(audit: Audit, language: str) -> list[str]:
    """Return how the figure was made, in three sentences."""
    share = audit.share
    way = "labels" if share.n_labeled else "profile"
    if share.organic_share is None or share.is_rough:
        way = "rough" if share.is_rough else "none"
    told = _WITHOUT_SCORES.get(share.method, way) if way == "labels" else way
    return [
        say("report_method_score", language),
        say(f"report_method_{told}", language, n_labeled=share.n_labeled),
        say(f"report_assume_{way}", language),
    ]


def remarks(audit: Audit, language: str) -> list[str]:
    """Return what else a reader of the figure must know: how raters agreed, what was left out."""
    notes = [note for note in _further_notes(audit) if not note.code.startswith(_ABOUT_THE_LIST)]
    return [words(note, language) for note in notes]


def provenance(audit: Audit, language: str) -> list[tuple[str, str]]:
    """Return what made the report as (label, value)."""
    return [
        (say("report_version", language), f"botscan {audit.botscan_version}"),
        (say("report_model", language), visible(audit.model_name, _NAME_WIDTH)),
        (say("report_model_digest", language), audit.model_sha256),
        (say("report_pattern", language), visible(audit.pattern, _NAME_WIDTH) or say("report_no_pattern", language)),
        (say("report_method_name", language), words_of("share_method", audit.share.method, language)),
    ]


def review_lines(rows: Sequence[ReviewRow], platform: str | None, language: str) -> list[ReviewLine]:
    """Return the accounts a person should look at, most signs first."""
    ordered = sorted(rows, key=lambda row: (-row.log_odds, row.account_id))
    return [
        ReviewLine(
            visible(row.display_name or "", _NAME_WIDTH),
            visible(row.handle or row.account_id, _NAME_WIDTH),
            PLATFORMS[platform].profile_link(row.handle or "") if platform in PLATFORMS else "",
            _points(row.log_odds, language),
            say(f"verdict_{row.verdict}", language),
            tuple(_sign(code, points, language) for code, points in row.reasons),
            tuple(_sign(code, points, language) for code, points in row.counter_evidence),
        )
        for row in ordered
    ]


def _sign(code: str, points: float, language: str) -> str:
    return f"{words_of('group', code, language)} ({_points(points, language)})"


def _points(points: float, language: str) -> str:
    """Return points with their sign, written as on the axis of the scores."""
    told = number(points, language, 1).replace("-", "\u2212")
    return f"+{told}" if points > 0 else told


def words(note: Note, language: str) -> str:
    """Return a note as a sentence; header names in it are made visible."""
    return visible(say_note(note, language), _NOTE_WIDTH)


def words_of(family: str, code: str, language: str) -> str:
    """Return the words for a code that others made; a code nobody gave words to is shown as it is."""
    return say(f"{family}_{code}", language) if has_words(f"{family}_{code}") else visible(code, _NAME_WIDTH)
