"""What is installed, where, and what the package says of itself."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = [Requirement(pin) for pin in chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())]
VERSIONS = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if "Python :: 3." in line]
INDEX = "https://index.example/cpu"


def yaml(path: str) -> dict:
    return YAML(typ="safe", pure=True).load((ROOT / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("pin", [pin for pin in PINS if pin.name != PROJECT["name"]], ids=lambda pin: pin.name)
def test_every_dependency_is_pinned_to_one_version(pin):
    (specifier,) = pin.specifier
    assert (specifier.operator, specifier.version) == ("==", specifier.version.rstrip("*"))


@pytest.mark.parametrize("name", ["torch", "torchvision"])
def test_the_processors_build_of_torch_meets_the_pin(name):
    (pin,) = [pin for pin in PINS if pin.name == name]
    (specifier,) = pin.specifier
    assert pin.specifier.contains(f"{specifier.version}+cpu")
    assert not pin.specifier.contains(f"{specifier.version}.1+cpu")


def set_up(*variables: str) -> list[str]:
    """The commands of pip that `make setup` would run."""
    command = ["make", "--dry-run", "--what-if=pyproject.toml", "setup", *variables]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [line.partition(" install ")[2] for line in output.splitlines() if " install " in line]


def test_make_takes_torch_alone_from_another_index_before_everything_else():
    torch, rest = set_up(f"TORCH_INDEX={INDEX}")
    pins = [str(pin) for pin in PINS if pin.name in ("torch", "torchvision")]
    assert torch.split()[-5:] == ["--no-deps", "--index-url", INDEX, *pins]
    assert set_up("TORCH_INDEX=") == [rest]


def test_the_supported_versions_of_python_are_those_that_the_workflow_tests():
    jobs = yaml(".github/workflows/checks.yml")["jobs"]
    assert jobs["tests"]["strategy"]["matrix"]["python"] == VERSIONS
    assert jobs["pipeline"]["strategy"]["matrix"]["python"] == VERSIONS
    supported = SpecifierSet(PROJECT["requires-python"])
    minors = [f"3.{minor}" for minor in range(30)]
    assert [version for version in minors if supported.contains(version)] == VERSIONS


def test_package_citation_and_changelog_name_one_version():
    newest = re.search(r"^## (\S+?),?( |$)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert PROJECT["version"] == newest[1] == str(yaml("CITATION.cff")["version"])


def test_typed_code_says_so():
    assert (ROOT / "study/py.typed").is_file()


def test_what_the_package_and_its_notebooks_import_is_pinned():
    """By what each distribution says that it provides, so that nothing is installed by luck, behind another package."""
    provided = importlib.metadata.packages_distributions()
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "study").rglob("*.py")]
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        sources += [
            "\n".join(
                cell.source.replace("%", "# %") for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"
            )
        ]
    found = {
        name.partition(".")[0]
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    pinned = {canonicalize_name(pin.name) for pin in PINS}
    others = (
        found - sys.stdlib_module_names - {"study", "IPython", "pydantic_core"}
    )  # jupyterlab and pydantic pin these
    missing = {name for name in others if not pinned & {canonicalize_name(one) for one in provided.get(name, [])}}
    assert missing == set()
