"""What the source never does, read from its syntax tree: no clock, no network, no code from data, no stray output."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "botscan"
MODULES = sorted(SOURCE.rglob("*.py"))

NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket",
    "socketserver", "ssl", "telnetlib", "urllib.request", "urllib3", "webbrowser", "xmlrpc",
}  # fmt: skip
CODE_FROM_DATA = {
    "cloudpickle", "code", "dill", "importlib.machinery", "importlib.util", "joblib", "marshal", "pickle", "runpy", "shelve", "skops",
    "subprocess", "xml", "yaml",
}  # fmt: skip
#: Calls that run text as code, or load what may hold code.
RUNNING = {"import_module", "eval", "exec", "compile", "__import__", "execfile", "breakpoint", "input"}
CLOCK = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "time_ns"), ("time", "monotonic"), ("time", "perf_counter"), ("time", "localtime"), ("time", "gmtime"),
    ("time", "strftime"), ("Timestamp", "now"), ("Timestamp", "today"), ("Timestamp", "utcnow"),
}  # fmt: skip
GLOBAL_STATE = {
    ("warnings", "filterwarnings"), ("warnings", "simplefilter"), ("np", "seterr"), ("numpy", "seterr"),
    ("locale", "setlocale"), ("os", "chdir"), ("os", "umask"), ("os", "putenv"), ("random", "seed"),
    ("socket", "setdefaulttimeout"), ("np.random", "seed"), ("sys", "setrecursionlimit"),
}  # fmt: skip


def imported(tree):
    """Yield the full name of every imported module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(tree):
    """Yield (owner, name, node) of every call; owner is '' for a bare name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield "", node.func.id, node
            elif isinstance(node.func, ast.Attribute):
                yield ast.unparse(node.func.value), node.func.attr, node


def sins(text):
    """Return what a module does that no module may do."""
    tree = ast.parse(text)
    found = set()
    for name in imported(tree):
        parts = name.split(".")
        prefixes = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
        found |= {("import", prefix) for prefix in prefixes & (NETWORK | CODE_FROM_DATA)}
    for owner, name, node in calls(tree):
        last = owner.rsplit(".", 1)[-1]
        if owner in {"", "builtins", "importlib"} and name in RUNNING:
            found.add(("call", name))
        if (last, name) in CLOCK:
            found.add(("clock", f"{last}.{name}"))
        if (owner, name) in GLOBAL_STATE:
            found.add(("global state", f"{owner}.{name}"))
        if not owner and name == "print":
            found.add(("output", "print"))
        if (owner, name) in {("sys", "exit"), ("os", "_exit"), ("", "exit"), ("", "quit")}:
            found.add(("exit", name))
        if owner in {"sys.stdout", "sys.stderr"} and name == "write":
            found.add(("output", owner))
        if owner in {"np", "numpy"} and name == "load":
            safe = any(word.arg == "allow_pickle" and ast.unparse(word.value) == "False" for word in node.keywords)
            found |= set() if safe else {("call", "np.load with pickle")}
        if name == "__subclasses__":
            found.add(("call", name))
    if any(isinstance(node, ast.Global) for node in ast.walk(tree)):
        found.add(("global state", "global"))
    return found


def joblib_names(path):
    names = imported(ast.parse(path.read_text(encoding="utf-8")))
    return {name for name in names if name.split(".")[0] == "joblib"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_module_reads_the_clock_the_network_or_code_and_only_the_command_line_speaks(path):
    place = path.relative_to(SOURCE).as_posix()
    found = sins(path.read_text(encoding="utf-8"))
    if place == "__main__.py":
        found.discard(("exit", "exit"))
    if place == "readers/tables/workbook_xml.py":
        found.discard(("import", "xml"))  # sheets of a workbook; expat alone, and documents with a DOCTYPE are refused
    if place == "power/simulate.py" and joblib_names(path) == {"joblib", "joblib.Parallel", "joblib.delayed"}:
        found.discard(("import", "joblib"))  # processes alone: nothing is loaded from a file
    if place.startswith("training/"):
        found.discard(("output", "print"))  # `make model` is a command too
    assert not found, f"{place}: {sorted(found)}"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import socket", "socket"),
        ("def f():\n    from urllib import request", "urllib.request"),
        ("import pickle as p", "pickle"),
        ("from joblib import load", "joblib"),
        ("eval('1')", "eval"),
        ("import importlib\nimportlib.import_module('x')", "import_module"),
        ("from datetime import datetime\ndatetime.now()", "datetime.now"),
        ("import datetime as d\nd.datetime.now(d.UTC)", "datetime.now"),
        ("import time\ntime.time()", "time.time"),
        ("import pandas as pd\npd.Timestamp.now()", "Timestamp.now"),
        ("import numpy as np\nnp.load('x.npy')", "np.load with pickle"),
        ("import numpy as np\nnp.load('x.npy', allow_pickle=True)", "np.load with pickle"),
        ("print(1)", "print"),
        ("import sys\nsys.exit(1)", "exit"),
        ("import warnings\nwarnings.filterwarnings('ignore')", "warnings.filterwarnings"),
        ("def f():\n    global x", "global"),
    ],
)
def test_the_walker_sees_what_it_should(text, what):
    assert what in {name for _, name in sins(text)}


def test_the_walker_lets_harmless_code_pass():
    harmless = "from urllib.parse import quote\nimport numpy as np\nnp.load('x.npy', allow_pickle=False)\nx.load(1)"
    assert sins(harmless) == set()


def test_the_walker_looked_at_the_whole_tree():
    assert len(MODULES) > 50
    assert SOURCE / "__init__.py" in MODULES
