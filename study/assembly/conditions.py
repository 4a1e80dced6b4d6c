"""One choice of the recipe under another value: what the stage `robustness` trains with."""

from dataclasses import dataclass
from typing import Annotated, TypeVar

from study.assembly.learning import Learning
from study.assembly.recipes import lasting
from study.settings.config import At
from study.settings.errors import InvalidParameter
from study.settings.parameters.recipe import CHOICES
from study.settings.parameters.training import OTHERS, AutoEncoderTraining, RatedTraining, Training

T = TypeVar("T", bound=Training)
WORDS = {"stage_1": ("sgd", "adam"), "initialisation": ("he", "xavier")}  # of the choices that take no number


class Recipe(Learning):
    """What all three stages of the learning read of params.yaml, and stage 1 by the other optimiser."""

    other_wae: Annotated[AutoEncoderTraining, At("scales.{scale}.other_wae")]
    finetune: Annotated[RatedTraining, At("scales.{scale}.finetune")]


@dataclass(frozen=True)
class Condition:
    """One choice of the recipe and its value, such as epochs-0.5."""

    choice: str
    value: float | str

    def __str__(self) -> str:
        return f"{self.choice}-{self.value if isinstance(self.value, str) else f'{self.value:g}'}"

    def applied(self, recipe: Recipe) -> Recipe:
        """The recipe with this value in the place of its own; equal to it where it has this value already."""
        network = recipe.network
        changed: dict[str, object]
        match self.choice, self.value:
            case "epochs", float(factor):  # of stages 2 and 3: stage 1 has a rule of its own for its end
                changed = {
                    "classifier": _times(recipe.classifier, factor),
                    "finetune": _times(recipe.finetune, factor),
                }
            case "dropout", float(share):
                changed = {"network": network.model_copy(update={"dropout": {OTHERS: share}})}
            case "initialisation", str(kind):
                changed = {"network": network.model_copy(update={"initialisation": kind})}
            case "stage_1", str(optimiser):
                same = optimiser == recipe.wae.optimiser
                changed = {"wae": recipe.wae if same else recipe.other_wae}
            case _:
                changed = {"lambda_": self.value}
        return recipe.model_copy(update=changed)


def condition(text: str) -> Condition:
    """The condition of a name. Raises InvalidParameter, naming what is known."""
    choice, _, value = text.partition("-")
    if choice in WORDS and value in WORDS[choice]:
        return Condition(choice, value)
    if choice in CHOICES and choice not in WORDS:
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        largest = 0.99 if choice == "dropout" else 1e6
        if 0 <= number <= largest and (number > 0 or choice != "epochs"):
            return Condition(choice, number)
    words = ", ".join(f"{name}-{'|'.join(WORDS.get(name, ('<number>',)))}" for name in CHOICES)
    raise InvalidParameter(f"condition: must be one of {words}, got {text!r}")


def _times(training: T, factor: float) -> T:
    return lasting(training, max(1, round(training.epochs * factor)))
