"""What is said of power: from which size a purchase is seen, up to which nothing can be told; in both languages."""

import json

import numpy as np
import pytest

from botscan.notes import Note
from botscan.power import PurchasePower, SizePower


def size(share, power, n_ordered=20_000):
    detected = round(50 * power)
    return SizePower(
        share, round(share * n_ordered), 50, detected, power, max(power - 0.1, 0), min(power + 0.05, 1), 0.8
    )


def power_of(*sizes, kind="batch", days=2.0, spread_share=None, notes=()):
    return PurchasePower(sizes, kind, days, spread_share, 20_000, ("high_scores", "creation_band"), 0.95, notes)


USUAL = power_of(size(0.002, 0.06), size(0.004, 0.2), size(0.01, 0.6), size(0.02, 0.94), size(0.05, 1.0))


def test_from_which_size_it_is_seen_and_up_to_which_it_is_not():
    assert USUAL.seen_from.share == 0.02
    assert USUAL.unseen_up_to.share == 0.004
    data = json.loads(USUAL.to_json())
    assert (data["seen_from_share"], data["unseen_up_to_share"]) == (0.02, 0.004)
    assert data["sizes"][3]["power"] == 0.94


def test_a_size_that_is_seen_counts_only_where_all_larger_ones_are_seen():
    power = power_of(size(0.01, 0.92), size(0.02, 0.88), size(0.05, 0.9))
    assert power.seen_from.share == 0.05
    assert power_of(size(0.01, 0.95), size(0.02, 0.5)).seen_from is None
    assert power_of(size(0.01, 0.3), size(0.02, 0.1)).unseen_up_to is None


def test_in_words():
    assert USUAL.in_words() == (
        "In this list a purchase of 2 % (400 accounts) within 2 days would be seen in 94 % of cases"
        " (range 84 % to 99 %). Of one of 0.4 % (80 accounts) or less we could not tell."
    )
    assert USUAL.in_words("id") == (
        "Dalam daftar ini, pembelian sebesar 2 % (400 akun) dalam 2 hari akan terlihat pada 94 % percobaan"
        " (rentang 84 % sampai 99 %). Tentang pembelian sebesar 0,4 % (80 akun) atau kurang, kami tidak dapat"
        " mengatakannya."
    )


def test_where_nothing_is_seen_reliably_the_largest_size_is_told():
    power = power_of(size(0.002, 0.0), size(0.05, 0.4), kind="aged")
    assert power.in_words().startswith(
        "In this list none of the purchases tried would be seen reliably: the largest, 5 %"
    )
    assert power.in_words().endswith("Of one of 0.2 % (40 accounts) or less we could not tell.")
    assert "tidak satu pun" in power.in_words("id")


@pytest.mark.parametrize(
    ("power", "ending"), [(1.0, "(range 90 % to 100 %)."), (0.5, "(range 40 % to 55 %)."), (0.1, "of such a purchase.")]
)
def test_of_one_size_that_size_is_told(power, ending):
    told = power_of(size(0.01, power)).in_words()
    assert "a purchase of 1 % (200 accounts) within 2 days would be seen in" in told
    assert told.endswith(ending)


@pytest.mark.parametrize(
    ("days", "english", "indonesian"),
    [(1.0, "1 day", "1 hari"), (90.0, "90 days", "90 hari"), (1.5, "1.50 days", "1,50")],
)
def test_days_in_words(days, english, indonesian):
    power = power_of(size(0.01, 1.0), days=days)
    assert power.delivery_in_words() == f"within {english}"
    assert indonesian in power.delivery_in_words("id")


def test_places_in_words():
    power = power_of(size(0.01, 1.0), spread_share=0.06)
    assert "(200 accounts) spread over 6 % of the follow order would" in power.in_words()
    assert "6 % dari urutan" in power.in_words("id")


@pytest.mark.parametrize(
    ("share", "told"), [(0.00615, "0.6 %"), (0.0123, "1.2 %"), (0.2, "20 %"), (0.0000123, "0.0012 %"), (1.0, "100 %")]
)
def test_shares_have_as_few_digits_as_tell_them(share, told):
    assert f"of {told} (" in power_of(size(share, 1.0)).in_words()


@pytest.mark.parametrize("language", ["en", "id"])
def test_without_sizes_the_reason_is_told(language):
    power = power_of(notes=(Note("power_nothing_known"),))
    assert power.seen_from is None
    assert power.unseen_up_to is None
    reason = power.in_words(language)
    assert reason
    assert power.to_text(language).count("\n") >= 2
    assert len(power.to_frame()) == 0


@pytest.mark.parametrize("kind", ["batch", "drip", "aged"])
@pytest.mark.parametrize("language", ["en", "id"])
def test_every_surface_shows_every_size(kind, language):
    notes = (
        Note("power_of_such_accounts"),
        Note("power_further_purchase", count=2),
        Note("power_families", count=6),
        Note("power_differs_by_family", numbers={"n_bought": 400, "lowest": 0.0, "highest": 1.0}),
        Note("power_without_scores"),
        Note("power_without_times", numbers={"days": 1_500}),
        Note("power_without_dates"),
        Note("power_spread_cut", numbers={"days": 12.5}),
    )
    text = power_of(*USUAL.sizes, kind=kind, notes=notes).to_markdown(language).replace("\\", "")
    assert len(text.splitlines()) == 4 + 2 + 5 + 2 + len(notes)
    assert "94 %" in text


def test_a_row_a_size():
    sizes = (*USUAL.sizes, SizePower(0.1, 2_000, 50, 0, 0.0, 0.0, 0.07, None))
    frame = power_of(*sizes).to_frame()
    assert list(frame["n_bought"]) == [40, 80, 200, 400, 1_000, 2_000]
    assert frame["excess_share"].dtype == np.float64
    assert np.isnan(frame["excess_share"].iloc[-1])
    assert list(frame.columns)[:2] == ["share", "n_bought"]
