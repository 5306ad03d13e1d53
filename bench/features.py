"""Indicators beside DuckDB and Polars on a simulated portfolio.

Usage: python bench/features.py PROGRAM FEATUREBENCH WORK [GROUP...]. PROGRAM is the
claimsieve binary, FEATUREBENCH bench/featurebench, and WORK a folder that keeps
the data between runs; groups are windows, catalogue, parquet, online, scaling,
all of them by default. Everything starts from Parquet files that are in the page
cache; sides take turns, medians of the pairs are compared, and every result is
compared value by value. SCALE=10M in the environment adds ten million claims.
"""

import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time

import featurepeers as peers

PAIRS = 5
HERE = pathlib.Path(__file__).parent
program, featurebench, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
DUCKDB, POLARS = f"duckdb {peers.duckdb.__version__}", f"polars {peers.pl.__version__}"
GO = {**os.environ, "GOMAXPROCS": "2"}


class Ours:
    """A featurebench that answers requests."""

    def __init__(self, threads=2):
        self.process = subprocess.Popen([featurebench], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**GO, "GOMAXPROCS": str(threads)})
        self.threads = threads

    def __call__(self, **request):
        self.process.stdin.write(json.dumps({"threads": self.threads, **request}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit("featurebench ended; its message stands above")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def say(text):
    print(text, file=sys.stderr, flush=True)


def clocked(run):
    """Seconds of the wall and of this process's processors."""
    used, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    run()
    took, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    return took, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def turns(name, ours, theirs, peer, same_work, more="", pairs=PAIRS):
    """Alternates the sides, each a function that gives seconds of wall and of
    processors, and prints the row."""
    taken = []
    for i in range(pairs):
        first, second = (ours, theirs) if i % 2 == 0 else (theirs, ours)
        a, b = first(), second()
        taken.append((a, b) if i % 2 == 0 else (b, a))
    middle = [[statistics.median(pair[side][k] for pair in taken) for side in (0, 1)] for k in (0, 1)]
    ratio = statistics.median(b[0] / a[0] for a, b in taken)
    print(f"ratio {name} {ratio:.2f} ours={middle[0][0]:.3f}s theirs={middle[0][1]:.3f}s peer={peer} same_work={same_work} cpu_ours={middle[1][0]:.2f}s cpu_theirs={middle[1][1]:.2f}s{more}", flush=True)


def differences(con, ours, theirs):
    """Compares two tables of the same claims, column by column: words and
    whole numbers exactly, others to 1 part in 10^9, since sums of doubles
    depend on their order. Any difference ends the bench."""
    types = {r[0]: r[1] for r in con.execute(f"DESCRIBE SELECT * FROM {ours}").fetchall()}
    others = [r[0] for r in con.execute(f"DESCRIBE SELECT * FROM {theirs}").fetchall()]
    columns = [c for c in types if c not in ("claim_id", "reported_at")]
    if missing := set(columns).symmetric_difference(set(others) - {"claim_id", "reported_at"}):
        sys.exit(f"only one side has the columns {sorted(missing)}")
    tests = []
    for c in columns:
        if types[c] == "VARCHAR":
            tests.append(f"count(*) FILTER (a.{c} IS DISTINCT FROM b.{c})")
        else:
            tests.append(f"count(*) FILTER ((a.{c} IS NULL) <> (b.{c} IS NULL) OR abs(a.{c}::DOUBLE - b.{c}::DOUBLE) > 1e-9 * greatest(1, abs(a.{c}::DOUBLE)))")
    found = con.execute(f"SELECT count(*), {', '.join(tests)} FROM {ours} a JOIN {theirs} b USING (claim_id)").fetchall()[0]
    rows = con.execute(f"SELECT count(*) FROM {ours}").fetchall()[0][0]
    wrong = {c: n for c, n in zip(columns, found[1:]) if n}
    if found[0] != rows or wrong:
        sys.exit(f"the results differ: {found[0]} of {rows} claims are on both sides; differences by column: {wrong}")


def vectors(ours, con, name, pipeline, data, ways, same_work):
    """A row of vectors in memory against the fastest of several queries."""
    kept = str(work / f"{name}.parquet")
    ours(do="vectors", data=str(data), pipeline=pipeline, out=kept)
    best = {}
    for way, query in ways.items():
        best[way] = clocked(lambda: con.execute(f"CREATE OR REPLACE TABLE answer AS {query}"))[0]
        differences(con, f"'{kept}'", "answer")
    way = min(best, key=best.get)

    def us():
        a = ours(do="vectors", data=str(data), pipeline=pipeline)
        return a["seconds"], a["cpu"]

    tried = ",".join(f"{w}:{s:.2f}s" for w, s in best.items())
    turns(f"{name}_vs_duckdb", us, lambda: clocked(lambda: con.execute(f"CREATE OR REPLACE TABLE answer AS {ways[way]}")), DUCKDB, same_work, f" their_way={way} ({tried})")
    con.execute("DROP TABLE answer")
    return us, kept


def against_polars(con, name, us, kept, query, same_work):
    frame = query()
    con.register("polars_answer", frame.to_arrow())
    differences(con, f"'{kept}'", "polars_answer")
    con.unregister("polars_answer")
    del frame
    turns(f"{name}_vs_polars", us, lambda: clocked(query), POLARS, same_work)


def simulated(claims):
    """The dataset of so many claims, made once."""
    folder = work / f"claims-{claims}"
    if not (folder / "dataset.yaml").exists():
        say(f"simulating {claims} claims into {folder}")
        part = work / f"claims-{claims}.part"
        shutil.rmtree(part, ignore_errors=True)
        subprocess.run([program, "data", "synth", "--claims", str(claims), "--out", str(part)], check=True, stdout=subprocess.DEVNULL)
        part.rename(folder)
    return folder


def hot(con, data):
    """The claims under fifty repair shops, with one clock."""
    folder = work / "hot"
    folder.mkdir(exist_ok=True)
    con.execute(f"""COPY (SELECT claim_id, 'RS' || (hash(claim_id) % 50)::VARCHAR hot_shop, reported_at, estimated_loss
      FROM '{data}/claims.parquet' ORDER BY reported_at, claim_id) TO '{folder}/claims.parquet' (FORMAT parquet, COMPRESSION zstd)""")
    columns = {"claim_id": "id", "hot_shop": "id", "reported_at": "time", "estimated_loss": "float"}
    lines = "".join(f"\n      - {{name: {c}, type: {t}, stage: report, title: {{en: {c}, zh: {c}}}}}" for c, t in columns.items())
    (folder / "dataset.yaml").write_text(f"""format: 1
name: hot-keys
title: {{en: Claims of fifty repair shops, zh: 五十家修理厂的赔案}}
line: motor
source: simulated; the shop is a hash of the claim's id
tables:
  claims:
    files: [claims.parquet]
    key: claim_id
    known_at: reported_at
    columns:{lines}
""")
    return folder


def declared(name, by, columns):
    """A pipeline file of aggregates by a key."""
    path = work / f"{name}.yaml"
    lines = "".join(f"  - {{name: {column}, dimension: vehicle, aggregate: {{by: {by}, {words}}}}}\n" for column, words in columns.items())
    path.write_text(f"format: 1\nname: {name}\nstage: report\nindicators:\n{lines}")
    return str(path)


def windows_rows(data):
    ours, con = Ours(), peers.connect()
    file = f"{data}/claims.parquet"
    asked = {f"{do}_{w}": f"window: {w if d is None else f'{d}d'}, do: {do}" + (", column: estimated_loss" if do != "count" else "") for w, d in peers.WINDOWS.items() for do in ("count", "sum", "max")}
    ways = {"join": peers.joined("vehicle_id", file), "lists": peers.lists("vehicle_id", file)}
    us, kept = vectors(ours, con, "windows", declared("windows", "vehicle_id", asked), data, ways, "yes")
    against_polars(con, "windows", us, kept, lambda: peers.polars_joined("vehicle_id", file), "yes")

    drivers = {f"drivers_{d}d": f"window: {d}d, do: distinct, column: driver_id" for d in (90, 365)}
    ways = {"join": peers.distinct_joined("vehicle_id", file), "latest": peers.distinct_latest("vehicle_id", file)}
    vectors(ours, con, "distinct", declared("distinct", "vehicle_id", drivers), data, ways, "yes")

    folder = hot(con, data)
    file = f"{folder}/claims.parquet"
    us, kept = vectors(ours, con, "hotkeys", declared("hotkeys", "hot_shop", asked), folder, {"frames": peers.frames("hot_shop", file)}, "yes (one clock, which is what frames have)")
    against_polars(con, "hotkeys", us, kept, lambda: peers.polars_rolling("hot_shop", file), "yes (one clock)")
    ours.close()


def built(data, pipeline, out, *more):
    """Runs claimsieve features build; seconds, processor seconds, peak bytes.
    The peak is that of the process, files that it maps included."""
    if out.is_dir():
        shutil.rmtree(out)
    out.unlink(missing_ok=True)
    began = time.perf_counter()
    p = subprocess.Popen([program, "features", "build", "--data", str(data), "--pipeline", str(pipeline), "--out", str(out), "--threads", "2", *more], stdout=subprocess.DEVNULL, env=GO)
    peak, pid = 0, 0
    while not pid:  # what wait4 says of the peak counts this process before the program began
        peak = max(peak, peak_of(p.pid))
        time.sleep(0.01)
        pid, status, used = os.wait4(p.pid, os.WNOHANG)
    took = time.perf_counter() - began
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode:
        sys.exit(f"claimsieve features build failed on {data}")
    return took, used.ru_utime + used.ru_stime, peak


def peak_of(pid):
    """The largest resident memory of a process so far, in bytes; 0 once it ended."""
    try:
        return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) * 1024
    except (OSError, AttributeError):
        return 0


def catalogue_row(data):
    ours, con = Ours(), peers.connect()
    theirs, kept, pipeline = work / "catalogue.duckdb.parquet", work / "catalogue.parquet", work / "catalogue.yaml"
    script = (HERE / "catalogue.sql").read_text().replace("{data}", str(data)).replace("{out}", str(theirs))

    def them():
        theirs.unlink(missing_ok=True)
        took = clocked(lambda: con.execute(script))
        for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
            con.execute(f"DROP TABLE {table}")
        return took

    them()
    columns = [r[0] for r in con.execute(f"DESCRIBE SELECT * FROM '{theirs}'").fetchall()][2:]
    chosen = ours(do="select", data=str(data), pipeline="motor", keep=columns, out=str(pipeline))
    ours.close()
    built(data, pipeline, kept)
    differences(con, f"'{kept}'", f"'{theirs}'")
    missing = ",".join(chosen["dropped"])
    turns("catalogue_vs_duckdb", lambda: built(data, pipeline, kept)[:2], them, DUCKDB, f"yes ({len(chosen['kept'])} indicators; left out on both sides: {missing})")


def parquet_rows(data):
    ours, con = Ours(threads=1), peers.connect(threads=1)
    types = described(data)
    columns = [{"name": c, "type": t} for c, t in types.items()][:30]
    for codec in ("zstd", "snappy"):
        file = f"{data}/claims.parquet"
        if codec == "snappy":
            file = str(work / "claims.snappy.parquet")
            con.execute(f"COPY (SELECT {', '.join(c['name'] for c in columns)} FROM '{data}/claims.parquet') TO '{file}' (FORMAT parquet, COMPRESSION snappy)")
        query = peers.scan_query(file, columns)
        mine, other = ours(do="scan", file=file, columns=columns)["sums"], con.execute(query).fetchall()[0]
        for i, s in enumerate(mine):
            count, total = other[2 * i : 2 * i + 2]
            if columns[i]["type"] == "float":
                same = abs(s["sum"] - total) <= 1e-9 * abs(total)
            else:
                same = s["whole"] == (int(total) + 2**63) % 2**64 - 2**63  # ours wraps around
            if s["count"] != count or not same:
                sys.exit(f"column {columns[i]['name']} of {file}: we found {s}, DuckDB count {count} and sum {total}")

        def us():
            a = ours(do="scan", file=file, columns=columns)
            return a["seconds"], a["cpu"]

        turns("parquet_vs_duckdb" if codec == "zstd" else "parquet_snappy_vs_duckdb", us, lambda: clocked(lambda: con.execute(query).fetchall()), DUCKDB, f"yes ({mine[0]['count']} rows x {len(columns)} columns, {codec}, 1 thread, every column summed)")
    ours.close()


def described(data):
    """Names and types of the columns of the claims table of a dataset."""
    text = (data / "dataset.yaml").read_text()
    claims = re.search(r"^    claims:\n(.*?)(?=^    \w|\Z)", text, re.M | re.S).group(1)
    return dict(re.findall(r"- name: (\w+)\n\s+type: (\w+)", claims))


def online_rows(data):
    for name, skip in (("online", []), ("online_without_text", ["text"])):
        ours, pipeline = Ours(), work / f"{name}.yaml"
        chosen = ours(do="select", data=str(data), pipeline="motor", skip=skip, out=str(pipeline))
        a = ours(do="online", data=str(data), pipeline=str(pipeline))
        ours.close()
        print(f"{name} claims={a['claims']} indicators={len(chosen['kept'])} p50={a['p50']:.1f}us p90={a['p90']:.1f}us p99={a['p99']:.1f}us bytes_a_claim={a['state_bytes'] / a['claims']:.0f} snapshot={a['snapshot_bytes'] / 1e6:.0f}MB restore={a['snapshot_bytes'] / 1e6 / a['restore']:.0f}MB/s build={a['build']:.1f}s", flush=True)


def scaling_rows():
    sizes = [10_000, 100_000, 1_000_000] + ([10_000_000] if os.environ.get("SCALE") == "10M" else [])
    for claims in sizes:
        took, used, peak = built(simulated(claims), "motor", work / "scaling", "--memory", "4GiB")
        print(f"scaling claims={claims} pipeline=motor seconds={took:.1f} cpu={used:.1f} us_a_claim={took * 1e6 / claims:.1f} peak_rss={peak / 2**20:.0f}MiB memory=4GiB", flush=True)


ROWS = {"windows": windows_rows, "catalogue": catalogue_row, "parquet": parquet_rows, "online": online_rows, "scaling": lambda data: scaling_rows()}

work.mkdir(parents=True, exist_ok=True)
big = simulated(1_000_000)
for path in big.glob("*.parquet"):
    path.read_bytes()  # into the page cache
for row in sys.argv[4:] or ROWS:
    say(f"{row}: load {os.getloadavg()[0]:.1f}")
    ROWS[row](big)
