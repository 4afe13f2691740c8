"""Run the command line inside the test process and look at what came out."""

import json
from dataclasses import dataclass

import pytest

from botscan.cli.main import run


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out, parse_constant=lambda word: 1 / 0)

    @property
    def reading(self):
        return self.json["reading"]

    @property
    def warnings(self):
        """Code (and column where there is one) -> count."""
        return {
            (one["code"], one["column"]) if one["column"] else one["code"]: one["count"]
            for one in self.json["warnings"]
        }


class Shell:
    """``shell("audit", path)`` runs a command; ``shell.audit(content)`` writes a file and audits it as JSON."""

    def __init__(self, folder, capfd):
        self.folder = folder
        self._capfd = capfd
        self._made = 0

    def __call__(self, *arguments):
        self._capfd.readouterr()
        code = run([str(one) for one in arguments])
        return Outcome(code, *self._capfd.readouterr())

    def file(self, content, name=None):
        self._made += 1
        path = self.folder / (name or f"list_{self._made}.txt")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def audit(self, content, *options, platform="twitter"):
        wanted = ["--platform", platform] if platform else []
        outcome = self("audit", self.file(content), "--json", *wanted, *options)
        self.check_accounting(outcome)
        return outcome

    def score(self, content, *options, platform="twitter"):
        """Score as JSON Lines; returns the outcome and the rows."""
        target = self.folder / "scores.jsonl"
        wanted = ["--platform", platform] if platform else []
        outcome = self("score", self.file(content), "-o", target, *wanted, *options)
        return outcome, [json.loads(line) for line in target.read_text().splitlines()]

    @staticmethod
    def check_accounting(outcome):
        assert "Traceback" not in outcome.err
        if outcome.code == 2:
            assert outcome.out == ""
            assert outcome.err.startswith("botscan: ")
            return
        reading = outcome.reading
        assert reading["rows_in"] == reading["accounts"] + reading["duplicates_merged"] + reading["rows_rejected"]
        assert reading["rows_rejected"] == sum(reading["reject_reasons"].values())


@pytest.fixture
def shell(tmp_path, capfd):
    return Shell(tmp_path, capfd)
