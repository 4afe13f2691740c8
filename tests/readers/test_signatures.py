import pytest

from botscan.readers.signatures import refuse_binary, refuse_text


@pytest.mark.parametrize(
    "head",
    [
        b"ORCID,username\n",
        b"BZhandle,x\n",
        b"GIF,username\n",
        b"export date;username\n",
        b"function,username\n",
        b"-- note\n",
        b"<5 followers,username\n",
    ],
)
def test_tables_are_not_taken_for_something_else(head):
    refuse_binary(head, source="made", known="")
    refuse_text(head, source="made", known="")
