"""What DuckDB and Polars do in bench/features.py: each question in the ways
that looked fast, of which the fastest is timed. An event is seen at t when it
was known before t and happened within the window before it.
"""

import os

os.environ["POLARS_MAX_THREADS"] = "2"  # read when Polars is loaded

import duckdb
import polars as pl

DAY = 86_400_000_000
WINDOWS = {"30d": 30, "90d": 90, "365d": 365, "forever": None}


def connect(threads=2):
    con = duckdb.connect()
    con.execute(f"SET threads = {threads}; SET memory_limit = '16GB'; SET preserve_insertion_order = false; SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    return con


def frames(key, path):
    """One clock, as RANGE frames have: what happened is known at once."""
    windows, columns = [], []
    for name, days in WINDOWS.items():
        first = "UNBOUNDED PRECEDING" if days is None else f"{days * DAY} PRECEDING"
        windows.append(f"w{name} AS (PARTITION BY k ORDER BY t RANGE BETWEEN {first} AND 1 PRECEDING)")
        columns += [f"count(*) OVER w{name} count_{name}", f"coalesce(sum(x) OVER w{name}, 0) sum_{name}", f"max(x) OVER w{name} max_{name}"]
    return f"""SELECT claim_id, {', '.join(columns)} FROM (SELECT claim_id, {key} k, epoch_us(reported_at) t, estimated_loss x FROM read_parquet('{path}'))
      WINDOW {', '.join(windows)}"""


def joined(key, path):
    """A self join on the key; two clocks."""
    pairs, columns = [], []
    for name, days in WINDOWS.items():
        inside = "true" if days is None else f"e.h >= c.t - {days * DAY}"
        pairs += [f"count(*) FILTER ({inside}) count_{name}", f"sum(e.x) FILTER ({inside}) sum_{name}", f"max(e.x) FILTER ({inside}) max_{name}"]
        columns += [f"coalesce(count_{name}, 0) count_{name}", f"coalesce(sum_{name}, 0) sum_{name}", f"max_{name}"]
    return f"""WITH t AS MATERIALIZED ({events(key, path, 'estimated_loss x')}),
      p AS (SELECT c.n, {', '.join(pairs)} FROM t c JOIN t e ON c.k = e.k AND e.t < c.t GROUP BY c.n)
      SELECT claim_id, {', '.join(columns)} FROM t LEFT JOIN p USING (n)"""


def lists(key, path):
    """The key's claims in a list, filtered for each of them; two clocks."""
    columns = []
    for name, days in WINDOWS.items():
        inside = "e.t < c.t" + ("" if days is None else f" AND e.h >= c.t - {days * DAY}")
        seen = f"[e.x FOR e IN g IF {inside}]"
        columns += [f"len({seen}) count_{name}", f"coalesce(list_sum({seen}), 0) sum_{name}", f"list_max({seen}) max_{name}"]
    return f"""WITH t AS ({events(key, path, 'estimated_loss x')}), l AS (SELECT list({{'t': t, 'h': h, 'x': x, 'id': claim_id}}) g FROM t GROUP BY k),
      u AS (SELECT unnest(g) c, g FROM l) SELECT c.id claim_id, {', '.join(columns)} FROM u"""


def events(key, path, value):
    return f"SELECT file_row_number::INTEGER n, claim_id, {key} k, epoch_us(happened_at) h, epoch_us(reported_at) t, {value} FROM read_parquet('{path}', file_row_number = true)"


def distinct_joined(key, path):
    counts = [f"count(DISTINCT e.d) FILTER (e.h >= c.t - {days * DAY}) drivers_{days}d" for days in (90, 365)]
    return f"""WITH t AS MATERIALIZED ({events(key, path, 'driver_id d')}), p AS (SELECT c.n, {', '.join(counts)} FROM t c JOIN t e ON c.k = e.k AND e.t < c.t GROUP BY c.n)
      SELECT claim_id, coalesce(drivers_90d, 0) drivers_90d, coalesce(drivers_365d, 0) drivers_365d FROM t LEFT JOIN p USING (n)"""


def distinct_latest(key, path):
    """Each driver's latest claim first, then a count of those in the window."""
    return f"""WITH t AS MATERIALIZED ({events(key, path, 'driver_id d')}),
      q AS (SELECT c.n, e.d, min(c.t - e.h) age FROM t c JOIN t e ON c.k = e.k AND e.t < c.t WHERE e.d IS NOT NULL GROUP BY c.n, e.d),
      p AS (SELECT n, count(*) FILTER (age <= {90 * DAY}) drivers_90d, count(*) FILTER (age <= {365 * DAY}) drivers_365d FROM q GROUP BY n)
      SELECT claim_id, coalesce(drivers_90d, 0) drivers_90d, coalesce(drivers_365d, 0) drivers_365d FROM t LEFT JOIN p USING (n)"""


def polars_joined(key, path):
    """A self join in Polars; two clocks."""
    t = pl.scan_parquet(path).select("claim_id", pl.col(key).alias("k"), pl.col("happened_at").alias("h"), pl.col("reported_at").alias("t"), pl.col("estimated_loss").alias("x")).with_row_index("n")
    pairs = t.select("n", "k", "t").join(t.select("k", pl.col("t").alias("et"), "h", "x"), on="k").filter(pl.col("et") < pl.col("t"))
    columns = []
    for name, days in WINDOWS.items():
        inside = pl.lit(True) if days is None else pl.col("h") >= pl.col("t") - pl.duration(days=days)
        x = pl.col("x").filter(inside) if days is not None else pl.col("x")
        columns += [(inside.sum() if days is not None else pl.len()).alias(f"count_{name}"), x.sum().alias(f"sum_{name}"), x.max().alias(f"max_{name}")]
    found = t.select("n", "claim_id").join(pairs.group_by("n").agg(columns), on="n", how="left").drop("n")
    return found.with_columns([pl.col(f"{do}_{name}").fill_null(0) for name in WINDOWS for do in ("count", "sum")]).collect()


def polars_rolling(key, path):
    """Rolling groups in Polars; one clock."""
    t = pl.scan_parquet(path).select("claim_id", pl.col(key).alias("k"), pl.col("reported_at").alias("t"), pl.col("estimated_loss").alias("x")).sort("k", "t").collect()
    out = [t.select("claim_id")]
    for name, days in WINDOWS.items():
        x = pl.col("x")
        rolled = t.rolling("t", period=f"{days or 36500}d", group_by="k", closed="left").agg(pl.len().alias(f"count_{name}"), x.sum().alias(f"sum_{name}"), x.max().alias(f"max_{name}"))
        out.append(rolled.sort("k", "t").drop("k", "t"))  # claims of one instant have the same answers
    return pl.concat(out, how="horizontal")


def scan_query(path, columns):
    """Sums of every column, so that all of it has to be read: counts, sums of
    numbers, of the bytes of texts, of microseconds, of days and of truths."""
    sums = []
    for c in columns:
        name = c["name"]
        value = {"float": name, "int": name, "bool": f"{name}::INTEGER", "time": f"epoch_us({name})", "date": f"{name} - DATE '1970-01-01'"}.get(c["type"], f"strlen({name})")
        sums += [f"count({name})", f"sum({value})"]
    return f"SELECT {', '.join(sums)} FROM read_parquet('{path}')"
