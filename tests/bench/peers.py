#!/usr/bin/env python3
"""One library that users would pick instead, on one core: speed, memory, recall.

  peers.py NAME default|best ARTICLES.jsonl PAIRS.tsv

NAME: datasketch, rensa, gaoya or FastSketchLSH. Texts are prepared as a careful user would: NFKC,
letters and digits in lower case, slices of 5. Each article is looked up, then inserted. `default`
asks for threshold .5 and leaves the rest to the library; `best` is 128 hashes in 32 bands of 4, the
setting with the best recall. PAIRS are "earlier later jaccard" by positions in the file. Prints one
line of JSON: articles a second from raw text and with shingles given (CPU time), bytes an article
(what the process grew by), and the share of pairs found at J >= .3, .4, .5.
"""
import gc
import json
import os
import sys
import time
import unicodedata

LEVELS = (.3, .4, .5)


def shingles(text):
    text = unicodedata.normalize("NFKC", text).lower()
    units = "".join(filter(str.isalnum, text))
    return list({units[i:i + 5] for i in range(max(1, len(units) - 4))})


def datasketch(best):
    from datasketch import MinHash, MinHashLSH
    lsh = MinHashLSH(params=(32, 4), num_perm=128) if best else MinHashLSH(.5, num_perm=128)

    def add(number, given):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([shingle.encode() for shingle in given])
        found = lsh.query(sketch)
        lsh.insert(number, sketch)
        return found
    return add


def rensa(best):
    from rensa import RMinHash, RMinHashLSH
    lsh = RMinHashLSH(threshold=.5, num_perm=128, num_bands=32 if best else 16)

    def add(number, given):
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update(given)
        found = lsh.query(sketch)
        lsh.insert(number, sketch)
        return found
    return add


def FastSketchLSH(best):
    from FastSketchLSH import LSH, FastSimilaritySketch
    sketcher = FastSimilaritySketch(128)
    lsh = LSH(128, 32 if best else 16, num_threads=1)

    def add(number, given):  # it numbers what is inserted
        sketch = sketcher.batch([given], num_threads=1)
        found = lsh.query(sketch[0])
        lsh.insert(sketch)
        return found
    return add


def gaoya(best):
    # Its own analyzer cuts texts into slices, and its queries check signatures against a threshold.
    from gaoya.minhash import MinHashStringIndex
    if best:
        index = MinHashStringIndex(hash_size=32, jaccard_threshold=.3, num_bands=32, band_size=4,
                                   analyzer="char", ngram_range=(5, 5))
    else:
        index = MinHashStringIndex(hash_size=32, jaccard_threshold=.5, num_bands=25, band_size=5,
                                   analyzer="char", ngram_range=(5, 5))

    def add(number, text):
        units = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).lower()))
        found = index.query(units)
        index.insert_document(number, units)
        return found
    return add


def resident():
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def run(add, items):
    """What each item found, and the CPU seconds of all."""
    begin = time.process_time()
    found = [add(number, item) for number, item in enumerate(items)]
    return found, time.process_time() - begin


def main():
    name, setting, articles, pairs = sys.argv[1:]
    make = {f.__name__: f for f in (datasketch, rensa, FastSketchLSH, gaoya)}[name]
    with open(articles, encoding="utf8") as lines:
        texts = [json.loads(line)["body"] for line in lines]
    takes_text = name == "gaoya"
    add = make(setting == "best")
    gc.collect()
    before = resident()
    found, raw = run(add if takes_text else lambda number, text: add(number, shingles(text)), texts)
    gc.collect()
    found = [set(each) for each in found]
    grown = resident() - before
    given = None
    if not takes_text:
        _, given = run(make(setting == "best"), [shingles(text) for text in texts])
    hits, all_pairs = [0] * 3, [0] * 3
    with open(pairs, encoding="ascii") as lines:
        for line in lines:
            earlier, later, jaccard = line.split()
            for i, level in enumerate(LEVELS):
                if float(jaccard) >= level:
                    all_pairs[i] += 1
                    hits[i] += int(earlier) in found[int(later)]
    print(json.dumps({
        "name": name, "setting": setting, "raw": round(len(texts) / raw),
        "given": given and round(len(texts) / given), "bytes": round(grown / len(texts)),
        "recall": [round(h / max(1, a), 4) for h, a in zip(hits, all_pairs)]}))


if __name__ == "__main__":
    main()
