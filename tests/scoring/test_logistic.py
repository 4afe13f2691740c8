import math

import numpy as np

from botscan.scoring.logistic import logistic_table


def test_it_is_the_logistic_function():
    table = logistic_table(-400, 400)
    naive = np.array([1.0 / (1.0 + math.exp(-step / 20)) for step in range(-400, 401)])
    np.testing.assert_allclose(table, naive, rtol=1e-14)


def test_it_rises_strictly_between_zero_and_one_and_is_symmetric():
    table = logistic_table(-300, 300)
    assert np.all(np.diff(table) > 0)
    assert table[0] > 0
    assert table[-1] < 1
    assert table[300] == 0.5
    np.testing.assert_allclose(table + table[::-1], 1.0, rtol=0, atol=2e-16)


def test_a_part_of_the_range_gives_the_same_bits():
    assert np.array_equal(logistic_table(-20, 20), logistic_table(-100, 50)[80:121])


def test_known_bits():
    # Worked out to 60 digits and rounded; a processor's exp may differ in the last bit.
    assert logistic_table(1, 1)[0].hex() == "0x1.06660f0a5ea1ep-1"
    assert logistic_table(39, 39)[0].hex() == "0x1.c03a8acff4c5fp-1"
