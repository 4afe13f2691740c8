import copy
import pickle

import pytest

from botscan.notes import Note


def test_absent_parts_are_left_out():
    assert Note("a").to_dict() == {"code": "a"}
    assert Note("a", count=0).to_dict() == {"code": "a", "count": 0}


def test_numbers_cannot_be_changed_from_outside():
    numbers = {"n": 1}
    note = Note("a", numbers=numbers)
    numbers["n"] = 2
    assert note.numbers["n"] == 1
    with pytest.raises(TypeError):
        note.numbers["n"] = 3


def test_notes_travel_between_processes():
    note = Note("a", "created_at", 3, {"n": 1})
    assert pickle.loads(pickle.dumps(note)) == note == copy.deepcopy(note)
