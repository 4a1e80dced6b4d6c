"""Records as CSV: a line a record, numbers as exact as they were measured."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, get_type_hints

from study.judging.measured import Interval


def lines(records: Sequence[Any]) -> str:
    """Dataclasses of one kind, a column a field.

    An interval is two columns, <field>_low and <field>_high, and a dictionary of intervals two for each of its keys,
    `<key> low` and `<key> high`; texts are joined by semicolons. Other dictionaries and tuples have no place in a line
    and are left out; the JSON has them. Without records there is nothing to take the heads from: "".
    """
    if not records:
        return ""
    hints = get_type_hints(type(records[0]))
    flat = [_flat(record, hints) for record in records]
    heads = dict.fromkeys(head for line in flat for head in line)
    text = io.StringIO()
    writer = csv.DictWriter(text, heads, lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    return text.getvalue()


def _flat(record: Any, hints: dict[str, Any]) -> dict[str, object]:
    line: dict[str, object] = {}
    for field in fields(record):
        value, kind = getattr(record, field.name), hints[field.name]
        if kind == Interval | None:
            low, high = value or (None, None)
            line |= {f"{field.name}_low": low, f"{field.name}_high": high}
        elif kind == dict[str, Interval]:
            for name, (low, high) in value.items():
                line |= {f"{name} low": low, f"{name} high": high}
        elif kind == tuple[str, ...]:
            line[field.name] = "; ".join(value)
        elif not isinstance(value, dict | tuple):
            line[field.name] = value
    return line
