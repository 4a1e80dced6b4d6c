"""The README against the checkout."""

import re
from pathlib import Path

README = Path("README.md").read_text(encoding="utf-8")


def test_every_file_that_the_readme_links_to_exists():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not Path(link).exists()] == []
