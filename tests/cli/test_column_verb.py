"""botscan columns."""

from botscan.schema import ACCOUNT_COLUMNS, PLATFORMS


def test_every_canonical_column_has_its_line_with_unit_and_meaning(shell):
    lines = shell("columns").out.splitlines()
    assert len(lines) == len(ACCOUNT_COLUMNS)
    for line, column in zip(lines, ACCOUNT_COLUMNS, strict=True):
        assert line.split()[0] == column.name
        assert column.meaning in line
        assert column.unit in line


def test_a_platform_marks_what_its_score_reads(shell):
    marked = {line.split()[1] for line in shell("columns", "instagram").out.splitlines() if line.startswith("* ")}
    assert {"followers_count", "handle_digit_ratio", "bio_length"} <= marked
    assert "created_at" not in marked
    found = shell("columns", "twitter", "--json").json
    assert found["platform"] == "twitter"
    assert {row["name"] for row in found["columns"]} == {column.name for column in ACCOUNT_COLUMNS}


def test_an_unknown_platform_is_refused_with_those_known(shell):
    outcome = shell("columns", "myspace")
    assert (outcome.code, outcome.out) == (2, "")
    assert all(name in outcome.err for name in PLATFORMS)


def test_an_unknown_platform_is_refused_with_those_there_are(shell):
    outcome = shell("columns", "instagrm")
    assert outcome.code == 2
    assert outcome.err.startswith("botscan: The platform 'instagrm' is not known. Did you mean instagram?")
