"""How a measured number is written wherever it stands in a sentence or a table."""

LACKING = "–"


def number(value: float | None) -> str:
    """A number with as many digits as a reader can use: two decimals, from 100 on one, from 1,000 on none."""
    if value is None:
        return LACKING
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"
