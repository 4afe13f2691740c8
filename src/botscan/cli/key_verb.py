"""botscan key: a key that turns account ids into pseudonyms."""

from __future__ import annotations

import click

from botscan.cli.options import FILE, OutputOptions, output_options


@click.command(short_help="Make a key for pseudonyms.")
@click.argument("target", type=FILE, metavar="OUT")
@output_options
def key(target: str, output: OutputOptions) -> int:
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
