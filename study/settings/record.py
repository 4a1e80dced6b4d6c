"""The record of one stage's run: what it ran with, and whether that stayed as it was while it ran."""

import os
import time
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from study.settings import code, paths, protocol
from study.settings.config import StageSettings
from study.settings.errors import StudyError
from study.settings.provenance import PACKAGES, code_commit, hardware


class ChangedWhileRunning(StudyError):
    """Code or parameters are not any more what this run began with, so its result belongs to neither."""


class Record:
    """The record of one stage's run; opened at its start, closed into a dict.

    `word` and `backbone` are those of the row that the stage makes, where it makes one. Raises ChangedWhileRunning if
    the code is not that for which DVC started the stage.
    """

    def __init__(
        self,
        stage: str,
        settings: StageSettings | None = None,
        *,
        seed: int | None = None,
        word: str = "",
        backbone: str = "",
    ) -> None:
        self.start = time.monotonic()
        self.settings = settings
        self.of = stage, word, backbone
        self.code = code.of_stage(*self.of)
        self._compare_with_dvc()
        self.fields: dict[str, object] = {
            "stage": stage,
            "seed": seed,
            "params_digest": settings.digest() if settings else None,
            "code_digest": self.code[:12],
            "code_commit": code_commit(),
            "protocol_digest": protocol.digest(),
            "packages": {name: metadata.version(name) for name in PACKAGES},
            "hardware": hardware(),
        }

    def _compare_with_dvc(self) -> None:
        """DVC took the digest that `preflight` wrote for the code that runs: they must be one."""
        stage, word, backbone = self.of
        file = paths.CODE / (f"{stage}/{backbone}-{word}.txt" if word else f"{stage}.txt")
        if "DVC_STAGE" in os.environ and file.is_file() and file.read_text(encoding="utf-8").strip() != self.code:
            raise ChangedWhileRunning(
                f"the code of stage {stage} changed after `dvc repro` began; nothing is stored: run dvc repro again"
            )

    def check(self) -> None:
        """Raises ChangedWhileRunning if the stage's code or parameters are not any more what it began with."""
        stage, *_ = self.of
        code.forget()
        if code.of_stage(*self.of) != self.code:
            raise ChangedWhileRunning(
                f"the code of stage {stage} changed while it ran; nothing is stored: run dvc repro again"
            )
        if self.settings is not None:
            before, now = self.settings.as_dict(), self.settings.reread().as_dict()
            changed = [name for name in before if before[name] != now[name]]
            if changed:
                raise ChangedWhileRunning(
                    f"{paths.PARAMS}: {', '.join(changed)} changed while stage {stage} ran; nothing is stored: "
                    "set it back and run dvc repro again, or run it anew as it is now"
                )

    def fields_now(self, **more: object) -> dict[str, object]:
        """All fields, with `more`, the duration in seconds (of this process) and the time of day.

        Raises ChangedWhileRunning as `check` does: a result must not carry the name of settings that it was not made
        with.
        """
        self.check()
        seconds = round(time.monotonic() - self.start, 2)
        return {**self.fields, **more, "seconds": seconds, "finished": datetime.now(UTC).isoformat(timespec="seconds")}

    def close(self, file: Path, **more: object) -> None:
        """Write the record to a file of its own."""
        paths.write_json(file, self.fields_now(**more))
