"""Records out of objects: pages unpacked, reasons kept, columns of the right kind, batches of one size."""

from botscan.readers.format import Field, RecordMap, Unpacked, at
from botscan.readers.formats import FORMAT, GENERIC
from botscan.readers.objects.record_taker import RecordTaker
from botscan.readers.words.headers import make_vocabulary

V1 = FORMAT["twitter_v1"]


def taker_of(records=GENERIC.accounts, **asked):
    return RecordTaker(records, make_vocabulary("accounts", records), asked)


def batches(taker, size=100):
    return [*taker.full_batches(size), *taker.last_batch()]


def page(**changes):
    """A map of pages that say what the test wants them to say."""

    def unpack(value):
        return Unpacked(value["rows"], **{**changes, **value.get("says", {})}) if "rows" in value else None

    return RecordMap(unpack=unpack, fields=(Field("account_id", at("id")), Field("followers_count", at("n"))))


def test_objects_become_columns_under_their_own_keys_and_nothing_is_made_up():
    taker = taker_of()
    taker.add({"id": 2**64 + 1, "followers": 0, "colour": "red"}, 1)
    taker.add({"username": "ani"}, 2)
    [batch] = batches(taker)
    assert batch.table.to_pylist() == [
        {"id": str(2**64 + 1), "followers": 0, "username": None},
        {"id": None, "followers": None, "username": "ani"},
    ]
    assert list(taker.keys) == ["id", "followers", "colour", "username"]
    assert batch.lines.tolist() == [1, 2]


def test_what_is_no_object_is_a_rejected_record_in_its_place():
    taker = taker_of()
    for line, value in enumerate([{"id": 1}, [5], "text", None, True, 7, {"id": 2}], 1):
        taker.add(value, line)
    taker.reject("too_deep", 8)
    [batch] = batches(taker)
    assert batch.reasons.to_pylist() == [None, *["not_an_object"] * 5, None, "too_deep"]
    assert batch.lines.tolist() == list(range(1, 9))


def test_batches_have_one_size_and_their_numbers_run_on():
    taker = taker_of()
    for at_ in range(7):
        taker.add({"id": at_}, at_)
    found = [*taker.full_batches(3), *taker.last_batch()]
    assert [(len(batch), batch.first_row) for batch in found] == [(3, 1), (3, 4), (1, 7)]
    assert [one for batch in found for one in batch.table["id"].to_pylist()] == [str(at_) for at_ in range(7)]


def test_records_of_a_page_keep_its_reasons_and_its_line():
    taker = taker_of(page())
    taker.add({"rows": [{"id": "1"}, {"id": "2"}, 5], "says": {"reasons": (None, "suspended", None)}}, 4)
    [batch] = batches(taker)
    assert batch.reasons.to_pylist() == [None, "suspended", "not_an_object"]
    assert batch.table["account_id"].to_pylist()[:2] == ["1", "2"]  # who it was is kept beside the reason
    assert batch.lines.tolist() == [4, 4, 4]


def test_a_list_is_newest_first_only_when_every_page_says_so():
    def order(*values):
        taker = taker_of(page())
        for value in values:
            taker.add(value, 1)
        [batch] = batches(taker)
        return batch.newest_first

    first = {"rows": [{"id": "1"}], "says": {"newest_first": True}}
    assert order(first, first)
    assert not order(first, {"rows": [{"id": "2"}]})
    assert not order(first, {"id": "3"})
    taker = taker_of(page())
    taker.add(first, 1)
    taker.unordered()
    [batch] = batches(taker)
    assert not batch.newest_first


def test_a_list_is_whole_when_the_last_page_that_told_said_so_and_none_had_failed():
    def complete(*says):
        taker = taker_of(page())
        for one in says:
            taker.add({"rows": [], "says": one}, 1)
        return taker.complete

    assert complete({}) is None
    assert complete({"complete": False}) is False
    assert complete({"complete": False}, {"complete": True}) is True
    assert complete({"complete": True}, {}) is True
    assert complete({"counts": {"page_failed": 1}}, {"complete": True}) is False


def test_subjects_and_counts_are_gathered_and_counts_are_given_once():
    taker = taker_of(page(subject="ani", counts={"names_swapped": 2}))
    for subject in ("ani", "budi", "ani"):
        taker.add({"rows": [{"id": "1"}], "says": {"subject": subject}}, 1)
    first, second = next(taker.full_batches(1)), list(taker.last_batch())
    assert list(taker.subjects) == ["ani", "budi"]
    assert first.counts == {"names_swapped": 6}
    assert [dict(batch.counts) for batch in second] == [{}]


def test_a_page_without_records_is_told_all_the_same():
    taker = taker_of(page(counts={"page_failed": 1}))
    taker.add({"rows": []}, 1)
    [batch] = batches(taker)
    assert (len(batch), dict(batch.counts)) == (0, {"page_failed": 1})
    assert batches(taker_of(page())) == []


def test_repaired_records_are_counted_by_record_and_a_page_at_least_once():
    taker = taker_of()
    taker.add({"id": 1}, 1, is_repaired=True)
    [batch] = batches(taker)
    assert batch.counts == {"text_repaired": 1}
    taker = taker_of(page())
    taker.add({"rows": [{"id": "\ufffd"}, {"id": "2"}, {"id": "3\ufffd"}]}, 1, is_repaired=True)
    taker.add({"rows": [{"id": "4"}], "x": "\ufffd"}, 2, is_repaired=True)
    [batch] = batches(taker)
    assert batch.counts == {"text_repaired": 3}


def test_a_path_that_the_caller_named_may_lead_into_objects_or_be_a_key_with_points():
    taker = taker_of(handle="user.name", followers_count="n")
    taker.add({"user": {"name": "ani"}, "n": 5}, 1)
    taker.add({"user.name": "budi", "user": 3, "n": [1]}, 2)
    taker.add({"user": None}, 3)
    [batch] = batches(taker)
    assert batch.table["user.name"].to_pylist() == ["ani", "budi", None]
    assert dict(batch.faults) == {("n", "wrong_type"): 1}


def test_an_object_that_is_one_record_is_added_as_it_is_and_a_page_is_not():
    taker = taker_of(V1.accounts)
    taker.add({"screen_name": "ani"}, 1)
    taker.add({"users": [{"screen_name": "budi"}, {"screen_name": "citra"}], "next_cursor": 0}, 2)
    [batch] = batches(taker)
    assert batch.table["handle"].to_pylist() == ["ani", "budi", "citra"]
    assert batch.lines.tolist() == [1, 2, 2]
    assert not batch.newest_first
    assert taker.complete is True


def test_keys_without_number_are_remembered_up_to_a_bound():
    taker = taker_of()
    for at_ in range(300):
        taker.add({f"k{at_}_{inner}": 1 for inner in range(100)}, at_)
    batches(taker)
    assert 10_000 <= len(taker.keys) < 10_200
