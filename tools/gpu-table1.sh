#!/bin/sh
# The five models of Table 1, trained on CIFAR-10 and attacked with the paper's attacks: sized for a GPU with ten minutes.
#
#     tools/gpu-table1.sh DATA OUT [OPTION ..]
#
# DATA is as for `racnn train` (cifar10:DIR, or bundled), OUT gets bundles, report and the time of each step, and the options go to
# every command, for example `--device cuda:1`. Started again, it goes on where it was stopped. The environment makes it smaller:
# EPOCHS and EXTRACTOR_EPOCHS of the trainings, LIMIT images attacked by FGSM, iFGSM and DeepFool, SLOW of them by L-BFGS and Boundary,
# whose steps are computed one image at a time on the processor. An empty BUILD takes the build for processors.
set -eu

[ $# -ge 2 ] || { echo "usage: tools/gpu-table1.sh DATA OUT [OPTION ..]" >&2; exit 2; }
data=$1
out=$2
shift 2
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=${BUILD--Pgpu}
epochs=${EPOCHS:-8}
extractor_epochs=${EXTRACTOR_EPOCHS:-10}
limit=${LIMIT:-1000}
slow=${SLOW:-100}
mkdir -p "$out"

timed() {
    step=$1
    shift
    begin=$(date +%s)
    # shellcheck disable=SC2086
    "$here/racnn" $build "$@"
    echo "$step: $(($(date +%s) - begin)) s" | tee -a "$out/seconds.txt"
}

# Trains a model, or goes on with it, and builds its index.
train() {
    bundle=$out/$1
    shift
    resume=
    [ ! -e "$bundle/settings.yaml" ] || resume=--resume
    timed "train ${bundle##*/}" train --data "$data" --out "$bundle" $resume --set "training.epochs=$epochs" "$@"
}

train baseline --set model=baseline --set "training.epochs=$((2 * epochs))" "$@"
for k in 5 10; do
    for mixup in "" -mixup; do
        # phi' is the same for all of them: the first trains it, the others take it over.
        name=racnn-k$k$mixup
        steps=0
        [ -z "$mixup" ] || steps=5
        extractor=$out/racnn-k5
        [ "$name" != racnn-k5 ] || extractor=
        train "$name" ${extractor:+--extractor "$extractor"} --set "extractor.epochs=$extractor_epochs" --set "retrieval.neighbours=$k" \
            --set "localMixup.steps=$steps" "$@"
        [ -e "$out/$name/candidates/manifest.json" ] ||
            timed "index $name" index build --model "$out/$name" --data "$data" "$@"
    done
done

attack() {
    suite=$1
    images=$2
    shift 2
    timed "attack $suite, $images images" evaluate --baseline "$out/baseline" \
        --model "$out/racnn-k5" --model "$out/racnn-k10" --model "$out/racnn-k5-mixup" --model "$out/racnn-k10-mixup" \
        --data "$data" --suite "$suite" --limit "$images" --out "$out/report-$suite" "$@"
}
attack table1 "$limit" "$@"
[ "$slow" -eq 0 ] || attack paper "$slow" "$@"
