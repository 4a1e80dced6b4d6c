from study.report import conventions


def test_every_convention_is_a_row_and_every_network_a_column():
    counts = dict.fromkeys(conventions.MEANINGS, 1500000000)
    networks = {
        "standard": {"multiply_adds": counts, "parameters": 1000},
        "ours": {"multiply_adds": counts, "parameters": 2},
    }
    text = conventions.as_markdown(
        {"side": 224, "classes": 1000, "bound_of_the_text": 3.7647, "networks": {"vgg16": networks}}
    )
    assert "| vgg16 | standard | ours |" in text
    assert text.count("| 1.5000 | 1.5000 |") == len(conventions.MEANINGS)
    assert "| parameters | 1,000 | 2 |" in text
    assert "3.76" in text
