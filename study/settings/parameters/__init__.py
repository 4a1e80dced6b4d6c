"""The parameters of the study by topic: their types, ranges and meaning. Their values stand in params.yaml."""
