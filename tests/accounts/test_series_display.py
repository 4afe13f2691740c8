"""How a series of counts shows itself; skipped where the catalogues do not hold its sentences."""

import pytest

from botscan.accounts.series import CountSeries
from botscan.wording import has_words

pytestmark = pytest.mark.skipif(not has_words("series_title"), reason="the catalogues lack the sentences of series")


def series(*rows):
    names = ("counted_at", "followers_count", "followers_gained", "handle")
    listed = [{name: value for name, value in zip(names, row, strict=False) if value != ""} for row in rows]
    return CountSeries.from_frame(listed, platform="instagram", source="pengikut.csv")


ONE = (
    ("1 Mei 2024", "25.110", "+70"), ("2 Mei 2024", "25.180", "+70"), ("2 Mei 2024", "0", ""), ("3 Mei 2024", "27,9 rb", "+9"),
    ("4 Mei 2024", "28 rb", "+5 rb"), ("9 Mei 2024", "28.100", ""), ("kapan", "28.100", ""), ("10 Mei 2024", "", ""),
)  # fmt: skip


def test_text_in_english():
    shown = str(series(*ONE))
    assert shown.startswith("Followers over time\n")
    for label, value in (
        ("List", "pengikut.csv"), ("Platform", "instagram"), ("Counts", "5"), ("What is counted", "followers"),
        ("First", "25,110 on 1 May 2024"), ("Last", "28,100 on 9 May 2024"), ("no date", "1"), ("no count", "1"),
    ):  # fmt: skip
        assert f"  {label:15}  {value}\n" in shown
    joined = " ".join(shown.split())
    assert "1 count was followed by a later one on the same day" in joined
    assert "1 count of 0 stands between counts above 0" in joined
    assert "Counts are missing in 1 place; the longest step from one count to the next is 5 days." in joined
    assert "followers_count: 2 numbers are rounded in the source, by up to 500 either way." in joined
    assert "5 dates name no time of day" in joined
    assert "1 change that the source states is not the difference" in joined


def test_text_in_indonesian():
    shown = series(*ONE).to_text("id")
    assert shown.startswith("Pengikut dari waktu ke waktu\n")
    assert "25.110 pada 1 Mei 2024" in shown
    assert "Ada 1 celah tanpa angka" in shown


def test_changes_only():
    shown = str(series(("2024-05-01", "", "-12"), ("2024-05-02", "", "5")))
    assert "gains and losses of followers" in shown
    assert "-12 on 1 May 2024" in shown
    assert "For 2 dates only the change is known" in shown


def test_several_accounts_are_not_named():
    shown = str(series(("2024-05-01", "5", "", "ani"), ("2024-05-02", "", "5", "budi")))
    assert "followers of some accounts, gains and losses of the others" in shown
    assert "  Accounts         2\n" in shown
    assert "  Last             2 May 2024\n" in shown
    assert "ani" not in shown
    assert "budi" not in shown


@pytest.mark.parametrize("found", [series(*ONE), series(), series(("2024-05-01", "5", "", "ani"))])
def test_every_surface_shows_every_row(found):
    for language in ("en", "id"):
        assert found.to_markdown(language).count("\n|") == len(found._rows(language)) + 2
    assert "<table>" in found._repr_html_()
    assert found.__rich__().row_count == len(found._rows("en"))
