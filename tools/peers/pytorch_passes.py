"""Times the passes of the paper's networks (appendix, section 7) in Python's PyTorch, as its users would write them.

    python tools/peers/pytorch_passes.py [--threads 1] [--rounds 5] [--json FILE] [--pgd MODEL.pt]

Prints images per second, median of the rounds, of: phi and phi' one after the other (an answer without retrieval, or a candidate of an
index), the gradient of a loss of g(phi(x)) by the image (a step of an attack on a baseline), and a training step of g(phi(x)) with
batches of 128, random crop and mirror and Adam, in fp32 and in bf16 by autocast. Each in PyTorch's own memory layout and channels-last.
With --pgd, instead, 40 steps of PGD within Linf 1/255 on 64 random images of 32x32 against a TorchScript classifier, the loop as short as it can be.
The counterparts are `racnn bench infer`, `bench attack` and `bench train`.
"""

import argparse
import json
import statistics
import time

import torch
from torch import nn


class Crop(nn.Module):
    """The 9x9 in the middle of an 11x11 map."""

    def forward(self, x):
        return x[:, :, 1:10, 1:10]


def stack(first_relu):
    def block(inputs, outputs, stride, relu=True):
        layers = [nn.Conv2d(inputs, outputs, 3, stride, bias=False), nn.BatchNorm2d(outputs)]
        return layers + ([nn.ReLU()] if relu else [])

    return [*block(3, 96, 1, first_relu), *block(96, 96, 1), *block(96, 96, 2), *block(96, 192, 1), Crop(), *block(192, 192, 2, False)]


def head(*widths):
    layers = []
    for inputs, outputs in zip(widths, widths[1:-1]):
        layers += [nn.Linear(inputs, outputs, bias=False), nn.BatchNorm1d(outputs), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


phi = nn.Sequential(*stack(False), nn.Conv2d(192, 256, 4), nn.Flatten())
g = head(256, 64, 10)
phi_prime = nn.Sequential(*stack(True), nn.Flatten())
g_prime = head(3072, 512, 128, 10)


def answer(images, _labels):
    with torch.inference_mode():
        phi(images)
        phi_prime(images)


def gradient(images, labels):
    images = images.detach().requires_grad_()
    nn.functional.cross_entropy(g(phi(images)), labels).backward()


def training(bf16):
    model = nn.Sequential(phi, g)
    adam = torch.optim.Adam(model.parameters(), 1e-4)

    def step(images, labels):
        padded = nn.functional.pad(images, (4, 4, 4, 4))
        top, left = torch.randint(0, 9, (2, len(images))).tolist()
        crops = torch.stack([p[:, y : y + 32, x : x + 32] for p, y, x in zip(padded, top, left)])
        mirrored = torch.rand(len(images)) < 0.5
        crops[mirrored] = crops[mirrored].flip(3)
        if images.is_contiguous(memory_format=torch.channels_last):
            crops = crops.contiguous(memory_format=torch.channels_last)
        adam.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            loss = nn.functional.cross_entropy(model(crops), labels)
        loss.backward()
        adam.step()

    return step


def pgd(model, images, labels):
    low, high = (images - 1 / 255).clamp(0, 1), (images + 1 / 255).clamp(0, 1)
    points = images
    for _ in range(40):
        points = points.detach().requires_grad_()
        nn.functional.cross_entropy(model(points), labels).backward()
        points = torch.min(torch.max(points + points.grad.sign() / 4 / 255, low), high)


def time_pgd(file, rounds):
    model = torch.jit.load(file).eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    images, labels = torch.rand(64, 3, 32, 32), torch.randint(0, 10, (64,))
    speeds = []
    for turn in range(rounds + 1):
        start = time.perf_counter()
        pgd(model, images, labels)
        if turn > 0:
            speeds.append(64 / (time.perf_counter() - start))
    print(f"PGD, 40 steps: {statistics.median(speeds):.1f} images/s ({min(speeds):.1f} to {max(speeds):.1f})")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--json")
    options.add_argument("--pgd")
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(1)
    if chosen.pgd:
        time_pgd(chosen.pgd, chosen.rounds)
        return
    labels = torch.randint(0, 10, (128,))
    contenders = {}
    for layout, name in ((torch.contiguous_format, "NCHW"), (torch.channels_last, "NHWC")):
        images = torch.rand(128, 3, 32, 32).contiguous(memory_format=layout)
        for what, run, training_mode, steps in (
            ("phi and phi'", answer, False, 4),
            ("gradient of g(phi(x))", gradient, False, 3),
            ("training step, fp32", training(False), True, 2),
            ("training step, bf16", training(True), True, 3),
        ):
            contenders[f"{what}, {name}"] = (run, training_mode, steps, images, layout)
    speeds = {name: [] for name in contenders}
    for turn in range(chosen.rounds + 1):
        for name, (run, training_mode, steps, images, layout) in contenders.items():
            for network in (phi, g, phi_prime, g_prime):
                network.to(memory_format=layout).train(training_mode).requires_grad_(training_mode)
            start = time.perf_counter()
            for _ in range(steps):
                run(images, labels)
            if turn > 0:
                speeds[name].append(128 * steps / (time.perf_counter() - start))
    result = {name: {"median": statistics.median(s), "min": min(s), "max": max(s)} for name, s in speeds.items()}
    for name, speed in result.items():
        print(f"{name:36} {speed['median']:7.0f} images/s ({speed['min']:.0f} to {speed['max']:.0f})")
    if chosen.json:
        with open(chosen.json, "w") as file:
            json.dump({"torch": torch.__version__, "threads": chosen.threads, "imagesPerSecond": result}, file, indent=2)


if __name__ == "__main__":
    main()
