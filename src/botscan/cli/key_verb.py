"""botscan key: a key, and the pseudonyms that it gives to accounts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import click

from botscan.cli.options import FILE, OutputOptions, output_options


@click.group(short_help="Name accounts by pseudonyms that only a key can find again.")
def key() -> None:
    """Name accounts by pseudonyms, so that an allow list need not store who they are."""


@key.command(short_help="Make a key for pseudonyms.")
@click.argument("target", type=FILE, metavar="OUT")
@output_options
def make(target: str, output: OutputOptions) -> int:
    """Make a new key and write it to OUT, which only its owner can read; a key is never written over.

    With a key, an allow list can name accounts by pseudonyms. Keep the key apart from them, and keep a copy.
    """
    from botscan import api
    from botscan.wording import for_terminal, say

    api.make_key(target)
    if output.as_json:
        output.print_json({"key": target})
    else:
        click.echo(say("cli_key_written", path=for_terminal(target, None)))
    return 0


@key.command(short_help="Give accounts their pseudonyms under a key.")
@click.argument("source", type=FILE, metavar="KEYFILE")
@click.argument("accounts", nargs=-1, required=True, metavar="ACCOUNT...")
@click.option("--platform", metavar="NAME", required=True, help="Platform of the lists to find them in.")
@output_options
def name(*, source: str, accounts: tuple[str, ...], platform: str, output: OutputOptions) -> int:
    """Print one pseudonym a line for each ACCOUNT, an id or a @handle; a file of these lines is an allow list.

    Give - as the ACCOUNT to read them from standard input, one a line: a shell keeps what is typed in its history.
    """
    from botscan.labels.named_accounts import make_pseudonyms

    pseudonyms = make_pseudonyms(list(_named(accounts)), source, platform)
    if output.as_json:
        output.print_json({"pseudonyms": pseudonyms})
    else:
        for pseudonym in pseudonyms:
            click.echo(pseudonym)
    return 0


def _named(accounts: Sequence[str]) -> Iterator[str]:
    """Yield accounts as they were typed, or the lines of standard input."""
    for account in accounts:
        if account == "-":
            yield from (line for line in sys.stdin or () if line.strip())
        else:
            yield account
