"""botscan train: a model for users' own labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from botscan.cli.options import (
    FILE,
    ListOptions,
    OutputOptions,
    as_typed,
    language_option,
    list_options,
    output_options,
)

if TYPE_CHECKING:
    from botscan.training.own_labels import TrainedModel


@click.command(short_help="Train a model on lists that you labelled.")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="LABELED...")
@click.option("-o", "--output", "target", type=FILE, metavar="DIR", help="Folder of the model; absent or empty.")
@click.option(
    "--labels",
    "sheets",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Filled label sheet, where it stands apart from its list; once for each list, in the same order.",
)
@click.option("--name", default="own-labels", show_default=True, help="Name of the model in results.")
@click.option("--restart", is_flag=True, help="Replace the model that stands in the folder.")
@click.option("--dry-run", is_flag=True, help="Measure only; write nothing.")
@list_options
@language_option
@output_options
def train(
    *,
    files: tuple[str, ...],
    target: str | None,
    sheets: tuple[str, ...],
    name: str,
    restart: bool,
    dry_run: bool,
    how: ListOptions,
    language: str,
    output: OutputOptions,
) -> int:
    """Train a model on labelled lists of one platform, and write it where it holds on sources it never saw.

    Each list has a column account_id, and is_suspicious or rater_1, rater_2, ... holding yes, no or unsure. A list is
    one source, unless a column source names others. Each source is left out once; a model that fails a gate is not
    written, and nothing makes it written: exit code 2.
    """
    if target is None and not dry_run:
        raise click.UsageError("Name the folder of the model: -o DIR. To look at the measures alone: --dry-run.")
    from botscan import api
    from botscan.training.gates import ModelRefused

    with output.working("Reading, training and measuring"):
        try:
            trained = api.train_model(
                list(files),
                None if dry_run else target,
                labels=list(sheets) or None,
                name=name,
                restart=restart,
                **how.reading,
            )
            refused = ModelRefused(trained) if trained.is_refused else None
        except ModelRefused as error:
            trained, refused = error.trained, error
    written = None if dry_run or refused is not None else target
    _print(trained, written, language, output)
    if refused is not None:
        raise refused
    return how.exit_code(trained.labels.rows_rejected)


def _print(trained: TrainedModel, written: str | None, language: str, output: OutputOptions) -> None:
    """Print measures and gates, and where the model stands."""
    from botscan import api
    from botscan.wording import for_terminal, say

    sha256 = None if written is None else api.load_model(written).sha256
    if output.as_json:
        output.print_json({**trained.to_dict(), "output": written, "sha256": sha256})
        return
    click.echo(trained.to_text(language))
    if written is None or sha256 is None:
        click.echo(say("train_not_written", language))
        return
    click.echo(say("train_written", language, path=for_terminal(written, None), digest=sha256[:12]))
    click.echo(say("train_next", language, path=as_typed([written])))
