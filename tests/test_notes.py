import copy
import pickle

import pytest

from botscan.notes import Note, once_each


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


def test_equal_notes_have_equal_hashes():
    note = Note("a", "created_at", 3, {"n": 1, "of": "b"})
    assert hash(note) == hash(Note("a", "created_at", 3, {"of": "b", "n": 1.0}))
    others = {
        Note("b", "created_at", 3, {"n": 1, "of": "b"}),
        Note("a", None, 3),
        Note("a", "created_at", 4),
        Note("a"),
    }
    assert note not in others
    assert len({note, *others}) == 5
    assert once_each([note, Note("a"), copy.deepcopy(note)]) == (note, Note("a"))
