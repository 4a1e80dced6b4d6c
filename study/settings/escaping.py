"""Text from outside, such as names of classes and files, in terminals and Markdown."""

import re

# Those of ASCII and of C1, which move a terminal's cursor or colour it, and those that turn the direction of writing.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&$])")


def visible(text: str, keep: str = "") -> str:
    """The text with its control characters written out, ESC as \\x1b, but for those in `keep`."""

    def written_out(found: re.Match[str]) -> str:
        return found[0] if found[0] in keep else found[0].encode("unicode_escape").decode()

    return CONTROL.sub(written_out, text)


def in_markdown(text: str) -> str:
    """The text as Markdown that shows it as it is, on one line: neither markup nor HTML nor a cell's end."""
    return MARKDOWN.sub(r"\\\1", visible(text))
