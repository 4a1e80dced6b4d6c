"""Tables and pages, as Markdown, CSV, LaTeX, HTML and text for a terminal."""
