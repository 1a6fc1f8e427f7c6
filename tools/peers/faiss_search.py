"""Times FAISS on keys in a file, one thread, k = 10, as a peer of `racnn bench retrieval`.

    python tools/peers/faiss_search.py --write DIR       # 50,000 keys and 1,000 queries of 128 numbers: DIR/keys.npy, DIR/queries.npy
    python tools/peers/faiss_search.py --keys DIR/keys.npy --queries DIR/queries.npy [--rounds 5] [--json FILE]
    ./racnn bench retrieval --keys DIR/keys.npy --queries DIR/queries.npy --engine exact --engine hnsw:m=16,build=200

Keys are drawn from 300 Gaussians of intrinsic dimension 12, queries like them. Printed are queries per second of processor time (median of the rounds),
recall of the ten nearest, and the seconds that building takes.
"""

import argparse
import json
import statistics
import time

import faiss
import numpy as np

K = 10


def write(folder):
    random = np.random.default_rng(1)
    centres, axes = random.normal(size=(300, 128)), random.normal(size=(300, 12, 128)) / np.sqrt(12)
    cluster = random.integers(300, size=51_000)
    points = centres[cluster] + np.einsum("ni,nid->nd", random.normal(size=(51_000, 12)), axes[cluster])
    points = (points + 0.05 * random.normal(size=points.shape)).astype(np.float32)
    np.save(f"{folder}/keys.npy", points[:50_000])
    np.save(f"{folder}/queries.npy", points[50_000:])


def speed(index, queries, batch, rounds):
    found, speeds = None, []
    for turn in range(rounds + 1):
        start = time.process_time()
        found = np.concatenate([index.search(queries[i : i + batch], K)[1] for i in range(0, len(queries), batch)])
        if turn > 0:
            speeds.append(len(queries) / (time.process_time() - start))
    return statistics.median(speeds), found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write")
    options.add_argument("--keys")
    options.add_argument("--queries")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--json")
    chosen = options.parse_args()
    if chosen.write:
        write(chosen.write)
        return
    if not chosen.keys or not chosen.queries:
        options.error("--keys and --queries are required, unless keys are written with --write")
    faiss.omp_set_num_threads(1)
    keys, queries = np.load(chosen.keys), np.load(chosen.queries)
    flat = faiss.IndexFlatL2(keys.shape[1])
    flat.add(keys)
    lines = []
    truth = None
    for batch in (1000, 128, 1):
        queries_per_second, found = speed(flat, queries, batch, chosen.rounds)
        truth = found if truth is None else truth
        lines.append({"index": "flat", "batch": batch, "queriesPerSecond": queries_per_second, "recall": 1.0})
    graph = faiss.IndexHNSWFlat(keys.shape[1], 16)
    graph.hnsw.efConstruction = 200
    start = time.process_time()
    graph.add(keys)
    seconds = time.process_time() - start
    for breadth in (24, 32, 50, 100, 200):
        graph.hnsw.efSearch = breadth
        queries_per_second, found = speed(graph, queries, 128, chosen.rounds)
        recall = np.mean([len(set(a) & set(b)) / K for a, b in zip(found, truth)])
        lines.append({"index": f"hnsw M=16 ef={breadth}", "batch": 128, "queriesPerSecond": queries_per_second, "recall": recall, "buildSeconds": seconds})
    for line in lines:
        print("  ".join(f"{name} {value:.4f}" if isinstance(value, float) else f"{name} {value}" for name, value in line.items()))
    if chosen.json:
        with open(chosen.json, "w") as file:
            json.dump({"faiss": faiss.__version__, "keys": len(keys), "dimension": keys.shape[1], "threads": 1, "indexes": lines}, file, indent=2)


if __name__ == "__main__":
    main()
