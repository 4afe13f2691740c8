"""The catalogues are whole, agree with each other and with the code, and keep to the words of evidence."""

import ast
import re
import string
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from botscan.evidence.scores import VERDICTS
from botscan.features.registry import FEATURES
from botscan.reading_report import REJECT_REASONS
from botscan.scoring.model import GROUPS
from botscan.scoring.rules import RULES
from botscan.wording import LANGUAGES, has_words, say
from botscan.wording.sentences import LOCALE_FOLDER

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "botscan"

#: A verdict speaks of signs. These words may stand in no sentence about an account.
FORBIDDEN = re.compile(r"\bbots?\b|\bfakes?\b|\bfaked\b|\bpalsu\b|robot|\bspam|penipu|fraud", re.IGNORECASE)
#: Definitions, which say what a word means and accuse nobody.
MAY_DEFINE: frozenset[str] = frozenset()

#: Starts of codes that `words_of` puts together from a family and a value.
FAMILIES = ("reject_", "group_")


def catalogue(language):
    with (LOCALE_FOLDER / language / "LC_MESSAGES" / "botscan.po").open("rb") as file:
        return {message.id: message for message in read_po(file, locale=language) if message.id}


def key(identity):
    return identity[0] if isinstance(identity, tuple) else identity


def forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}
EVERY_STRING = [
    (language, key(identity), text)
    for language, messages in CATALOGUES.items()
    for identity, message in messages.items()
    for text in forms(message)
]


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_that_of_the_source(language):
    spec = spec_from_file_location("compile_catalogues", ROOT / "tools" / "compile_catalogues.py")
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    source = LOCALE_FOLDER / language / "LC_MESSAGES" / "botscan.po"
    assert source.with_suffix(".mo").read_bytes() == tool.compiled(source), "run: python tools/compile_catalogues.py"


def test_languages_hold_the_same_codes_in_order():
    codes = {language: list(messages) for language, messages in CATALOGUES.items()}
    assert codes["en"] == codes["id"]
    assert codes["en"] == sorted(codes["en"], key=key)


def test_nothing_is_left_empty_or_fuzzy():
    assert [(language, code) for language, code, text in EVERY_STRING if not text.strip()] == []
    for messages in CATALOGUES.values():
        assert not any(message.fuzzy for message in messages.values())


def test_placeholders_agree_in_all_languages_and_plural_forms():
    for identity, message in CATALOGUES["en"].items():
        expected = placeholders(forms(message)[-1])
        for text in (*forms(message), *forms(CATALOGUES["id"][identity])):
            assert placeholders(text) == expected, key(identity)


def test_placeholders_are_plain_names():
    for _, code, text in EVERY_STRING:
        assert all(name.isidentifier() for name in placeholders(text)), code
        for _, name, spec, conversion in string.Formatter().parse(text):
            if name is not None:
                assert conversion is None, code
                assert re.fullmatch(r"(percent\d?|points|date|\d)?", spec), code


def test_no_sentence_accuses():
    found = [(code, text) for _, code, text in EVERY_STRING if FORBIDDEN.search(text) and code not in MAY_DEFINE]
    assert found == []


def test_the_search_for_accusations_can_find_one():
    assert FORBIDDEN.search("this account is a bot")
    assert FORBIDDEN.search("akun palsu")
    assert not FORBIDDEN.search("botscan found signs")


def test_signs_are_called_signs():
    assert say("verdict_suspicious", "en").startswith("shows signs of")
    assert say("verdict_suspicious", "id").startswith("terindikasi")


def test_sentences_hold_no_control_characters_and_no_double_spaces():
    for _, code, text in EVERY_STRING:
        assert text.isprintable(), code
        assert "  " not in text, code
        assert text == text.strip(), code


@pytest.mark.parametrize(
    "code",
    [
        *(f"verdict_{verdict}" for verdict in VERDICTS),
        *(f"reject_{reason}" for reason in REJECT_REASONS),
        *(f"feature_{feature.name}" for feature in FEATURES),
        *(f"group_{group}" for group in GROUPS),
        *(f"rule_{rule.name}" for rule in RULES),
    ],
)
def test_everything_that_is_told_has_words(code):
    assert has_words(code)


def calls():
    """Yield (file, code, keywords) of every Note("..."), say("...") in the source with a literal code."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[0]
            if name in {"Note", "say"} and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield path.relative_to(SOURCE).as_posix(), name, first.value, node


def test_every_code_in_the_source_has_words():
    missing = {(file, code) for file, _, code, _ in calls() if not has_words(code)}
    assert missing == set()


def test_every_note_brings_the_values_its_sentence_wants():
    english = {key(identity): message for identity, message in CATALOGUES["en"].items()}
    for file, name, code, node in calls():
        given = {keyword.arg for keyword in node.keywords}
        if None in given or code not in english:
            continue  # **values: seen when it runs
        if name == "Note":
            given |= set(("column", "count")[: len(node.args) - 1])
            numbers = next((keyword.value for keyword in node.keywords if keyword.arg == "numbers"), None)
            if numbers is None and len(node.args) > 3:
                numbers = node.args[3]
            if numbers is not None and not isinstance(numbers, ast.Dict):
                continue
            given |= {item.value for item in numbers.keys} if numbers is not None else set()
        assert placeholders(forms(english[code])[-1]) <= given, (file, code)


def source_strings():
    """Return the string literals of the source and templates, and the fixed starts of codes made by f-strings."""
    literals, starts = set(), set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                starts.add(node.values[0].value)
    for path in SOURCE.rglob("*.html"):
        literals |= set(re.findall(r"""["'](\w+)["']""", path.read_text(encoding="utf-8")))
    return literals, tuple(start for start in starts if re.fullmatch(r"[a-z][a-z_]*_", start))


def test_no_sentence_is_left_unused():
    literals, starts = source_strings()
    unused = {key(identity) for identity in CATALOGUES["en"]} - literals
    assert {code for code in unused if not code.startswith((*starts, *FAMILIES))} == set()
