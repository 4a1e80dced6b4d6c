"""Text from outside does not command a terminal, nor a reader of Markdown."""

from html import unescape

import pytest
from markdown_it import MarkdownIt

from study.settings.escaping import in_markdown, visible


def test_control_characters_are_written_out_and_letters_stay():
    assert visible("caf\u00e9 \x1b[31mred\x07\r\n\x9b0m") == "caf\u00e9 \\x1b[31mred\\x07\\r\\n\\x9b0m"
    assert visible("a\n\tb\x1b", keep="\n\t") == "a\n\tb\\x1b"
    assert visible("abc\u202egnp.exe") == "abc\\u202egnp.exe"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "a|b", "*_`~[x](y)", "1. one", "# head", "&lt;", "a\\|b"]
)
def test_markdown_shows_a_name_as_it_is(name):
    text = MarkdownIt("commonmark").enable("table").render(f"| head |\n|---|\n| {in_markdown(name)} |\n")
    assert unescape(text.split("<td>")[1].split("</td>")[0]) == name
    assert text.count("<td>") == 1
