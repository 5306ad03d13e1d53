"""The independent reader and writer that the tests compare with: pyarrow.

    oracle.py write DIR      writes files of every codec, page version and encoding
    oracle.py read FILE...   prints one JSON object per flat column and file
"""
import datetime
import decimal
import itertools
import json
import math
import random
import sys
import uuid

import pyarrow as pa
import pyarrow.parquet as pq


def kind_of(t):
    if pa.types.is_dictionary(t):
        return kind_of(t.value_type)
    if pa.types.is_boolean(t):
        return "bool"
    if pa.types.is_integer(t):
        return "int"
    if pa.types.is_floating(t) or pa.types.is_decimal(t):
        return "float"
    if pa.types.is_timestamp(t):
        return "time"
    if pa.types.is_date32(t):
        return "date"
    if pa.types.is_string(t) or pa.types.is_large_string(t):
        return "text"
    if pa.types.is_binary(t) or pa.types.is_large_binary(t) or pa.types.is_fixed_size_binary(t):
        return "bytes"
    if isinstance(t, pa.UuidType):
        return "uuid"
    return None


def number(x):
    x = float(x)
    return "nan" if math.isnan(x) else x.hex() if not math.isinf(x) else str(x)


def text(column, kind):
    t = column.type
    if kind == "time":
        per = {"s": 1_000_000, "ms": 1_000, "us": 1}.get(t.unit)
        raw = column.cast(pa.int64()).to_pylist()
        return [None if x is None else str(x * per if per else x // 1000) for x in raw]
    if kind == "date":
        return [None if x is None else str(x) for x in column.cast(pa.int32()).to_pylist()]
    values = column.to_pylist()
    if kind == "float":
        return [None if x is None else number(x) for x in values]
    if kind == "bytes":
        try:
            return [None if x is None else x.decode("utf-8") for x in values]
        except UnicodeDecodeError:
            return None
    if kind == "bool":
        return [None if x is None else ("1" if x else "0") for x in values]
    return [None if x is None else str(x) for x in values]


def read(paths):
    for path in paths:
        try:
            f = pq.ParquetFile(path, coerce_int96_timestamp_unit="us")
            schema = f.schema_arrow
        except Exception as e:
            print(json.dumps({"file": path, "error": str(e)}))
            continue
        for i, field in enumerate(schema):
            kind = kind_of(field.type)
            if kind is None:
                continue
            try:
                column = f.read(columns=[field.name]).column(0).combine_chunks()
                values = text(column, kind)
            except Exception as e:
                print(json.dumps({"file": path, "column": field.name, "error": str(e)}))
                continue
            if values is not None:
                print(json.dumps({"file": path, "column": field.name, "kind": "text" if kind in ("bytes", "uuid") else kind, "values": values}))


def table(n, seed):
    r = random.Random(seed)

    def sometimes(f, null=0.15):
        return [None if r.random() < null else f() for _ in range(n)]

    def instant(unit):
        return sometimes(lambda: r.randrange(-4 * 10**9, 4 * 10**9) * {"s": 1, "ms": 1000, "us": 10**6, "ns": 10**9}[unit] + (r.randrange(10**9) if unit == "ns" else 0))

    words = ["", "a", "北京", "上海", "Ünïcode", "x" * 300] + ["w%d" % i for i in range(40)]
    columns = {
        "required": pa.array(range(n), pa.int64()),
        "runs": pa.array([i // 37 % 3 == 0 for i in range(n)], pa.bool_()),
        "flags": pa.array(sometimes(lambda: r.random() < 0.5), pa.bool_()),
        "allnull": pa.array([None] * n, pa.float64()),
        "null_type": pa.nulls(n),
        "f16": pa.array(sometimes(lambda: r.gauss(0, 100)), pa.float64()).cast(pa.float32()).cast(pa.float16(), safe=False),
        "f32": pa.array(sometimes(lambda: r.gauss(0, 1)), pa.float32()),
        "f64": pa.array(sometimes(lambda: r.choice([r.gauss(0, 1), float("nan"), float("inf"), -0.0, 5e-324])), pa.float64()),
        "words": pa.array(sometimes(lambda: r.choice(words)), pa.string()),
        "mostly": pa.array(sometimes(lambda: "claim-%06d" % r.randrange(10**6), 0.9), pa.string()),
        "ids": pa.array(["claim-%06d" % i for i in range(n)], pa.large_string()),
        "raw": pa.array(sometimes(lambda: r.choice(words).encode()), pa.binary()),
        "fixed": pa.array(sometimes(lambda: "%05d" % r.randrange(10**5)), pa.string()).cast(pa.binary()).cast(pa.binary(5)),
        "uuid": pa.array(sometimes(lambda: uuid.UUID(int=r.getrandbits(128)).bytes), pa.uuid()),
        "date": pa.array(sometimes(lambda: datetime.date(1900, 1, 1) + datetime.timedelta(r.randrange(100000))), pa.date32()),
        "zoned": pa.array(instant("us"), pa.timestamp("us", tz="Asia/Shanghai")),
    }
    for w in (8, 16, 32, 64):
        columns["i%d" % w] = pa.array(sometimes(lambda: r.randrange(-(2 ** (w - 1)), 2 ** (w - 1))), getattr(pa, "int%d" % w)())
        columns["u%d" % w] = pa.array(sometimes(lambda: r.randrange(min(2**w, 2**63))), getattr(pa, "uint%d" % w)())
    for unit in ("ms", "us", "ns"):
        columns["t_" + unit] = pa.array(instant(unit), pa.timestamp(unit))
        columns["z_" + unit] = pa.array(instant(unit), pa.timestamp(unit, tz="UTC"))
    for precision, scale in ((7, 2), (16, 4), (25, 6), (38, 20)):
        with decimal.localcontext() as context:
            context.prec = 60
            d = sometimes(lambda: decimal.Decimal(r.randrange(-(10**precision) + 1, 10**precision)).scaleb(-scale))
        columns["d%d" % precision] = pa.array(d, pa.decimal128(precision, scale))
    return pa.table(columns)


ENCODINGS = {
    "i32": "DELTA_BINARY_PACKED", "i64": "DELTA_BINARY_PACKED", "u16": "DELTA_BINARY_PACKED", "required": "DELTA_BINARY_PACKED",
    "words": "DELTA_BYTE_ARRAY", "ids": "DELTA_BYTE_ARRAY", "mostly": "DELTA_LENGTH_BYTE_ARRAY", "raw": "DELTA_LENGTH_BYTE_ARRAY",
    "fixed": "DELTA_BYTE_ARRAY", "f32": "BYTE_STREAM_SPLIT", "f64": "BYTE_STREAM_SPLIT", "u32": "BYTE_STREAM_SPLIT", "u64": "BYTE_STREAM_SPLIT",
    "uuid": "BYTE_STREAM_SPLIT", "d38": "BYTE_STREAM_SPLIT", "flags": "RLE", "runs": "RLE",
}


def write(folder):
    rows = 1700
    sizes = {"data_page_size": 3000, "row_group_size": 700, "write_batch_size": 64}
    t = table(rows, 1)
    required = pa.schema([pa.field(f.name, f.type, nullable=f.name not in ("required", "runs", "ids")) for f in t.schema])
    t = t.cast(required)
    codecs = ["none", "snappy", "gzip", "zstd", "brotli"]
    for codec, version, dictionary in itertools.product(codecs, ("1.0", "2.0"), (False, True)):
        name = "%s/%s_v%s_%s.parquet" % (folder, codec, version[0], "dict" if dictionary else "plain")
        pq.write_table(t, name, compression=codec, data_page_version=version, use_dictionary=dictionary,
                       write_page_checksum=dictionary, dictionary_pagesize_limit=2000, **sizes)
    for codec, version in itertools.product(("none", "zstd"), ("1.0", "2.0")):
        pq.write_table(t, "%s/encodings_%s_v%s.parquet" % (folder, codec, version[0]), compression=codec, data_page_version=version,
                       use_dictionary=False, column_encoding={k: v for k, v in ENCODINGS.items()}, **sizes)
    stamps = t.select(["t_ns", "z_us"])
    pq.write_table(stamps, folder + "/int96.parquet", use_deprecated_int96_timestamps=True, **sizes)
    pq.write_table(t.slice(0, 0), folder + "/empty.parquet")


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2])
    else:
        read(sys.argv[2:])
