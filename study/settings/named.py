"""What a record names by its dotted name: imported when it is needed, so that nothing else has to list it."""

from importlib import import_module

from study.settings.errors import InvalidParameter


def named(dotted: str) -> object:
    """The object of a dotted name, such as `study.models.wae.Encoder`. Raises InvalidParameter if there is none."""
    module, _, name = dotted.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except (ModuleNotFoundError, AttributeError, ValueError) as error:
        raise InvalidParameter(f"study/settings/rows.py: {dotted!r} names nothing: {error}") from None
