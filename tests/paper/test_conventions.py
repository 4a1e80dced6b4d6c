import pytest

from study.paper import conventions
from study.paper import tables as paper
from study.rendering import counting, markdown


@pytest.fixture
def complexity() -> dict:
    """Counts of the three networks whose operations Table 1 prints, one billion under every convention but one."""

    def network(**counts: float) -> dict:
        every = dict.fromkeys(conventions.MEANINGS, 1e9) | {name: value * 1e9 for name, value in counts.items()}
        return {"multiply_adds": every, "parameters": 1000}

    networks = {
        "full": network(conv_bias=15.3602, conv_fc=15.4703),
        "half": network(conv_fc=3.8911),
        "wae_cnn": network(conv_fc=4.3819, conv_fc_without_encoder=4.1182),
    }
    return {"side": 224, "classes": 1000, "bound_of_the_text": 3.7647, "networks": {"vgg16": networks}}


def test_every_network_is_a_row_and_every_convention_a_column(complexity):
    text = markdown.page(counting.page(complexity, paper.tables()))
    (head,) = [line for line in text.splitlines() if line.startswith("| VGG16 | A ")]
    rows = text.partition(head)[2].partition("\n\n")[0].splitlines()[2:]
    assert head == "| VGG16 | A | B | C | D | E | F | G | H | C as FLOPs | parameters |"
    assert [row.split(" | ")[0] for row in rows] == ["| VGG16", "| VGG16 at half side", "| WAE+CNN"]
    assert "| 30.9406 | 1,000 |" in rows[0]
    assert "3.76" in text


def test_without_a_count_the_page_says_so():
    assert "Not counted." in markdown.page(counting.page(None, paper.tables()))


def test_the_papers_counts_follow_three_conventions(complexity):
    found = {one.cell: one.convention for one in conventions.reconciled(complexity, paper.tables())}
    assert found == {
        "table_1/VGG16 (224)/flops_billion": "conv_bias",
        "table_1/VGG16 (112)/flops_billion": "conv_fc",
        "table_1/Ours/flops_billion": "conv_fc_without_encoder",
    }
