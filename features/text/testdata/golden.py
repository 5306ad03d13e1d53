"""Prints golden.txt: hashes and signatures of package text, from the definitions
in hash.go and not from its code. Usage: python3 golden.py > golden.txt
Columns: text (already in normal form), shingle length, first and last
shingle hash, the 120 bytes of the signature."""
M = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(x):
    x ^= x >> 30
    x = x * 0xBF58476D1CE4E5B9 & M
    x ^= x >> 27
    x = x * 0x94D049BB133111EB & M
    return x ^ x >> 31


def gram(runes, salt):
    n = len(runes)
    total = sum(mix(ord(r) + 1 ^ salt) * pow(0xD1342543DE82EF95, n - 1 - i, 1 << 64) for i, r in enumerate(runes))
    return mix(total & M ^ salt)


def signature(hashes, n, seed):
    state, out = mix(seed ^ 1), []
    for _ in range(n):
        state = state + GOLDEN & M
        mul = mix(state) | 1
        state = state + GOLDEN & M
        add = mix(state)
        out.append(mix(min((mul * h + add & M) >> 32 for h in hashes)) >> 56)
    return bytes(out)


for text, k in [
    ("夜间标的车在路口追尾前方车辆前保险杠受损已报警现场无监控", 4),
    ("the insured vehicle was hit from behind at a red light", 4),
    ("abcdefgh", 8),
    ("一二三四五六七八九十", 3),
]:
    seed = 0
    hashes = [gram(text[i:i + k], mix(seed ^ 2)) for i in range(len(text) - k + 1)]
    print(f"{text}\t{k}\t{hashes[0]:016x}\t{hashes[-1]:016x}\t{signature(hashes, 120, seed).hex()}")
