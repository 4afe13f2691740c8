"""The page says what the audit holds, needs nothing else, and obeys no stranger."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from botscan.accounts import AccountTable
from botscan.blocks import find_follow_blocks
from botscan.blocks.follow_map import HEIGHT, WIDTH, make_follow_map
from botscan.errors import BotscanError, OutputError
from botscan.notes import Note
from botscan.prevalence.segments import SegmentShare
from botscan.reading_report import ReadingReport
from botscan.report.html import _environment, render_report, write_report
from botscan.wording import say

VOID = {"meta", "rect", "br", "img", "link", "input", "hr"}
ALLOWED_ATTRIBUTES = {
    "aria-hidden aria-label aria-labelledby charset class colspan content data-head height href http-equiv id lang name",
    "d preserveaspectratio rel role rx scope style tabindex value viewbox width x y",
}
ALLOWED = {name for line in ALLOWED_ATTRIBUTES for name in line.split()}


class Page(HTMLParser):
    """Collects elements, attributes, text and what is left open."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open, self.text, self.ids = [], [], [], [], []
        self.texts = {}
        self.strange = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data.strip())

    def handle_comment(self, data):
        self.strange.append(data)

    def handle_pi(self, data):
        self.strange.append(data)


def words(page):
    return re.sub(r"\s+", " ", " ".join(page.text).replace("\u00a0", " "))


@pytest.fixture(params=["en", "id"])
def language(request):
    return request.param


@pytest.fixture(params=["audit", "audit_without_share", "empty_audit", "ordered"])
def any_audit(request):
    return request.getfixturevalue(request.param)


def test_page_is_well_formed_and_self_contained(any_audit, language):
    text = render_report(any_audit, language)
    page = Page(text)
    assert page.open == []
    assert page.strange == []
    assert text.startswith("<!DOCTYPE html>")
    assert {char for char in text if not char.isprintable()} <= {"\n", "\u00a0"}
    assert ("html", "lang", language) in page.attributes
    for forbidden in ("script", "link", "iframe", "base", "object", "embed", "form", "img"):
        assert forbidden not in page.tags
    assert {name for _, name, _ in page.attributes} <= ALLOWED
    pictures = [value for tag, name, value in page.attributes if tag == "image" and name == "href"]
    assert all(re.fullmatch(r"data:image/png;base64,[A-Za-z0-9+/=]+", value) for value in pictures)
    assert len(pictures) == (any_audit.follow_map is not None)
    assert not re.search(r"https?:|url\(|@import|//", re.sub(r"data:image/png;base64,[^\"]*", "", text))
    assert (
        "meta",
        "content",
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
    ) in page.attributes
    assert len(text.encode()) < 100_000


def test_page_is_accessible(any_audit, language):
    page = Page(render_report(any_audit, language))
    counts = Counter(page.tags)
    assert counts["h1"] == counts["main"] == counts["header"] == counts["footer"] == counts["title"] == 1
    assert counts["table"] == counts["caption"]
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value for _, name, value in page.attributes if name == "aria-labelledby"} <= set(ids)
    labelled = sum(1 for tag, name, _ in page.attributes if tag == "svg" and name in {"aria-label", "aria-hidden"})
    assert labelled == counts["svg"]
    assert all(value for _, name, value in page.attributes if name == "aria-label")
    assert counts["th"] == sum(1 for tag, name, _ in page.attributes if (tag, name) == ("th", "scope"))


def test_same_audit_gives_the_same_bytes(make_audit, language):
    assert render_report(make_audit(), language) == render_report(make_audit(), language)


def test_page_says_the_share_its_interval_and_the_count(audit):
    english, indonesian = (words(Page(render_report(audit, language))) for language in ("en", "id"))
    assert "Of 25,000 followers, about 17,800 (71 %, range 64-78 %) are organic." in english
    assert "Likely between 64 % and 78 %, that is 16,000 to 19,500 followers (95 % interval)." in english
    assert "Dari 25.000 pengikut, sekitar 17.800 (71 %, rentang 64-78 %) organik." in indonesian
    assert "cannot" not in english.split("Who follows")[0]


def test_page_without_a_share_shows_no_figure(audit_without_share):
    english = words(Page(render_report(audit_without_share, "en")))
    top = english.split("Who follows")[0]
    assert "Cannot say yet" in top
    assert f"-n {audit_without_share.share.n_labels_needed} " in top
    assert "%" not in re.sub(r"^.*</style>|0 % 25 % 50 % 75 % 100 %", "", top).split("seen on")[1]


def test_page_holds_everything_that_was_read(audit):
    english = words(Page(render_report(audit, "en")))
    for part in (
        "25,480 rows in = 25,000 accounts + 312 repeated + 168 rejected",
        "no id and no handle 4",
        "suspended by the platform 127",
        "profiles with dates",
        "lists that hold it 31 %",
        "Blocks of bought followers",
        "0.1.0",
        "3f9a" * 16,
        "twitter/full",
        "30 June 2026",
        "51 % of those flagged are genuine",
        "balance between followers, following and posts 6,120",
        "6,100 24.4 %",
    ):
        assert part.lower() in english.lower(), part


def test_segments_add_up_to_the_accounts(audit):
    page = Page(render_report(audit, "en"))
    counts = [int(cell.replace(",", "")) for cell in page.texts["td"] if re.fullmatch(r"[\d,]+", cell)][:6]
    assert sum(counts) == audit.n_accounts


def test_no_names_unless_asked_for(make_audit, review, language):
    audit = make_audit(review_rows=review(handle="canary_handle", name="Canary Name"))
    silent = render_report(audit, language)
    assert "canary" not in silent.lower()
    assert "id-5" not in silent
    assert silent == render_report(make_audit(), language)
    shown = render_report(audit, language, show_handles=True)
    assert shown.count("canary_handle</a>") == 60
    assert "https://x.com/canary_handle" in shown
    assert shown.index("id-59" if "id-59" in shown else "canary") > 0


def test_review_list_is_whole_and_sorted_and_says_both_sides(make_audit, review):
    rows = review()
    page = render_report(make_audit(review_rows=rows[::-1]), "en", show_handles=True)
    assert page == render_report(make_audit(review_rows=rows), "en", show_handles=True)
    said = words(Page(page))
    assert "The 60 accounts with the most signs" in said
    assert said.count("balance between followers, following and posts (+2.1)") == 60
    assert said.count("age of the account (\u22120.6)") == 60


def hostile_audit(make_audit, review, text):
    return make_audit(
        source=text,
        model_name=text,
        platform=text or "x",
        pattern=text,
        reading=ReadingReport(text, 3, 1, 1, 1, {text: 1}),
        reasons={text: 3},
        counter_evidence={text: 3},
        review_rows=review(handle=text, name=text),
        warnings=(Note("headers_test", numbers={"columns": text}), Note("blocks_not_examined")),
    )


@pytest.fixture
def note_with_header(monkeypatch):
    """Give the catalogue a sentence that repeats a header name from the file."""
    from botscan.report import contents

    real = contents.say_note

    def say_note(note, language):
        return f"Ignored: {note.numbers['columns']}." if note.code == "headers_test" else real(note, language)

    monkeypatch.setattr(contents, "say_note", say_note)


def test_hostile_text_adds_no_element_and_no_attribute(make_audit, review, payload, note_with_header):
    def shape(text):
        audit = hostile_audit(make_audit, review, text)
        page = render_report(audit, "en", show_handles=True)
        parsed = Page(page)
        attributes = Counter((tag, name) for tag, name, _ in parsed.attributes)
        return page, Counter(parsed.tags), attributes, parsed.texts["title"], parsed.texts["style"]

    page, *found = shape(payload)
    _, *expected = shape("Ani")
    if payload == "":
        return  # fewer elements: there is no name to show
    assert found == expected
    assert not set(page) & set("\x1b\x9b\x00\u202e\u2028\u2029\u2066\ufeff\u200b")
    page.encode("utf-8")
    assert len(page) < 1_000_000


def test_every_value_of_a_template_is_made_visible_and_escaped():
    page = _environment().from_string("<p title='{{ x }}'>{{ x }}</p>").render(x="a\u202e' 5 % <b>")
    safe = "a\u27e8U+202E\u27e9&#39; 5\u00a0% &lt;b&gt;"
    assert page == f"<p title='{safe}'>{safe}</p>"


def test_links_go_to_the_platform_and_nowhere_else(make_audit, review, payload):
    audit = make_audit(review_rows=review(handle=payload or "x"))
    page = Page(render_report(audit, "en", show_handles=True))
    links = [value for tag, name, value in page.attributes if (tag, name) == ("a", "href")]
    assert len(links) == 60
    assert all(re.fullmatch(r"https://x\.com/[A-Za-z0-9%._~-]+", link) for link in links)
    rels = [value for tag, name, value in page.attributes if (tag, name) == ("a", "rel")]
    assert len(rels) == 60
    assert all("noreferrer" in rel for rel in rels)


@pytest.mark.parametrize("handle", [None, "", ".", ".."])
def test_no_link_without_a_handle(make_audit, review, handle):
    page = render_report(make_audit(review_rows=review(handle=handle)), "en", show_handles=True)
    assert "<a " not in page
    assert "id-59" in page or handle


def test_no_link_on_a_platform_without_profile_addresses(make_audit, review):
    for platform in (None, "mastodon", "elsewhere"):
        page = render_report(make_audit(platform=platform, review_rows=review()), "en", show_handles=True)
        assert "<a " not in page


def test_write_report(audit, tmp_path):
    path = tmp_path / "audit.html"
    write_report(audit, path, "id")
    assert path.read_bytes() == render_report(audit, "id").encode()
    with pytest.raises(OutputError):
        write_report(audit, path, inputs=[path])
    with pytest.raises(OutputError):
        write_report(audit, tmp_path / "no" / "audit.html")


def test_unknown_language_is_refused_and_nothing_written(audit, tmp_path):
    with pytest.raises(BotscanError):
        write_report(audit, tmp_path / "audit.html", "jv")
    assert list(tmp_path.iterdir()) == []


def test_a_rough_share_says_how_to_do_better(make_audit, audit):
    rough = render_report(make_audit(share=replace(audit.share, method="source_random_effects")), "en")
    assert 'class="figure figure-rough"' in rough
    assert "botscan labels sheet" in rough
    assert "botscan labels sheet" not in render_report(audit, "en")


def test_cells_that_a_phone_stacks_carry_their_heading(make_audit, review, language):
    page = Page(render_report(make_audit(review_rows=review()), language, show_handles=True))
    heads = Counter(value for _, name, value in page.attributes if name == "data-head")
    assert heads == {say(code, language): 60 for code in ("report_score", "report_for", "report_against")}


def test_groups_have_a_column_for_labels_only_where_labels_say_something(make_audit, audit, language):
    def groups(organic):
        ends = (
            ("organic_share_labeled", 0.9),
            ("organic_share_labeled_ci_lower", 0.8),
            ("organic_share_labeled_ci_upper", 0.96),
        )
        return {
            name: SegmentShare(name, count, **(dict(ends) if name in organic else {}))
            for name, count in audit.segments.items()
        }

    shown = Page(render_report(make_audit(segment_shares=groups({"active", "dormant"})), language))
    heads = [value for _, name, value in shown.attributes if name == "data-head"]
    assert heads == [say("cli_segment_organic", language)] * 6
    assert shown.texts["td"].count("\u2013") == 4
    none = render_report(make_audit(segment_shares=groups(set())), language)
    assert 'data-head="' not in none
    assert say("cli_segment_organic", language) not in none


def test_followers_who_came_together_stand_between_the_groups_and_the_scores(ordered, language):
    page = render_report(ordered, language)
    places = [page.index(f'<h2 id="{name}"') for name in ("segments", "order", "scores")]
    assert places == sorted(places)
    said = words(Page(page))
    for block in ordered.blocks.blocks:
        assert block.in_words(language) in said
        assert f"{block.n_accounts}" in said.replace(",", "").replace(".", "")
    for code in ("report_blocks_lead", "follow_map_how", "blocks_not_proof", "blocks_without_scores"):
        assert said.count(say(code, language)) == 1, code
    heads = Counter(value for _, name, value in Page(page).attributes if name == "data-head")
    assert len(heads) == 5
    assert set(heads.values()) == {len(ordered.blocks)}


def test_nothing_found_is_said_in_one_sentence(make_audit, ordered, language):
    blocks = replace(ordered.blocks, blocks=(), notes=(), block_of=ordered.blocks.block_of * 0 - 1)
    page = words(Page(render_report(make_audit(blocks=blocks, warnings=()), language)))
    assert say("report_blocks_none", language) in page
    assert say("report_blocks_lead", language) not in page
    assert say("follow_map_title", language) not in page


def test_followers_of_the_map_stay_unnamed(make_audit, language):
    rows = [
        {"account_id": f"canary{rank}", "handle": f"canary_{rank}", "display_name": "Canary", "follow_rank": rank}
        | {"created_at": f"{2010 + rank // 60}-0{1 + rank % 9}-11"}
        for rank in range(400)
    ]
    accounts = AccountTable.from_frame(rows, platform="github")
    blocks = find_follow_blocks(accounts)
    follow_map = make_follow_map(accounts, blocks)
    assert follow_map is not None
    page = render_report(make_audit(blocks=blocks, follow_map=follow_map), language)
    assert "canary" not in page.lower()


def test_a_map_keeps_the_page_small(make_audit, ordered):
    random = np.random.default_rng(0)
    counts = random.integers(0, 40, (HEIGHT, WIDTH)).astype(np.uint32)  # hardly to be packed
    shown = replace(
        ordered.follow_map,
        counts=counts,
        n_marked=np.minimum(counts, random.integers(0, 40, counts.shape)).astype(np.uint32),
        column_ranks=np.arange(WIDTH),
        latest=np.sort(random.integers(1.2e15, 1.7e15, WIDTH)).astype("datetime64[us]"),
    )
    assert len(render_report(make_audit(blocks=ordered.blocks, follow_map=shown), "id").encode()) < 200_000
