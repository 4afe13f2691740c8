"""What cadence tells about 40 labelled accounts: AUC of each number, a ridge-logistic, and what each rule finds.

    OMP_NUM_THREADS=1 python benchmarks/cadence.py

Evaluation only: nothing here trains anything that ships, and no threshold of a rule was chosen by looking at these
accounts (each is stated with its basis). Needs posts/ of the data folder (BOTSCAN_DATA, default ../shared/data), else
skips with the reason. Prints Markdown and writes benchmarks/results/cadence.json; aggregates only.

Of n_posts_seen the AUC is the way of collecting (the file stops at 500 posts an account, which nearly all of the people
reach), so the logistic leaves it out. Other numbers move with it, entropies above all: everything is shown again for
the accounts of at least 100 posts, by their latest 100.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from botscan.accounts.posts import PostTable
from botscan.features.cadence import POST_FEATURES, cadence_matrix
from botscan.prevalence.intervals import wilson_interval
from botscan.scoring.cadence_rules import CADENCE_RULES, CadenceRule
from botscan.training.bin_table import data_folder
from resumable import RESULTS

NAMES = [feature.name for feature in POST_FEATURES]
#: The label of the source is "bot", given by its author by hand.
LABELLED, PEOPLE = "twitter_indonesia", "instagram_posts"
COLLECTION = "n_posts_seen"
LOGARITHMS = ("posts_per_active_day", "median_gap_hours")
#: Ridge of the standardised coefficients, scikit-learn's default; not tuned.
INVERSE_RIDGE = 1.0
EQUAL_POSTS = 100
N_RESAMPLES, SEED = 2_000, 0
Z = NormalDist().inv_cdf(0.975)


def main() -> None:
    folder = data_folder() / "posts"
    if not (folder / f"{LABELLED}.parquet").exists():
        print(f"skipped: {folder} is not here (set BOTSCAN_DATA)")
        return
    posts, ids, labels = labelled(folder)
    matrix, same = cadence_matrix(posts, ids), cadence_matrix(latest(posts, EQUAL_POSTS), ids)
    has_enough = same[:, NAMES.index(COLLECTION)] == EQUAL_POSTS
    same, labels_same = same[has_enough], labels[has_enough]
    result: dict[str, Any] = {
        "accounts": {**n_of_kinds(labels), "posts": posts.n_posts},
        "accounts_equal_posts": {**n_of_kinds(labels_same), "posts_each": EQUAL_POSTS},
        "features": {name: feature_figures(matrix[:, at], labels) for at, name in enumerate(NAMES)},
        "features_equal_posts": {name: feature_figures(same[:, at], labels_same) for at, name in enumerate(NAMES)},
        "logistic": {
            "all posts, without n_posts_seen": logistic_figures(columns_of(matrix, without=COLLECTION), labels),
            "all posts, with n_posts_seen": logistic_figures(columns_of(matrix), labels),
            f"latest {EQUAL_POSTS} posts": logistic_figures(columns_of(same, without=COLLECTION), labels_same),
        },
        "rules": rule_figures(matrix, labels, people(folder)),
        "cpu": cpu_figures(posts.table),
    }
    print(markdown(result))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "cadence.json").write_text(json.dumps(result, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def labelled(folder: Path) -> tuple[PostTable, Any, Any]:
    """Return the posts, the ids of the accounts in order, and their labels."""
    raw = pq.read_table(folder / f"{LABELLED}.parquet")
    owners = raw.select(["account_id", "label"]).group_by("account_id").aggregate([("label", "max")])
    owners = owners.sort_by("account_id")
    # The ids of posts were rounded by a spreadsheet and would merge what are different posts.
    posts = PostTable.from_frame(raw.select(["account_id", "posted_at", "text"]), platform="twitter")
    return posts, owners["account_id"], owners["label_max"].to_numpy()


def people(folder: Path) -> Any:
    """Return the features of private persons on Instagram, who all count as organic; None where they are absent."""
    path = folder / f"{PEOPLE}.parquet"
    if not path.exists():
        return None
    table = pq.read_table(path, columns=["account_id", "posted_at"])
    return cadence_matrix(as_posts(table), table["account_id"].unique())


def as_posts(table: pa.Table) -> PostTable:
    """Take posts as they are, ids that are no ids of the platform included."""
    one = PostTable.from_frame([{"account_id": "1", "post_id": "1"}], platform="bluesky")
    if "post_id" not in table.column_names:
        table = table.add_column(1, "post_id", pa.nulls(table.num_rows, pa.large_string()))
    return replace(one, table=table, report=counted(one, table))


def latest(posts: PostTable, n: int) -> PostTable:
    """Return the n latest posts of each account that has so many; all others lose theirs."""
    frame = posts.table.to_pandas()
    kept = frame.sort_values("posted_at", kind="stable").groupby("account_id").tail(n)
    table = posts.table.take(pa.array(kept.index[kept.groupby("account_id")["posted_at"].transform("size") == n]))
    return replace(posts, table=table, report=counted(posts, table))


def counted(posts: PostTable, table: pa.Table) -> Any:
    return replace(posts.report, rows_in=table.num_rows, accounts=table.num_rows)


def n_of_kinds(labels: Any) -> dict[str, int]:
    return {"suspicious": int(labels.sum()), "organic": int((1 - labels).sum())}


def feature_figures(values: Any, labels: Any) -> dict[str, Any]:
    known = np.isfinite(values)
    n = [int((known & (labels == label)).sum()) for label in (1, 0)]
    if min(n) < 5:
        return {"n_suspicious": n[0], "n_organic": n[1], "auc": None}
    auc, lower, upper = delong(values[known], labels[known])
    medians = [rounded(np.median(values[known & (labels == label)])) for label in (1, 0)]
    return {
        "n_suspicious": n[0],
        "n_organic": n[1],
        "median_suspicious": medians[0],
        "median_organic": medians[1],
        "auc": rounded(auc),
        "auc_ci": [rounded(lower), rounded(upper)],
    }


def columns_of(matrix: Any, without: str | None = None) -> Any:
    """Return the columns that any account knows; times and rates as logarithms."""
    kept = [at for at, name in enumerate(NAMES) if name != without and np.isfinite(matrix[:, at]).any()]
    chosen = matrix[:, kept].astype(float)
    for place, at in enumerate(kept):
        if NAMES[at] in LOGARITHMS:
            chosen[:, place] = np.log(chosen[:, place] + 1e-3)
    return chosen


def logistic_figures(columns: Any, labels: Any) -> dict[str, Any]:
    scores = np.array([predict(columns, labels, [row])[0] for row in range(len(labels))])
    auc, lower, upper = delong(scores, labels)
    low, high = bootstrap(scores, labels)
    return {
        "n_features": columns.shape[1],
        "auc": rounded(auc),
        "auc_ci_delong": [rounded(lower), rounded(upper)],
        "auc_ci_bootstrap": [rounded(low), rounded(high)],
        "auc_leave_pair_out": rounded(leave_pair_out(columns, labels)),
    }


def predict(columns: Any, labels: Any, left_out: list[int]) -> Any:
    """Fit without the rows left out and return their log-odds; all that is learned comes from the others."""
    from sklearn.linear_model import LogisticRegression

    train = np.setdiff1d(np.arange(len(labels)), left_out)
    median = np.nanmedian(columns[train], axis=0)
    filled = np.where(np.isnan(columns), median, columns)
    mean, spread = filled[train].mean(axis=0), filled[train].std(axis=0)
    scaled = (filled - mean) / np.where(spread > 0, spread, 1)
    # Balanced, so that leaving an account out does not move the intercept against its own class.
    model = LogisticRegression(C=INVERSE_RIDGE, class_weight="balanced").fit(scaled[train], labels[train])
    return model.decision_function(scaled[left_out])


def leave_pair_out(columns: Any, labels: Any) -> float:
    """AUC over all pairs of one account of each kind, both left out (Airola et al. 2011, 10.1016/j.csda.2010.11.018).

    Scores of different fits are never compared, which pulls the AUC of leaving one out down.
    """
    wins = [
        float(np.subtract(*predict(columns, labels, [one, other])) > 0)
        for one in np.flatnonzero(labels == 1)
        for other in np.flatnonzero(labels == 0)
    ]
    return float(np.mean(wins))


def delong(scores: Any, labels: Any) -> tuple[float, float, float]:
    """AUC with the interval of DeLong et al. 1988, 10.2307/2531595, on the logit scale where it is inside (0, 1)."""
    above = scores[labels == 1][:, None] - scores[labels == 0][None, :]
    wins = (above > 0) + 0.5 * (above == 0)
    auc = float(wins.mean())
    variance = wins.mean(axis=1).var(ddof=1) / wins.shape[0] + wins.mean(axis=0).var(ddof=1) / wins.shape[1]
    if not 0 < auc < 1 or variance == 0:
        return auc, auc, auc
    logit, half = np.log(auc / (1 - auc)), Z * np.sqrt(variance) / (auc * (1 - auc))
    return auc, *(float(1 / (1 + np.exp(-edge))) for edge in (logit - half, logit + half))


def bootstrap(scores: Any, labels: Any) -> tuple[float, float]:
    """Percentile interval of the AUC, accounts of each kind drawn with replacement."""
    rng = np.random.Generator(np.random.Philox(SEED))
    kinds = [scores[labels == label] for label in (1, 0)]
    aucs = []
    for _ in range(N_RESAMPLES):
        one, other = (rng.choice(kind, len(kind)) for kind in kinds)
        above = one[:, None] - other[None, :]
        aucs.append(((above > 0) + 0.5 * (above == 0)).mean())
    low, high = np.quantile(aucs, [0.025, 0.975])
    return float(low), float(high)


def rule_figures(matrix: Any, labels: Any, others: Any) -> dict[str, Any]:
    figures = {}
    for rule in CADENCE_RULES:
        figures[rule.name] = {
            "limits": [f"{limit.feature} {limit.bound} {limit.threshold:.3f}" for limit in rule.limits],
            "min_posts": rule.min_posts,
            "threshold_from": rule.basis,
            **found_by(rule, matrix, labels),
            "people": None if others is None else found_among_people(rule, others),
        }
    return figures


def found_by(rule: CadenceRule, matrix: Any, labels: Any) -> dict[str, Any]:
    n_judged = int(sees(rule, matrix).sum())
    if n_judged == 0:
        return {"n_judged": 0}
    held = rule.holds(matrix)
    found, false = int((held & (labels == 1)).sum()), int((held & (labels == 0)).sum())
    return {
        "n_judged": n_judged,
        "held_suspicious": found,
        "held_organic": false,
        "recall": share(found, int((labels == 1).sum())),
        "precision": share(found, found + false),
    }


def found_among_people(rule: CadenceRule, matrix: Any) -> dict[str, Any] | None:
    n_judged, n_held = int(sees(rule, matrix).sum()), int(rule.holds(matrix).sum())
    return {"n_judged": n_judged, "held": n_held, "share": share(n_held, n_judged)} if n_judged else None


def sees(rule: CadenceRule, matrix: Any) -> Any:
    """Whether an account has the posts and the numbers that a rule asks for."""
    columns = [NAMES.index(limit.feature) for limit in rule.limits]
    return np.isfinite(matrix[:, columns]).all(axis=1) & (matrix[:, NAMES.index(COLLECTION)] >= rule.min_posts)


def share(part: int, whole: int) -> dict[str, Any] | None:
    if whole == 0:
        return None
    return {"value": rounded(part / whole), "ci": [rounded(edge) for edge in wilson_interval(part / whole, whole)]}


def cpu_figures(posts: pa.Table, n_posts: int = 1_000_000) -> dict[str, float]:
    """Seconds of one core for a million posts: the same posts again and again, as of other accounts."""
    n_copies = -(-n_posts // posts.num_rows)
    copies = []
    for copy in range(n_copies):
        ids = pa.array([f"{copy}.{one}" for one in posts["account_id"].to_pylist()], pa.large_string())
        copies.append(posts.set_column(0, "account_id", ids))
    many = pa.concat_tables(copies).slice(0, n_posts).combine_chunks()
    many = many.take(pa.array(np.random.Generator(np.random.Philox(SEED)).permutation(n_posts)))
    seconds = {}
    for name, table in (("with texts", many), ("without texts", many.drop_columns(["text"]))):
        holder = as_posts(table)
        ids = table["account_id"].unique()
        runs = []
        for _ in range(3):
            start = time.process_time()
            cadence_matrix(holder, ids)
            runs.append(time.process_time() - start)
        seconds[name] = rounded(min(runs))
    return {"n_posts": n_posts, "n_accounts": len(ids), **seconds}


def rounded(value: float) -> float:
    return round(float(value), 4)


def markdown(result: dict[str, Any]) -> str:
    accounts, equal, cpu = result["accounts"], result["accounts_equal_posts"], result["cpu"]
    lines = [
        (
            f"{accounts['suspicious']} suspicious and {accounts['organic']} organic accounts, {accounts['posts']}"
            f" posts; of at least {equal['posts_each']} posts {equal['suspicious']} and {equal['organic']}."
        ),
        "",
        (
            "| feature | known (suspicious, organic) | medians (suspicious, organic) | AUC (95 %, DeLong)"
            f" | AUC by the latest {equal['posts_each']} posts |"
        ),
        "|---|---|---|---|---|",
    ]
    lines += [feature_line(name, one, result["features_equal_posts"][name]) for name, one in result["features"].items()]
    lines += [
        "",
        "| ridge-logistic | AUC, one left out | DeLong | bootstrap | pairs left out |",
        "|---|---|---|---|---|",
    ]
    for name, one in result["logistic"].items():
        intervals = f"{between(one['auc_ci_delong'])} | {between(one['auc_ci_bootstrap'])}"
        lines.append(f"| {name} | {one['auc']:.2f} | {intervals} | {one['auc_leave_pair_out']:.2f} |")
    lines += [
        "",
        "| rule | judged | suspicious | organic | precision | recall | private persons (Instagram) |",
        "|---|---|---|---|---|---|---|",
        *(rule_line(name, one) for name, one in result["rules"].items()),
        "",
        (
            f"One core, {cpu['n_posts']:,} posts of {cpu['n_accounts']:,} accounts: {cpu['with texts']:.2f} s with"
            f" texts, {cpu['without texts']:.2f} s without."
        ),
    ]
    return "\n".join(lines)


def feature_line(name: str, one: dict[str, Any], equal: dict[str, Any]) -> str:
    if one["auc"] is None:
        return f"| {name} | 0, 0 | | not known | |"
    medians = f"{one['median_suspicious']:.3g}, {one['median_organic']:.3g}"
    known = f"{one['n_suspicious']}, {one['n_organic']}"
    return f"| {name} | {known} | {medians} | {auc_of(one)} | {auc_of(equal)} |"


def auc_of(one: dict[str, Any]) -> str:
    return "-" if one["auc"] is None else f"{one['auc']:.2f} ({between(one['auc_ci'])})"


def rule_line(name: str, one: dict[str, Any]) -> str:
    persons = one["people"]
    told = f"{persons['held']} of {persons['n_judged']}" if persons else "not known"
    if not one["n_judged"]:
        return f"| {name} | 0 | | | | | {told} |"
    precision, recall = (shown(one[key]) for key in ("precision", "recall"))
    counts = " | ".join(str(one[key]) for key in ("n_judged", "held_suspicious", "held_organic"))
    return f"| {name} | {counts} | {precision} | {recall} | {told} |"


def shown(figure: dict[str, Any] | None) -> str:
    return "-" if figure is None else f"{figure['value']:.2f} ({between(figure['ci'])})"


def between(interval: list[float]) -> str:
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


if __name__ == "__main__":
    main()
