"""How the program ends: one message, one exit code, nothing half-written."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from botscan.cli import main
from botscan.cli.main import run
from botscan.errors import FormatError, ModelError, SchemaError

HEADER = "account_id,platform,followers_count,following_count,posts_count\n"
GOOD = HEADER + "1,twitter,5,6,7\n"


def raising(monkeypatch, error):
    """Let the next audit fail with an error."""

    def fail(*_arguments, **_options):
        raise error

    monkeypatch.setattr("botscan.api.audit", fail)


def start(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "botscan", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        **options,
    )


def test_success_is_0_with_the_result_on_stdout_alone(shell):
    outcome = shell("audit", shell.file(GOOD), "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.json["reading"]["accounts"] == 1


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "Usage"),
        (["audit"], "FILE"),
        (["nonsense"], "nonsense"),
        (["audit", "x", "--frame", "some"], "--frame"),
        (["audit", "x", "--language", "fr"], "--language"),
        (["audit", "x", "--population", "0"], "--population"),
        (["audit", "x", "--date-order", "ymd"], "--date-order"),
        (["score", "x"], "-o"),
        (["labels", "size", "--margin", "0.6"], "--margin"),
        (["labels", "sheet", "x", "-o", "y", "-n", "0"], "-n"),
        (["growth", "x"], "growth"),
    ],
)
def test_usage_errors_are_2_and_say_what_is_wrong(shell, arguments, word):
    outcome = shell(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert word in outcome.err


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["audit", "--help"], ["labels", "size", "-h"], ["--version"]]
)
def test_help_is_a_result(shell, arguments):
    outcome = shell(*arguments)
    assert (outcome.code, outcome.err) == (0, "")
    assert "botscan" in outcome.out


@pytest.mark.parametrize("error", [FormatError, SchemaError, ModelError])
def test_every_refusal_is_one_paragraph_on_stderr_and_2(shell, monkeypatch, error):
    raising(monkeypatch, error("Found nothing.", source="list.csv", row=3, column="bio", remedy="Look again."))
    outcome = shell("audit", "list.csv")
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err == "botscan: list.csv, row 3, column 'bio': Found nothing. Look again.\n"


def test_what_a_terminal_would_obey_is_made_visible(shell, monkeypatch):
    raising(monkeypatch, FormatError("Bad\x1b[2J header.", source="a\nb\x07.csv"))
    outcome = shell("audit", "x")
    assert outcome.err == "botscan: a\\x0ab\\x07.csv: Bad\\x1b[2J header.\n"


@pytest.mark.parametrize(
    "error", [KeyError("secret"), RecursionError("secret"), AssertionError("secret"), OverflowError()]
)
def test_a_bug_is_1_in_one_line_without_what_the_data_said(shell, monkeypatch, error):
    raising(monkeypatch, error)
    outcome = shell("audit", "x")
    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert type(error).__name__ in outcome.err
    assert "--debug" in outcome.err
    assert "secret" not in outcome.err


def test_debug_shows_where_and_warns(shell, monkeypatch):
    raising(monkeypatch, KeyError("x"))
    outcome = shell("audit", "x", "--debug")
    assert outcome.code == 1
    assert "Traceback" in outcome.err
    assert "may show file names" in outcome.err


def test_too_little_memory_is_no_bug(shell, monkeypatch):
    raising(monkeypatch, MemoryError())
    outcome = shell("audit", "x")
    assert outcome.code == 2
    assert "memory" in outcome.err


def test_ctrl_c_is_130_and_a_term_signal_143(shell, monkeypatch):
    raising(monkeypatch, KeyboardInterrupt())
    outcome = shell("audit", "x")
    assert outcome.code == 130
    assert outcome.err.strip().startswith("botscan: Interrupted")

    def terminate(*_arguments, **_options):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    monkeypatch.setattr("botscan.api.audit", terminate)
    before = signal.getsignal(signal.SIGTERM)
    outcome = shell("audit", "x")
    assert (outcome.code, outcome.err) == (143, "botscan: Terminated; no file was left half-written.\n")
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_term_signal_that_a_destructor_swallows_ends_with_143(shell, monkeypatch):
    class Swallows:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)

    def drop(*_arguments, **_options):
        Swallows()
        raise SchemaError("nothing to see")

    monkeypatch.setattr("sys.unraisablehook", lambda _: None)
    monkeypatch.setattr("botscan.api.audit", drop)
    assert shell("audit", "x").code == 143


def test_it_runs_outside_the_main_thread(shell):
    codes = []
    path = str(shell.file(GOOD))
    thread = threading.Thread(target=lambda: codes.append(run(["audit", path, "--json"])))
    thread.start()
    thread.join()
    assert codes == [0]


def test_every_verb_has_json_quiet_and_debug():
    def commands(group):
        for command in group.commands.values():
            yield from commands(command) if hasattr(command, "commands") else [command]

    found = list(commands(main.cli))
    assert len(found) == 16
    for command in found:
        options = {word for parameter in command.params for word in parameter.opts}
        assert {"--json", "--quiet", "--debug"} <= options, command.name


def test_verbs_that_read_a_list_take_every_reading_option():
    reading = {
        "--platform", "--format", "--observed-at", "--map", "--encoding", "--date-order", "--tz", "--strict",
        "--allow-empty",
    }  # fmt: skip
    labels = main.cli.commands["labels"].commands
    for command in (
        *(main.cli.commands[name] for name in ("audit", "score", "explain")),
        labels["size"],
        labels["sheet"],
    ):
        assert reading <= {word for parameter in command.params for word in parameter.opts}, command.name
    for command in (main.cli.commands[name] for name in ("audit", "score", "explain")):
        assert "--model" in {word for parameter in command.params for word in parameter.opts}


def test_a_real_process_keeps_result_and_messages_apart(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(GOOD + "2,twitter\n")
    process = start("audit", path, "--strict", "--json", "--html", tmp_path / "a.html")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert out.startswith("{")
    assert out.rstrip().endswith("}")
    assert "a.html" in err
    assert "--strict" in err


def test_a_reader_that_leaves_early_is_no_error(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(GOOD)
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [sys.executable, "-m", "botscan", "audit", str(path)],
        check=False,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    os.close(write)
    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_device_is_said_and_2(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(GOOD)
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            [sys.executable, "-m", "botscan", "audit", str(path), "--json"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert process.returncode == 2
    assert "could not be printed" in process.stderr
    assert "Traceback" not in process.stderr


def test_a_term_signal_while_scoring_leaves_no_trace(tmp_path):
    path, target = tmp_path / "list.csv", tmp_path / "out.csv"
    with path.open("w") as file:
        file.write(HEADER)
        file.writelines(f"{n},twitter,5,6,7\n" for n in range(1, 2_500_000))
    target.write_text("old")
    process = start("score", path, "-o", target)
    deadline = 60
    while not list(tmp_path.glob(".botscan-*.tmp")) and process.poll() is None and deadline > 0:
        time.sleep(0.05)
        deadline -= 0.05
    time.sleep(0.05)  # so that the file is being written, and not just made
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 143
    assert err == "botscan: Terminated; no file was left half-written.\n"
    assert target.read_text() == "old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["list.csv", "out.csv"]


def test_closed_standard_input_is_refused(monkeypatch, shell):
    monkeypatch.setattr(sys, "stdin", None)
    outcome = shell("audit", "-")
    assert outcome.code == 2
    assert "standard input: There is none to read" in outcome.err
