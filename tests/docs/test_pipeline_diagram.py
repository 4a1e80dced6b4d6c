"""The diagram against dvc.yaml."""

from pathlib import Path

from docs import make_pipeline as pipeline


def test_the_page_is_what_dvc_yaml_gives():
    assert Path("docs/pipeline.md").read_text(encoding="utf-8") == pipeline.as_markdown(), (
        "make it again: python -m docs.make_pipeline > docs/pipeline.md"
    )


def test_a_stage_stands_behind_the_run_of_another_that_leaves_what_it_needs():
    stages = {
        "train": {
            "cmd": "python -m study.stages.train",
            "matrix": {"method": ["half", "wavelet_cnn"]},
            "outs": ["models/${item.method}/seed0"],
        },
        "prune": {"cmd": "python -m study.stages.prune", "deps": ["models/standard/seed0"]},
        "evaluate": {"cmd": "python -m study.stages.evaluate", "deps": ["models"]},
    }
    assert pipeline.edges(stages) == [("train", "evaluate")]
