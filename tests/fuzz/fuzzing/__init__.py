"""Mutated files for every reader, each made from a name and a number, and what must hold for whatever is read."""
