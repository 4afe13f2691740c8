"""What an import pulls in, seen from a fresh interpreter."""

import json
import subprocess
import sys

import pytest

HEAVY = ("pyarrow", "numpy", "pandas", "sklearn", "scipy", "matplotlib", "jinja2", "rich", "polars", "orjson", "joblib")
#: What scoring and auditing never need.
NEVER_TO_AUDIT = ("sklearn", "scipy.stats", "matplotlib", "polars", "joblib")


def modules_after(code, *arguments):
    """Run code in a fresh interpreter and return the names of the modules it loaded."""
    script = f"import sys\n{code}\nprint('\\n' + '#'.join(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stdout.rsplit("\n", 2)[-2].split("#"))


def loaded(modules, names):
    return sorted(name for name in names if name in modules)


def test_import_botscan_loads_no_library_at_all():
    modules = modules_after("import botscan")
    assert not loaded(modules, HEAVY)
    assert sorted(name for name in modules if name.startswith("botscan")) == ["botscan", "botscan.version"]


def test_import_botscan_adds_few_modules_beside_those_of_the_bare_interpreter():
    extra = modules_after("import botscan") - modules_after("pass")
    assert len(extra) < 40, sorted(extra)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["audit", "--help"],
        ["score", "--help"],
        ["labels", "sheet", "--help"],
        ["audit"],
        ["audit", "list.csv", "--frame", "some"],
        ["nonsense"],
        ["score", "list.csv", "-o", "x.csv", "--resume"],
    ],
    ids=" ".join,
)
def test_help_and_usage_errors_load_no_heavy_library(arguments):
    code = f"from botscan.cli.main import run\nrun({json.dumps(arguments)})"
    assert not loaded(modules_after(code), HEAVY)


def test_scoring_and_auditing_load_neither_scikit_learn_nor_scipy_stats_nor_matplotlib():
    code = (
        "import botscan as bs\n"
        "audience = bs.make_audience(n=50)\n"
        "bs.audit(audience.accounts)\n"
        "bs.plan_sample_size(0.05)"
    )
    assert not loaded(modules_after(code), NEVER_TO_AUDIT)


def test_an_audit_at_the_command_line_loads_no_more_than_it_needs(tmp_path):
    # pandas is loaded by Arrow itself, whenever it makes an array of Python objects.
    path = tmp_path / "list.csv"
    path.write_text("account_id,platform,followers_count,following_count,posts_count\n1,twitter,5,6,7\n")
    code = "from botscan.cli.main import run\nassert run(['audit', sys.argv[1], '--json']) == 0"
    assert not loaded(modules_after(code, str(path)), (*NEVER_TO_AUDIT, "jinja2", "rich"))


def test_rooms_of_the_same_name_as_a_public_function_do_not_hide_it():
    code = (
        "import botscan.audit, botscan.report, botscan.labels\n"
        "import botscan as bs\n"
        "assert callable(bs.audit), bs.audit\n"
        "import botscan.api\n"
        "assert callable(bs.audit) and bs.audit is botscan.api.audit\n"
        "from botscan import audit\n"
        "assert callable(audit)\n"
        "from botscan.audit import Audit\n"
        "assert Audit is bs.Audit"
    )
    modules_after(code)
