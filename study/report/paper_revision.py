"""Make the git tag `paper`, a commit that holds the paper's numbers, so that `dvc metrics diff paper` works.

The commit has no parent and touches neither the work tree nor the index; its author and date are fixed, so it is the
same on every machine.
"""

import json
import os
import subprocess

from study import paths
from study.report import headline, paper

TAG = "paper"
DATE = "2018-02-02T00:00:00+0000"  # the conference's first day


def _git(*arguments: str, text: str | None = None, **environment: str) -> str:
    return subprocess.run(
        ["git", *arguments], input=text, text=True, check=True, capture_output=True, env={**os.environ, **environment}
    ).stdout.strip()


def _file(content: str) -> str:
    return "file:" + _git("hash-object", "-w", "--stdin", text=content)


def _folder(**entries: str) -> str:
    """A git tree; an entry's id starts with its kind, as `file:` or `folder:`."""
    kinds = {"file": "100644 blob", "folder": "040000 tree"}
    lines = []
    for name, entry in entries.items():
        kind, _, identity = entry.partition(":")
        lines.append(f"{kinds[kind]} {identity}\t{name}\n")
    return "folder:" + _git("mktree", text="".join(lines))


def tag() -> str:
    """Write the tag; returns the commit."""
    metrics = _file(json.dumps(headline.the_papers(paper.tables()), indent=1) + "\n")
    pipeline = _file(f"metrics:\n- {paths.METRICS.as_posix()}\n")
    settings = _file("[core]\n    analytics = false\n")
    tree = _folder(
        **{
            ".dvc": _folder(config=settings),
            "dvc.yaml": pipeline,
            paths.METRICS.parent.name: _folder(**{paths.METRICS.name: metrics}),
        }
    ).partition(":")[2]
    who = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", "paper"), ("EMAIL", "paper@invalid"), ("DATE", DATE))
    }
    commit = _git("commit-tree", tree, "-m", "Numbers of the paper (AAAI 2018)", **who)
    _git("tag", "-f", TAG, commit)
    return commit


if __name__ == "__main__":
    print(f"tag {TAG} -> {tag()}; now: dvc metrics diff {TAG}")
