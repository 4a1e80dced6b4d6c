"""The program `study`: its commands, what it says of itself, and one line in place of a traceback."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from study.cli import (
    check,
    diff,
    doctor,
    evaluate,
    export,
    figures,
    plan,
    predict,
    report,
    ship,
    show,
    sweep,
    tables,
    terminal,
    use,
)
from study.settings.errors import StudyError


class OneLine(TyperGroup):
    """Commands whose faults of the input are one line on stderr and exit code 2: 1 is an answer that is no good."""

    def invoke(self, ctx: Any) -> Any:  # of the click inside typer, whose Context has no public name
        try:
            return super().invoke(ctx)
        except StudyError as error:
            from study.stages.entry import message

            fault = message(error)
        except BrokenPipeError:
            raise
        except OSError as error:
            fault = f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
        terminal.say_fault(fault)
        raise typer.Exit(2)


EPILOG = """Examples:

\b
  study doctor                       is everything there?
  study use desk                     choose what is run
  study plan                         what a run will do, and how long it takes
  study show table 2                 this study's numbers beside the paper's
  study report                       all results on one page, for a browser
  study figures tradeoff             one figure, as PNG or SVG
  study sweep run --lambda 0.1 --lambda 1    several values side by side
  study diff                         what changed since the last commit
  study check                        this run against the one in the repository
  study predict cat.jpg              what a trained network sees
  study export trained/wae_cnn       safetensors, torch.export and ONNX
  study evaluate --weights FILE --data IMAGENET_VAL    a published network, without training

Run it in the root of the checkout. Exit codes: 0 fine, 1 the answer is no good, 2 there is no answer."""

app = typer.Typer(
    cls=OneLine,
    help="The reproducibility study of the wavelet-like auto-encoder: its state, its results, its networks.",
    epilog=EPILOG,
    no_args_is_help=True,
    # Frames and colours where a person reads, plain text where a program does.
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("use", epilog=use.EPILOG)(use.use)
app.command("plan", epilog=plan.EPILOG)(plan.plan)
app.command("doctor", epilog=doctor.EPILOG)(doctor.doctor)
app.add_typer(show.app, name="show")
app.command("figures", epilog=figures.EPILOG)(figures.figures)
app.command("tables", epilog=tables.EPILOG)(tables.tables)
app.command("report", epilog=report.EPILOG)(report.report)
app.add_typer(sweep.app, name="sweep")
app.command("diff", epilog=diff.EPILOG)(diff.diff)
app.command("check", epilog=check.EPILOG)(check.check)
app.command("predict", epilog=predict.EPILOG)(predict.predict)
app.command("ship", epilog=ship.EPILOG)(ship.ship)
app.command("export", epilog=export.EPILOG)(export.export)
app.command("evaluate", epilog=evaluate.EPILOG)(evaluate.evaluate)
