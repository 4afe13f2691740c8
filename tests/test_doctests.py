"""Every example in a docstring of src/botscan runs."""

import doctest
import importlib
import pkgutil

import pytest

import botscan

MODULES = [
    module.name
    for module in pkgutil.walk_packages(botscan.__path__, "botscan.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
