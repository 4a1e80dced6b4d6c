"""How a trained network leaves the study: its formats, its preprocessing, its model card."""
