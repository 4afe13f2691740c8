from botscan.training.sources import TRAINING_SETS, source_of, sources_entry, training_sets


def test_nothing_that_may_only_be_tested_on_trains():
    named = {item.dataset: item for item in TRAINING_SETS}
    assert "instafake" not in named
    assert not {"botwiki-2019", "political-bots-2019"} & set(named)
    for dataset in ("cresci-stock-2018", "gilani-2017", "twibot-20", "twibot-22-sample", "verified-2019"):
        assert (named[dataset].suspicious, named[dataset].organic) == ("no", "light")
    assert named["cresci-rtbust-2019"].suspicious == "no"


def test_suspicious_accounts_of_twitter_come_from_the_five_sources():
    sources = {item.source for item in training_sets("twitter") if item.suspicious == "train"}
    assert sources == {"cresci-2015", "cresci-2017", "vendor-purchased-2019", "pronbots-2019", "caverlee-2011"}


def test_every_set_is_named_once_and_cited():
    names = [item.dataset for item in TRAINING_SETS]
    assert len(set(names)) == len(names)
    assert all(item.citation for item in TRAINING_SETS)
    assert all(item.source == source_of(item.dataset) for item in TRAINING_SETS)
    assert len(list(training_sets("general"))) == len(TRAINING_SETS)


def test_the_card_tells_of_every_set_what_its_labels_mean_and_its_terms():
    entry = sources_entry()
    assert [item["dataset"] for item in entry] == [item.dataset for item in TRAINING_SETS]
    assert all(item["label_kind"] and item["terms"] and item["citation"] for item in entry)
    kinds = {item["dataset"]: item["label_kind"] for item in entry}
    bought = {dataset for dataset, kind in kinds.items() if "bought" in kind}
    assert bought == {"cresci-2015/FSF", "cresci-2015/INT", "cresci-2015/TWT", "vendor-purchased-2019"}
    assert kinds["cresci-2015/E13"] == "checked by hand"
    assert {item["terms"] for item in entry} == {"none stated", "not verified", "for research, on request"}
