"""The pipeline's entry points, one a file; dvc.yaml calls each as `python -m study.stages.<name>`."""
