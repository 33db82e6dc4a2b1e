"""The page of bench/locking, from what was measured."""

import json
import statistics

STRATEGIES = {
    "optimistic": "optimistic",
    "pessimistic": "pessimistic",
    "simple": "simple lock",
    "spin": "spin lock",
    "pubsub": "pub/sub lock",
    "actor_postgres": "**actor**, PostgreSQL",
    "actor_local": "**actor**, local store",
}
OPERATIONS = ("charge", "booking", "payment")
LOADS = [(10, 1), (100, 1), (1000, 1), (1000, 1000)]

# The seed's own: ms, CPU %, conflicts %, success %.
SEED = {
    "optimistic": (50, 20, 10, 90),
    "pessimistic": (100, 15, 0, 100),
    "simple": (70, 25, 5, 95),
    "spin": (60, 80, 5, 95),
    "pubsub": (90, 10, 2, 98),
}
CPU = ("client_us", "redis_us", "postgres_us")


def cpu(figures):
    return sum(figures[part] for part in CPU)


def success(figures):
    return 1 - figures["gave_up"] / figures["operations"]


def conflicts(figures):
    """For a hundred operations."""
    return 100 * figures["conflicts"] / figures["operations"]


def percent(share):
    """Never 100 % where something is missing."""
    return "100" if share == 1 else f"{min(100 * share, 99.9):.1f}"


def line(f):
    return (f"{f['operation']:8} {f['at_once']:5}/{f['entities']:<5} {f['strategy']:15} "
            f"p50 {f['p50_ms']:8.2f} p99 {f['p99_ms']:8.2f} ms  CPU {f['client_us']:6.1f} + "
            f"{f['redis_us']:6.1f} + {f['postgres_us']:6.1f} us  conflicts {conflicts(f):7.1f} %  "
            f"success {percent(success(f)):5} %  {f['a_second']:8.0f}/s  "
            f"{'right' if f['right'] else 'WRONG'}")


def read(results):
    """What the file holds; nothing where there is none."""
    if not results.exists():
        return []
    return [json.loads(text) for text in results.read_text(encoding="utf-8").splitlines()]


def key(f):
    return f["operation"], f["at_once"], f["entities"], f["strategy"]


def least_disturbed(lines):
    """(operation, at once, entities, strategy) -> the figures of its fastest round: whatever else
    the machine does only slows it down. Successes and conflicts are those of all rounds."""
    groups = {}
    for f in lines:
        groups.setdefault(key(f), []).append(f)
    return {what: {**max(rounds, key=lambda f: f["a_second"]),
                   **{name: sum(f[name] for f in rounds)
                      for name in ("operations", "conflicts", "gave_up")},
                   "right": all(f["right"] for f in rounds),
                   "rounds": len(rounds)}
            for what, rounds in groups.items()}


def name_of(load):
    return f"{load[0]:,} at once, " + ("one entity" if load[1] == 1 else f"{load[1]:,} entities")


def of_load(figures, operation, load):
    return {strategy: figures[operation, *load, strategy] for strategy in STRATEGIES
            if (operation, *load, strategy) in figures}


def table(of):
    yield ("| | p50 ms | p99 ms | CPU µs: service | Redis | PostgreSQL | all | conflicts % | "
           "success % | a second | books |")
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
    fastest = min(f["p99_ms"] for f in of.values())
    cheapest = min(cpu(f) for f in of.values())
    for strategy, f in of.items():
        p99, all_cpu = f"{f['p99_ms']:.2f}", f"{cpu(f):.0f}"
        if f["p99_ms"] == fastest:
            p99 = f"**{p99}**"
        if cpu(f) == cheapest:
            all_cpu = f"**{all_cpu}**"
        yield (f"| {STRATEGIES[strategy]} | {f['p50_ms']:.2f} | {p99} | {f['client_us']:.0f} | "
               f"{f['redis_us']:.0f} | {f['postgres_us']:.0f} | {all_cpu} | {conflicts(f):.1f} | "
               f"{percent(success(f))} | {f['a_second']:,.0f} | "
               f"{'right' if f['right'] else 'WRONG'} |")


def against_seed(figures):
    yield ("| | seed: ms | CPU % | conflicts % | success % | here: p50 ms | p99 ms | "
           "CPU % of a core | conflicts % | success % |")
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for strategy, f in of_load(figures, "charge", (10, 1)).items():
        seed = " | ".join(map(str, SEED.get(strategy, ("", "", "", ""))))
        yield (f"| {STRATEGIES[strategy]} | {seed} | {f['p50_ms']:.2f} | {f['p99_ms']:.2f} | "
               f"{100 * cpu(f) * f['a_second'] / 1e6:.0f} | {conflicts(f):.1f} | "
               f"{percent(success(f))} |")


def verdict(figures):
    """The actors beside the best of the five."""
    yield ("| | the best p99 of the five, ms | actor, PostgreSQL | actor, local | "
           "the least CPU of the five, µs | actor, PostgreSQL | actor, local |")
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for operation in OPERATIONS:
        for load in LOADS:
            of = of_load(figures, operation, load)
            # Who gives up answers at once: no answer to beat.
            peers = {s: f for s, f in of.items()
                     if not s.startswith("actor") and success(f) >= 0.99}
            if not peers or len(of) < len(STRATEGIES):
                continue
            row = [f"{operation}, {name_of(load)}"]
            for figure, digits in ((lambda f: f["p99_ms"], 2), (cpu, 0)):
                who = min(peers, key=lambda s: figure(peers[s]))
                best = figure(peers[who])
                row.append(f"{best:.{digits}f} ({STRATEGIES[who]})")
                for actor in ("actor_postgres", "actor_local"):
                    ratio = figure(of[actor]) / best
                    text = f"{figure(of[actor]):.{digits}f} ({ratio:.2f})"
                    row.append(f"**{text}**" if ratio < 1 else text)
            yield "| " + " | ".join(row) + " |"


def who_gives_up(figures):
    """Where a strategy that is no peer answers sooner, or for less, than the actor on PostgreSQL."""
    for figure, what in ((lambda f: f["p99_ms"], "p99"), (cpu, "CPU")):
        lower = []
        for operation in OPERATIONS:
            for load in LOADS:
                of = of_load(figures, operation, load)
                actor = of.get("actor_postgres")
                lower += [f"{operation}, {name_of(load)} ({STRATEGIES[s]}, which serves "
                          f"{percent(success(f))} %)" for s, f in of.items()
                          if actor and success(f) < 0.99 and figure(f) < figure(actor)]
        yield (f"Lower {what} than the actor's on PostgreSQL while giving up: "
               + ("; ".join(lower) if lower else "nowhere") + ".")
        yield ""


def page(about, figures, lines):
    counts = {f["rounds"] for f in figures.values()}
    rounds = "–".join(map(str, sorted({min(counts), max(counts)})))
    busy = statistics.median(f["cores_busy"] for f in lines)
    text = [
        "# The locking strategies, and the actor", "",
        "Written by `bench/locking/run.py`; what it means: [BENCHMARKS.md](../BENCHMARKS.md).", "",
        f"{about['day']}; {about['machine']}. PostgreSQL {about['postgres']} (`fsync` "
        f"{about['fsync']}, `synchronous_commit` {about['synchronous_commit']}, 256 MB of shared "
        f"buffers), Redis {about['redis']} (keeps nothing on disk), both private, on loopback and "
        f"on the same cores; rounds: {rounds}, of each line the one least "
        "disturbed (conflicts and success: of all); "
        f"{busy:.1f} cores busy in the median, preparation included.", "",
        "![p99 and CPU of each](locking.svg)", "",
        "## What is measured", "",
        "N requests arrive at once, and the next burst when all are answered; a time runs from the "
        "burst's arrival to an answer, waiting in line included. The first burst does not count.",
        "",
        f"- **The five** run in a service of {about['connections']} workers (fewer when fewer "
        "requests arrive), each with a connection to PostgreSQL and to Redis: prepared statements "
        "on libpq, pipelined (a read and a write are a round trip each), change and history in "
        "one statement; no index, foreign key or constraint that the statements don't need.",
        "- *optimistic*: a version column, ten attempts at most, pauses from 1 to 50 ms, random. "
        "*pessimistic*: `SELECT … FOR UPDATE`. *simple lock*: `SET NX PX`, released by Lua if the "
        "token is still the holder's; one attempt. *spin lock*: again after 1 to 16 ms, random, "
        "for ten seconds. *pub/sub lock*: again when a release is told, which wakes the one of "
        "this process who has waited longest; one subscription for all.",
        "- **The actor** is boxoffice's engine in the same process, 2 threads and the journal's, "
        "all of its rules in force: tokens, sale hours, limits, reservations, indexes and "
        "constraints. Once with PostgreSQL as the store (its commit comes before the answer), once "
        "with the embedded store, which syncs as well.",
        "- *charge*: adds to a wallet. *booking*: of a seat, all by other users; a burst has seats "
        "of its own. *payment*: of a pending booking (debit, confirmation, history); on one entity "
        "the same booking by all requests, which must be paid once.",
        "- **CPU**: of all processes, those that have ended too, by `/proc`, for each operation; "
        "the service's includes the load's. **conflicts**: versions that had changed, locks that "
        "were not free, commits that failed, for a hundred operations. **success**: answers other "
        "than \"try again\"; a rightful \"taken\" or \"paid already\" is one. **books**: afterwards "
        "every balance is the sum of its entries and of what was answered, every seat has exactly "
        "one booking, every booking was paid once.", "",
        "## The actor beside the best of the five", "",
        "In brackets the ratio; bold where the actor is better. A strategy that gives up more than "
        "1 % is no peer here: what it refuses has to come again.", "",
        *verdict(figures), "", *who_gives_up(figures),
        "## The seed's figures", "",
        "Its table, 10 at once, machine and operation not named, beside a charge here, 10 at once "
        "on one wallet.", "",
        *against_seed(figures), "",
    ]
    for operation in OPERATIONS:
        text += [f"## {operation.capitalize()}", ""]
        for load in LOADS:
            if of := of_load(figures, operation, load):
                text += [f"### {operation.capitalize()}: {name_of(load)}", "", *table(of), ""]
    return "\n".join(text).rstrip() + "\n"
