"""What is typed: `study` and its commands, one file each. Nothing here computes; the rooms below do."""
