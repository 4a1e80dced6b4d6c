"""What the README says one can add, added as it says."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from study.models import build, resnet
from study.models.plans import THINET_GAP
from study.settings import paths
from study.settings.errors import InvalidParameter
from study.stages import prepare

README = Path("README.md").read_text(encoding="utf-8")
PARAMS = Path("params.yaml").read_text(encoding="utf-8")


def blocks(section: str, language: str) -> list[str]:
    """The code of a language in a section of the README."""
    text = README.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_backbone_that_the_readme_adds_carries_every_method_but_the_pruned_ones(monkeypatch):
    network, line = blocks("Add a backbone", "python")
    names = {"Backbone": build.Backbone, "resnet": resnet}
    exec(network, names)
    for name, backbone in eval("{" + line + "}", names).items():
        monkeypatch.setitem(build.BACKBONES, name, backbone)
    for method in ("full", "half", "ca", "low", "wavelet_cnn", "decomposition_cnn", "wae_cnn"):
        side = 16 if method == "half" else 32
        made = build.build("small", method, build.Shape(side=32, classes=7, width=0.25))
        assert all(scores.shape == (2, 7) for scores in made(torch.rand(2, 3, side, side)))
    with pytest.raises(InvalidParameter, match="which pruning needs"):
        build.build("small", "full", build.Shape(side=32, classes=7, plan=THINET_GAP))


def test_the_data_set_that_the_readme_adds_is_prepared(tmp_path, monkeypatch):
    (line,) = blocks("Add a data set", "yaml")
    photos = PARAMS.partition("\n  photos:\n")[2]
    old = next(text for text in photos.splitlines() if text.strip().startswith("objects:"))
    (tmp_path / "params.yaml").write_text(PARAMS.replace(photos, photos.replace(old, f"      {line.strip()}", 1)))
    random = np.random.default_rng(0)
    for name in ("cat", "dog"):
        for number in range(10):
            file = tmp_path / "photos" / name / f"{number}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(random.integers(0, 256, (140, 150, 3), dtype=np.uint8)).save(file)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STUDY_OBJECTS", str(tmp_path / "photos"))
    prepare.main("photos", "objects")
    manifest = paths.read_json(paths.prepared("photos", "objects") / "manifest.json")
    assert manifest["classes"] == ["cat", "dog"]


def test_every_file_that_the_readme_links_to_exists():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not Path(link).exists()] == []
