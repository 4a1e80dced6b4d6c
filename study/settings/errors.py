"""What a user can get wrong, each as one clear line."""


class StudyError(Exception):
    """A fault of the input, not of the program: the message names the value, the place and the fix."""


class InvalidParameter(StudyError):
    """A value in params.yaml, or given with -S, that the study cannot use."""


class InvalidData(StudyError):
    """A missing, broken or inconsistent image, folder, manifest or result."""
