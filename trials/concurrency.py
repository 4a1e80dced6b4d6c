"""Two starts of one stage at once. Survived: both end with exit code 0, and what lies there afterwards is what a single
run makes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from trials import checkout
from trials.kills import VICTIMS
from trials.trial import Trial, difference, digests
from trials.warm import Warm


def starts(count: int, scratch: Path) -> Iterator[Trial]:
    """So many times two starts of one stage at once, the stages in turn."""
    folder = checkout.make(scratch / "starts")
    shares = [count // len(VICTIMS) + (number < count % len(VICTIMS)) for number in range(len(VICTIMS))]
    for victim, share in zip(VICTIMS, shares, strict=True):
        if share == 0:
            break
        with Warm(victim.stage) as warm:
            whole = warm.run(folder, *victim.arguments)
            assert whole.code == 0, whole.stderr
            expected = digests(folder / victim.makes)
            for _ in range(share):
                shutil.rmtree(folder / victim.makes)
                both = [warm.start(folder, *victim.arguments) for _ in range(2)]
                ended = [warm.wait(one) for one in both]
                failed = next((one.stderr[-300:] for one in ended if one.code != 0), "")
                wrong = failed or difference(expected, digests(folder / victim.makes))
                yield Trial("two starts of a stage at once", str(victim.makes), wrong)
