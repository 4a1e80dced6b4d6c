"""Work in a process of its own: memory lies elsewhere, threads run elsewhere, and all of it is freed at the end."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from typing import ParamSpec, TypeVar

from study.settings.errors import StudyError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def in_a_fresh_process(
    prepare: Callable[[], None],
    work: Callable[Arguments, Result],
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Result:
    """What `work` gives in a new process that nothing else has run in; it calls `prepare` first.

    Raises what `work` raises, and StudyError if the process dies.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=prepare) as pool:
        future = pool.submit(work, *arguments, **named)
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise StudyError(
                f"{work.__name__}: its process was ended from outside, most likely for want of memory; close other "
                "programs, or measure fewer implementations"
            ) from error
        except BaseException:
            for child in active_children():
                child.terminate()
            raise
