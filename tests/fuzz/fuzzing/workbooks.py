"""Excel workbooks written by hand from rows, with changes of their XML."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from xml.sax.saxutils import escape

from .byte_changes import change_bytes
from .containers import Member, archive, change_archive
from .hostile import hostile_text

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr/>'
    '<sheets><sheet name="Zqlembar" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="165" formatCode="0,000"/></numFmts>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs>'
    "</styleSheet>"
)
_PIECES = (
    "<c/>", "<row/>", "<v/>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "&#0;", "&#xD800;", "<![CDATA[zq]]>", "<!--zq-->",
    "<?zq?>", "</row>", "</c>", "<", ">", "&", '"', "<is><t>zq</t></is>", "<r><t>zq</t></r>", "<f>1+1</f>", "\0", "\ud7ff",
    '<mergeCell ref="A1:XFD1048576"/>', '<dimension ref="A1:XFD1048576"/>', "_x000D_", "_x0000_", "_xZQZQ_",
    '<c r="XFD1048576"><v>1</v></c>', '<c r="A99999999999"><v>1</v></c>', '<c r="1A"><v>1</v></c>', '<c r=""><v>1</v></c>',
    '<c t="s"><v>-1</v></c>', '<c t="s"><v>99999999999999999999</v></c>', '<c t="s"><v>1.5</v></c>', "<a>" * 500,
)  # fmt: skip
_SWAPS = (
    ('t="s"', 't="n"'), ('t="inlineStr"', 't="s"'), ('t="s"', 't="b"'), ('t="s"', 't="e"'), ('t="s"', 't="d"'),
    ('t="s"', 't="str"'), ('t="s"', 't="zq"'), ("<v>", "<v>-"), ("<v>", "<v>1e"), ("<v>", "<v>9999999999"),
    ('r="A', 'r="C'), ('r="', 'r="ZZZ'), ('s="1"', 's="99"'), ('s="1"', 's="-1"'), ('s="1"', 's="zq"'),
    ("<workbookPr/>", '<workbookPr date1904="1"/>'), ('Id="rId2"', 'Id="rId1"'), ("worksheets/", "../"),
    ("worksheets/", "/xl/worksheets/"), (_MAIN, "urn:zq"), ("sheetData", "x:sheetData"), ("row", "Row"),
    ("<workbook ", '<?xml version="1.0" encoding="UTF-16"?><workbook '), ('name="', 'state="hidden" name="'),
    ('worksheet"', 'chartsheet"'), ("yyyy-mm-dd", "[h]:mm"), ("yyyy-mm-dd", "zq" * 500), ("formatCode", "code"),
    ("numFmtId=", "x="), ("Target=", 'TargetMode="External" Target='),
)  # fmt: skip


def parts_of(rng: Random, rows: Sequence[Sequence[str]]) -> list[Member]:
    """Return the parts of a workbook that holds some rows, cells of any kind between them."""
    strings: dict[str, int] = {}
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(_cell(rng, f"{_letters(at)}{number}", text, strings) for at, text in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    items = "".join(f"<si><t xml:space='preserve'>{_text(text)}</t></si>" for text in strings)
    shared = f'<sst xmlns="{_MAIN}" count="{len(strings)}" uniqueCount="{len(strings)}">{items}</sst>'
    texts = {
        "[Content_Types].xml": _TYPES,
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _RELATIONS,
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": shared,
        "xl/styles.xml": _STYLES,
    }
    return [(name, text.encode("utf-8", "replace")) for name, text in texts.items()]


def _cell(rng: Random, place: str, text: str, strings: dict[str, int]) -> str:
    draw = rng.random()
    is_number = text.isascii() and text.isdigit() and len(text) < 15
    if is_number and draw < 0.7:
        return f'<c r="{place}" s="{rng.choice("0123")}"><v>{text}</v></c>'
    if draw < 0.05:
        return rng.choice(
            (
                f'<c r="{place}" t="b"><v>1</v></c>', f'<c r="{place}" t="e"><v>#N/A</v></c>', f'<c r="{place}"/>',
                f'<c r="{place}" s="1"><v>43685.5</v></c>', f'<c r="{place}"><v>1.1E+18</v></c>',
                f'<c r="{place}" s="3"><v>-1</v></c>', f'<c r="{place}" t="str"><f>1</f><v>zq</v></c>',
            )
        )  # fmt: skip
    if draw < 0.2:
        return f'<c r="{place}" t="inlineStr"><is><t>{_text(text)}</t></is></c>'
    return f'<c r="{place}" t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'


def _text(text: str) -> str:
    return escape("".join(char for char in text if char >= " " or char in "\t\n\r"))


def _letters(at: int) -> str:
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def change_workbook(rng: Random, rows: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook of some rows after changes of its parts, of the archive or of its bytes."""
    parts = parts_of(rng, rows)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
        at = rng.choice((1, 2, 3, 3, 3, 4, 4, 5))
        if at < len(parts):
            name, data = parts[at]
            parts[at] = (name, _change_part(rng, data))
    draw = rng.random()
    if draw < 0.05 and parts:
        del parts[int(rng.random() * len(parts))]
    if draw < 0.1:
        parts.append((rng.choice(("xl/vbaProject.bin", "xl/worksheets/sheet2.xml", "XL/styles.xml", "zq")), b"zq"))
    if draw < 0.8:
        return archive(parts)
    return change_archive(rng, parts) if draw < 0.9 else change_bytes(rng, archive(parts))


def _change_part(rng: Random, data: bytes) -> bytes:
    draw = rng.random()
    if draw < 0.15:
        return change_bytes(rng, data)
    text = data.decode("utf-8", "replace")
    if draw < 0.7:
        old, new = rng.choice(_SWAPS)
        return text.replace(old, new, rng.choice((1, 1, 3, -1))).encode("utf-8", "replace")
    at = rng.choice([place for place, char in enumerate(text) if char in "<>"] or [0])
    piece = rng.choice(_PIECES) if draw < 0.9 else escape(hostile_text(rng))
    return (text[:at] + piece + text[at:]).encode("utf-8", "replace")
