"""Where images come from: embedded photographs, drawn faces, folders, ImageNet, CACD."""
