"""The page that `dvc plots show` fills, with its drawing library inside, so that it needs no network: make plots"""

from pathlib import Path

import vl_convert

from study import paths

PAGE = Path(".dvc/tmp/plots.html")  # not in git: the library is another project's
HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Wavelet-like auto-encoder: measured beside printed</title>
{refresh_tag}
<style>body { font-family: system-ui, sans-serif; margin: 2rem; } table { border-spacing: 1rem; }</style>
<script>
"""
FOOT = """
</script>
</head>
<body>
<main>
{plot_divs}
</main>
</body>
</html>
"""


def page() -> str:
    """The page with DVC's places in it: Vega and its kin as the package vl-convert-python carries them."""
    return HEAD + vl_convert.javascript_bundle().replace("</script>", "<\\/script>") + FOOT


if __name__ == "__main__":
    paths.write_text(PAGE, page())
