"""`python -m study`: the same as `study` where the package is installed."""

from study.cli.app import app

if __name__ == "__main__":
    app(prog_name="python -m study")
