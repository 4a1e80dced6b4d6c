"""Tables, verdicts and figures, made from small files in seconds, without torch."""
