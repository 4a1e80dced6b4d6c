"""Results that were made under another protocol than the one that judges them are named."""

import pytest

from study.judging.registration import Registration, registration
from study.rendering import markdown
from study.rendering.registration import sentence, under
from study.rendering.table import Page
from study.settings import paths
from study.settings.protocol import digest, protocol
from study.settings.record import Record


def write(folder, name: str, result: str | None, *trainings: str | None) -> None:
    def carrying(its: str | None) -> dict:
        return {"code_commit": "abc"} if its is None else {"code_commit": "abc", "protocol_digest": its}

    runs = [{"method": "full", "seed": seed, "training": carrying(its)} for seed, its in enumerate(trainings)]
    paths.write_json(folder / f"{name}.json", {"runs": runs, "provenance": carrying(result)})


def test_the_digest_of_the_protocol_stands_in_every_record():
    assert Record("tables").fields["protocol_digest"] == digest()


def test_results_of_another_protocol_and_from_before_one_are_named(tmp_path):
    write(tmp_path, "evaluation/objects-vgg16", digest(), digest(), digest())
    write(tmp_path, "evaluation/objects-resnet50", digest(), digest(), "0123456789ab")  # trained under another one
    write(tmp_path, "evaluation/faces-vgg16", None, None)
    write(tmp_path, "noise/faces-vgg16", "0123456789ab")
    found = registration(tmp_path)
    assert found == Registration(
        protocol().registered.isoformat(),
        digest(),
        ("evaluation/faces-vgg16",),
        {"0123456789ab": ("evaluation/objects-resnet50", "noise/faces-vgg16")},
    )
    said = sentence(found)
    assert "Made before a protocol was registered: evaluation/faces-vgg16." in said
    assert "Made under another protocol (`0123456789ab`): evaluation/objects-resnet50, noise/faces-vgg16." in said


def test_results_of_this_protocol_are_not_named(tmp_path):
    write(tmp_path, "evaluation/objects-vgg16", digest(), digest())
    said = sentence(registration(tmp_path))
    assert (
        said
        == f"Judged by the protocol of {protocol().registered} (`paper_tables/protocol.yaml`, digest `{digest()}`)."
    )


@pytest.mark.parametrize("name", ["endpoint", "claims", "controls", "pruning", "rows", "tables/table_1"])
def test_every_page_that_judges_names_the_results_of_the_desk_that_are_older(name):
    said = sentence(registration(paths.results("desk")))
    assert said in (paths.results("desk") / f"{name}.md").read_text(encoding="utf-8")
    assert markdown.page(under(Page("Title", ("More.",)), registration(paths.results("desk")))).count(said) == 1
