"""The verbs together, and what an end of the program looks like: one message, one exit code."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

import click

from botscan.cli.audit_verbs import audit, demo
from botscan.cli.blocks_verb import blocks
from botscan.cli.column_verb import columns
from botscan.cli.comparison_verb import compare_audits
from botscan.cli.key_verb import key
from botscan.cli.label_verbs import labels
from botscan.cli.rule_verbs import rules
from botscan.cli.score_verbs import explain, score
from botscan.cli.scoreboard_verb import scoreboard
from botscan.cli.train_verb import train
from botscan.errors import BotscanError
from botscan.version import BOTSCAN_VERSION

OK, INTERNAL, REFUSED, REJECTED, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143


class Terminated(BaseException):
    """SIGTERM arrived; not an Exception, so that nothing swallows it on the way out."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(BOTSCAN_VERSION, prog_name="botscan", message="%(prog)s %(version)s")
def cli() -> None:
    """Say how many of these followers are real, with an interval, from the follower list you already hold.

    Works offline. The result goes to standard output, messages go to standard error.
    """


for _verb in (audit, score, explain, rules, blocks, labels, train, scoreboard, columns, compare_audits, key, demo):
    cli.add_command(_verb)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing but this function decides what an error looks like.

    Returns
    -------
    exit_code
        0 ok, 1 internal error, 2 usage or input refused, 3 finished but rows were rejected under --strict,
        130 interrupted, 143 terminated.
    """
    # The process is ours: keep Arrow from reserving a gigabyte of address space. Read when Arrow is first loaded.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    debug = "--debug" in arguments
    with _terminable() as has_arrived:
        code = _outcome(arguments, debug=debug)
        # A signal may be raised where exceptions are dropped, in a destructor for instance.
        if code == TERMINATED or has_arrived():
            _say("Terminated; no file was left half-written.")
            return TERMINATED
        return code


def _outcome(arguments: Sequence[str], *, debug: bool) -> int:
    """Run one command line, say what went wrong, and return the exit code."""
    try:
        with _printable_streams():
            code = cli.main(list(arguments), prog_name="botscan", standalone_mode=False)
            sys.stdout.flush()
        return code if isinstance(code, int) else OK
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return REFUSED
    except (click.Abort, KeyboardInterrupt):
        _say("Interrupted; no file was left half-written.")
        return INTERRUPTED
    except Terminated:
        return TERMINATED
    except (BrokenPipeError, SystemExit):
        # Whoever read the output has left; click answers that with SystemExit. It is how `| head` ends.
        _close_stdout()
        return OK
    except BotscanError as error:
        _explain(_paragraph(error), debug=debug)
        return REFUSED
    except MemoryError:
        _explain("There is not enough memory for this input. Split the list, or use a larger machine.", debug=debug)
        return REFUSED
    except OSError as error:
        # Files are opened below, with typed errors; what is left is standard output.
        _explain(f"The result could not be printed: {error.strerror or type(error).__name__}.", debug=debug)
        _close_stdout()
        return REFUSED
    except Exception as error:  # noqa: BLE001  the last resort: one line instead of a traceback
        hint = "" if debug else " Run again with --debug to see where."
        _explain(f"Internal error ({type(error).__name__}); this is a bug of botscan.{hint}", debug=debug)
        return INTERNAL


def _explain(message: str, *, debug: bool) -> None:
    """Print an error; with --debug where it arose, without the values of variables."""
    _say(message)
    if debug:
        import traceback

        _say("what follows may show file names and header names.\n" + traceback.format_exc().rstrip())


def _paragraph(error: BotscanError) -> str:
    """Return the message of an error, with everything in it that a terminal would obey made visible."""
    from botscan.wording import for_terminal

    text = str(error)
    if error.source:
        text = text.replace(error.source, for_terminal(error.source, None), 1)
    return "\n".join(for_terminal(line, None) for line in text.split("\n"))


def _say(message: str) -> None:
    """Print to standard error; a closed one is no further error."""
    with suppress(OSError):
        click.echo(f"botscan: {message}", err=True)


@contextmanager
def _terminable() -> Iterator[Callable[[], bool]]:
    """Turn SIGTERM into an exception, so that half-written files are removed on the way out; yield whether it came."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return

    arrived = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal arrived
        arrived = True
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield lambda: arrived
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _printable_streams() -> Iterator[None]:
    """Let no character that the terminal's encoding lacks end the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    yield


def _close_stdout() -> None:
    """Point standard output nowhere, so that the interpreter's last flush does not complain."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
