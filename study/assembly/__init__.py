"""From settings and the words of a run to its images, its network and its recipe: what stages have in common."""
