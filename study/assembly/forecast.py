"""How long the stages of the pipeline will take here: a few steps of every training are made, the rest is counted."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

import torch

from study.assembly import stage_1, stage_2, stage_3
from study.assembly.networks import filters
from study.models.initialisation import initialised
from study.models.layout import lay_out
from study.models.shape import Shape
from study.models.wae import Encoder
from study.settings.choice import measured
from study.settings.methods import METHODS
from study.settings.parameters.data import Folder, ImageNet, Photographs, RenderedFaces, Source
from study.settings.parameters.pruning import Recovery
from study.settings.parameters.whole import Params
from study.sources import photographs
from study.training.device import device, make_deterministic, uses_bf16
from study.training.loop import Objective

# Seconds of a stage that trains nothing, start and DVC's own work included, at the scale quick on a core of 2.1 GHz.
FIXED = {
    "preflight": 3.0,
    "prepare": 7.0,
    "reconstruct": 7.0,
    "complexity": 6.0,
    "tables": 9.0,
    "architecture": 6.0,
    "channels": 12.0,
    "figures": 25.0,
    "report": 9.0,
}
START = 4.0  # of a stage with torch, with DVC's own work
TIMED_SHARES, TIMED_START = 1.6, 12.0  # of the stage `timing`: its comparisons together, and the start of a process
STEPS = 2  # that are timed, behind one that is not
IMAGENET = (1_281_167, 50_000, 1000)
LEFT = 0.6  # of a pruned network's time, while and after it is pruned


@dataclass(frozen=True)
class Size:
    """Images and classes of a data set."""

    train: int
    test: int
    classes: int


def size(source: Source, files: int = 0) -> Size:
    """The size of a data set by its settings; `files` lie in its folder, where it comes from one."""
    if isinstance(source, Photographs):
        number = len(photographs.NAMES)
        return Size(number * source.train_per_class, number * source.test_per_class, number)
    if isinstance(source, RenderedFaces):
        number = source.identities
        return Size(number * source.train_per_identity, number * source.test_per_identity, number)
    if isinstance(source, ImageNet):
        return Size(*IMAGENET)
    share = source.test_fraction if isinstance(source, Folder) else 0.2
    classes = (source.classes or 20) if isinstance(source, Folder) else source.identities
    return Size(round(files * (1 - share)), round(files * share), classes)


@dataclass
class Forecast:
    """The seconds of stages by their words. `files` says by data set what lies in its folder."""

    params: Params
    scale: str
    files: Mapping[str, int]
    seconds_an_image: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def of(self, stage: str, words: Mapping[str, str]) -> float:
        """The seconds of one stage, by its name in study/stages and the arguments of its command."""
        if stage in FIXED:
            return FIXED[stage]
        block = self.params.at(self.scale)
        if stage == "timing":
            conditions = len(block.timing.threads) * len(block.timing.batches)
            starts = TIMED_START * block.timing.processes
            return START + conditions * (TIMED_SHARES * block.timing.seconds + starts)
        dataset, backbone, word = words["dataset"], words.get("backbone", "vgg16"), words.get("method", "")
        images = self._size(dataset)
        if stage in ("evaluate", "noise"):
            rows = measured(self.params.rows, dataset, backbone)
            times = 1 if stage == "evaluate" else len(self.params.noise.variances)
            each = sum(self._image(dataset, backbone, row) for row in rows) / 3  # forwards alone
            return START + times * len(self.params.seeds) * images.test * each
        if stage == "wae":
            return START + block.wae.epochs * images.train * self._image(dataset, "vgg16", "wae")
        if stage in ("prune", "recover"):
            pruned = METHODS[METHODS[word].budget_of or word]
            return START + self._pruning(dataset, backbone, pruned.word, images.train)
        epochs = block.finetune.epochs if stage in ("finetune", "extend") else block.classifier.epochs
        return START + epochs * images.train * self._image(dataset, backbone, word)

    def _size(self, dataset: str) -> Size:
        return size(getattr(self.params.at(self.scale).data, dataset), self.files.get(dataset, 0))

    def _pruning(self, dataset: str, backbone: str, word: str, images: int) -> float:
        block, row = self.params.at(self.scale).prune, METHODS[word]
        image = LEFT * self._image(dataset, backbone, "full")
        recovery: Recovery = block.recovery_of(row.recovery, backbone)
        maps = filters(backbone, self._shape(dataset, "full"))
        turns, looked_at = len(maps), self.params.pruning.images_per_class * self._size(dataset).classes
        if not row.plan:
            turns = ceil((1 - self.params.pruning.targets[word] ** 0.5) * sum(maps) / block.maps)
            looked_at = block.images
        between = recovery.between.updates * recovery.between.batch
        return image * (turns * (between + looked_at) + recovery.final.epochs * images)

    def _shape(self, dataset: str, word: str) -> Shape:
        block = self.params.at(self.scale)
        network = block.network
        return Shape(
            getattr(block.data, dataset).crop,
            self._size(dataset).classes,
            network.width,
            network.batch_norm,
            network.dropout_of(word),
            network.initialisation,
            self.params.channel_norm,
        )

    def _image(self, dataset: str, backbone: str, word: str) -> float:
        """Seconds a training takes for an image, forwards and backwards, measured once for each network."""
        row = METHODS.get(word)
        if row and (row.plan or row.plan_of or row.part_of or row.stage in ("prune", "recover")):
            share = 1.0 if row.part_of else LEFT
            return share * self._image(dataset, backbone, row.part_of or row.starts_from or "full")
        if (dataset, backbone, word) not in self.seconds_an_image:
            block = self.params.at(self.scale)
            crop = getattr(block.data, dataset).crop
            batch = block.wae.batch if row is None else block.classifier.batch
            # A step of a second or so is enough, whatever the scale: on fewer images where each takes longer.
            batch = max(2, min(batch, int(batch * (40 / crop) ** 2 * min(1, (0.25 / block.network.width) ** 2))))
            self.seconds_an_image[dataset, backbone, word] = self._step(dataset, backbone, word, crop, batch) / batch
        return self.seconds_an_image[dataset, backbone, word]

    def _step(self, dataset: str, backbone: str, word: str, crop: int, batch: int) -> float:
        make_deterministic(0)
        on, row = device(), METHODS.get(word)
        shape = self._shape(dataset, word if row else "full")
        trained: Objective
        if row is None:
            trained = stage_1.auto_encoder(self.params.lambda_)
        elif row.stage in ("finetune", "joint"):
            trained = stage_3.jointly(backbone, word, shape, self.params.lambda_, self.params.gamma)
        else:
            encoder = initialised(Encoder()).state_dict() if row.frozen_encoder else None
            trained = stage_2.classifier(backbone, word, shape, encoder)
        lay_out(trained.to(on))
        side = crop // (row.input_divisor if row else 1)
        images = torch.rand(batch, 3, side, side, device=on).contiguous(memory_format=torch.channels_last)
        labels = torch.zeros(batch, dtype=torch.long, device=on)
        bf16 = row is not None and uses_bf16(self.params.precision, on)
        taken = []
        for _ in range(1 + STEPS):
            start = time.perf_counter()
            with torch.autocast(on.type, torch.bfloat16, enabled=bf16):
                loss, _ = trained(images, labels)
            loss.backward()
            loss.item()
            taken.append(time.perf_counter() - start)
        return min(taken[1:])
