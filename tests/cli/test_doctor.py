"""The doctor finds what is wrong, and says what to do."""

import subprocess
from importlib import metadata
from types import SimpleNamespace

import pytest

from study.cli import checks
from study.cli.checks import ERROR, OK, WARNING, Finding

PROJECT = {
    "dependencies": ["torch==2.11.0", "numpy==2.4.6"],
    "optional-dependencies": {"dev": ["study[export]", "ruff==0.17.6"], "export": ["onnx==1.23.2"]},
}


def levels(found) -> dict[str, str]:
    return {finding.about: finding.level for finding in found}


def installed(**versions: str):
    def version(name: str) -> str:
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    return version


def test_packages_as_pinned_are_one_line_and_a_build_is_the_same_version():
    versions = installed(torch="2.11.0+cpu", numpy="2.4.6", ruff="0.17.6", onnx="1.23.2")
    found = list(checks.packages(PROJECT, versions))
    assert [(one.level, one.found) for one in found] == [
        (OK, "2 of 2 as pinned in pyproject.toml"),
        (OK, "2 of 2 as pinned in pyproject.toml"),
    ]


def test_a_lacking_package_is_an_error_and_another_version_a_warning():
    found = {one.about: one for one in checks.packages(PROJECT, installed(torch="2.13.0"))}
    assert found["numpy"].level == ERROR
    assert found["torch"] == Finding(WARNING, "torch", "2.13.0, 2.11.0 is pinned", "pip install torch==2.11.0")
    assert found["ruff"].level == WARNING  # nobody needs it to run the study
    assert found["packages"].found == "0 of 2 as pinned in pyproject.toml"


def torch_that(**changed) -> SimpleNamespace:
    cuda = SimpleNamespace(is_available=lambda: False)
    threads = SimpleNamespace(get_num_threads=lambda: 1)
    known = {"__version__": "2.11.0+cpu", "version": SimpleNamespace(cuda=None), "cuda": cuda, **vars(threads)}
    return SimpleNamespace(**known | changed)


def test_torch_and_torchvision_that_do_not_fit_are_an_error_with_the_pair_to_install(checkout):
    def load(name: str) -> object:
        if name == "torchvision":
            raise RuntimeError("operator torchvision::nms does not exist")
        return torch_that()

    *_, last = checks.torch_build(load)
    assert (last.level, last.found) == (ERROR, "does not fit this torch: operator torchvision::nms does not exist")
    assert "torch==2.11.0 torchvision==0.26.0" in last.fix


def test_a_gpu_that_torch_cannot_use_is_a_warning(checkout, monkeypatch):
    monkeypatch.setattr(checks, "gpu", lambda: "Example 1000")
    assert levels(checks.torch_build(lambda _: torch_that()))["GPU"] == WARNING
    monkeypatch.setattr(checks, "gpu", lambda: None)
    assert levels(checks.torch_build(lambda _: torch_that()))["GPU"] == OK


def test_fewer_threads_than_processors_are_a_warning(checkout, monkeypatch):
    monkeypatch.setattr(checks, "cores", lambda: 8)
    assert levels(checks.torch_build(lambda _: torch_that()))["threads"] == WARNING


@pytest.mark.parametrize(("free", "level"), [(1, WARNING), (64, OK)])
def test_little_memory_is_a_warning(monkeypatch, free, level):
    monkeypatch.setattr(checks, "available_memory_bytes", lambda: free * checks.GIB)
    assert levels(checks.machine())["memory"] == level


def test_a_folder_without_git_and_dvc_is_an_error(checkout):
    assert levels(checks.git()) == {"git": ERROR}
    assert levels(checks.dvc()) == {"DVC": ERROR}


def test_changed_code_is_a_warning(checkout):
    for words in (["init"], ["add", "params.yaml", "paper_tables"], ["commit", "--message", "start"]):
        subprocess.run(["git", "-c", "user.name=test", "-c", "user.email=test@invalid", *words], check=True)
    (checkout / "dvc.yaml").unlink()
    assert levels(checks.git()) == {"git": OK}
    (checkout / "params.yaml").write_text("scale: smoke")
    assert levels(checks.git()) == {"git": WARNING}


def test_the_pipeline_that_never_ran_is_a_warning(checkout):
    (checkout / ".dvc").mkdir()
    (checkout / ".dvc/config").touch()
    assert levels(checks.dvc()) == {"DVC": WARNING}


def test_a_full_disk_is_an_error(monkeypatch):
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: SimpleNamespace(free=checks.GIB // 2))
    assert levels(checks.disk("smoke")) == {"disk": ERROR, "disk of DVC's cache": ERROR, "temporary files": WARNING}


def test_lacking_pictures_are_an_error_with_the_variable_and_wrong_variables_a_warning(checkout, monkeypatch):
    params = checks.params.read()
    monkeypatch.setenv("STUDY_FACES", "nowhere")
    found = {one.about: one for one in checks.data("photos", params)}
    assert found["STUDY_FACES"].level == WARNING
    assert found["pictures"].level == ERROR
    assert found["pictures"].fix.startswith("set STUDY_OBJECTS to where the images lie")


def test_wrong_parameters_are_errors_a_line_each(checkout):
    (checkout / "params.yaml").write_text("scale: huge\nlambda: -1\n", encoding="utf-8")
    found = [one for one in checks.findings(None) if one.about == "parameters"]
    assert len(found) > 2
    assert {one.level for one in found} == {ERROR}


def test_every_fault_has_a_fix(checkout):
    for finding in checks.findings("paper"):
        assert bool(finding.fix) == (finding.level != OK)


def test_an_error_is_exit_code_one(study, data, monkeypatch):
    result = study("doctor")  # git and DVC are not there
    assert result.exit_code == 1
    assert "ok       data, objects: photographs, prepared in data/smoke/objects" in result.stdout
    assert "warning  data, faces: rendered_faces, not prepared; fix: dvc repro prepare@smoke-faces" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("2 errors, ")
    monkeypatch.setattr(checks, "findings", lambda _: iter([Finding(WARNING, "it", "is odd", "mend it")]))
    result = study("doctor")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["warning  it: is odd; fix: mend it", "", "0 errors, 1 warning"]
