"""The results of tests/bench/run.py as the tables and plots of docs/performance.md."""

import pathlib
import re
import subprocess

from measure import line_through

SYNTAX, TIDY, CHECK = "clang++-19 -fsyntax-only", "clang-tidy-19, one check", "ssot check"
BEGIN, END = "<!-- ./dev bench --write: begin -->", "<!-- ./dev bench --write: end -->"


def table(titles, rows):
    """A table of Markdown; all columns but the first hold numbers."""
    lines = ["| " + " | ".join(titles) + " |", "| --- |" + " ---: |" * (len(titles) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def ms(seconds):
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


def how(section):
    how = section["how"]
    return (f"-j {how['jobs']} on {how['cores']} cores, best of {how['runs']}; load of the machine at the start {how['load']}, niceness {how['nice']}, "
            f"{how['day']}.")


def programs(costs, base):
    rows = []
    for name, cost in costs.items():
        rows.append([name, f"{cost['cpu']:.2f}", f"{cost['cpu'] / costs[base]['cpu']:.2f}", f"{cost['wall']:.2f}", f"{cost['memory']:.0f}",
                     f"{cost['memory'] / costs[base]['memory']:.2f}"])
    return table(["program", "processor, s", "ratio", "wall clock, s", "peak memory, MiB", "ratio"], rows)


def real(section):
    parts = [f"#### {name}: {project['units']} units\n\n{programs(project['programs'], SYNTAX)}"
             for name, project in section.items() if name != "how"]
    return "### Real projects\n\n" + how(section) + "\n\n" + "\n\n".join(parts)


def cold_and_warm(section):
    names = {"skip": "ssot check --skip, rules that names anchor", "named": "ssot check, rules that names anchor",
             "bodies": "ssot check, rules that need every body"}
    cold = {names.get(name, name): cost for name, cost in section["cold"].items()}
    warm = table(["`check --skip --cache`", "wall clock", "processor", "units from the cache", "looked at again", "of them parsed"],
                 [[{"fill": "nothing kept yet"}.get(name, name), ms(cost["wall"]), ms(cost["cpu"]), str(cost["read"]),
                   str(section["units"] - cost["read"]), str(cost["parsed"])] for name, cost in section["warm"].items()])
    return f"{programs(cold, SYNTAX)}\n\n{warm}"


def project(section):
    slope, intercept, fit = line_through(section["sizes"])
    return (f"### A generated project: {section['units']} units\n\n{how(section)}\n\n{cold_and_warm(section)}\n\n"
            f"Cost against units, cold: {slope * 1000:.1f} ms of processor time a unit and {intercept * 1000:.0f} ms, R² = {fit:.4f}.\n\n"
            "![cost against units](images/cost-against-units.svg)\n\n![cost against changed units](images/cost-against-changes.svg)")


def standard(section):
    return (f"### A generated project with standard headers: {section['units']} units\n\n{how(section)} Cold runs once.\n\n{cold_and_warm(section)}")


def large(section):
    rows = [[f"`check --skip --cache`, {name}", ms(section[key]["wall"]), ms(section[key]["cpu"]), f"{section[key]['memory']:.0f}"]
            for name, key in (("nothing kept yet", "fill"), ("nothing changed", "nothing changed"))]
    return f"### A generated project: 10,000 units\n\n{how(section)}\n\n{table(['run', 'wall clock', 'processor', 'peak memory, MiB'], rows)}"


def reduce(section):
    rows = [[name, ms(cost["wall"]), ms(cost["cpu"]), f"{cost['memory']:.0f}"] for name, cost in section["runs"].items()]
    slope, intercept, fit = line_through(section["points"])
    return (f"### The reduce step: 10,000 units\n\n{how(section)}\n\n"
            f"{table(['`check --facts`', 'wall clock', 'processor', 'peak memory, MiB'], rows)}\n\n"
            f"Cost of the reduce step against facts files: {slope * 1e6:.0f} µs a file and {intercept * 1000:.0f} ms, R² = {fit:.4f}.")


def migrate(section):
    rows = [[name, str(part["units"]), f"{part['edits']} in {part['files']} files", f"{part['check']['cpu']:.2f}", f"{part['migrate']['cpu']:.2f}",
             f"{part['migrate']['cpu'] / part['check']['cpu']:.2f}"] for name, part in section.items() if name != "how"]
    titles = ["project", "affected units", "edits", "`check`, processor, s", "`migrate --apply`, processor, s", "ratio"]
    return f"### Migrations\n\n{how(section)}\n\n{table(titles, rows)}"


def copies(section):
    costs = {name: cost for name, cost in section.items() if name != "how"}
    return ("### Copies\n\n" + how(section) + " jscpd compares tokens and parses nothing; `ssot discover` parses, and finds copies that were renamed, "
            "reordered and rewritten.\n\n" + programs(costs, "jscpd"))


def micro(section):
    rows = [[one["name"], f"{one['cpu_time']:.2f} {one['time_unit']}",
             f"{one['cpu_time'] / one['units'] * {'ns': 1e-3, 'us': 1, 'ms': 1e3}[one['time_unit']]:.1f} µs" if one.get("units") else ""]
            for one in section["benchmarks"]]
    return "### Single rooms\n\n" + how(section) + "\n\n" + table(["benchmark", "processor time", "a unit"], rows)


def depth(section):
    rows = [[name, f"{cost['without']['cpu']:.2f}", f"{cost['with']['cpu']:.2f}", f"{added(cost) * 100:+.1f} %"]
            for name, cost in section["checks"].items()]
    sizes = [[f"{point['lines']:,}", ms(point["deserialise"]), ms(point["link"]), ms(point["discover"]), f"{point['families']:,}"]
             for point in section["sizes"]]
    slope, _, fit = line_through([(point["lines"], point["discover"]) for point in section["sizes"]])
    return ("### Rules by content\n\n" + how(section) + " Without: names, one-definition, size-limit, a matcher. With: the same, likeness of a class and of a "
            "function, `--drift`, `factory-only` with shared state, `event-order`, `same-interface`. Both parse every unit.\n\n"
            + table(["check", "without, processor s", "with", "added"], rows)
            + "\n\nDuplicates in a generated project with bodies made at random and one copy in each unit, from facts, in processor time:\n\n"
            + table(["lines", "read", "link", "find families", "families"], sizes)
            + f"\n\nFinding families against lines: {slope * 1e6:.1f} s a million lines, R² = {fit:.4f}. Of "
            f"the {section['copies']['planted']:,} copies that were put into all of it {section['copies']['found']:,} are in one family with their original.")


def added(cost):
    return cost["with"]["cpu"] / cost["without"]["cpu"] - 1


def project_targets(part, what, row):
    """Rows about a generated project, which `what` describes."""
    cold, warm, base, units = part["cold"], part["warm"], part["cold"][SYNTAX], part["units"]
    for key, run, limit in (("skip", "cold with --skip, rules that names anchor, a tenth of the units touches the API", 0.35),
                            ("bodies", "cold, rules that need every body", 0.65)):
        if key in cold:
            ratio = cold[key]["cpu"] / base["cpu"]
            row(f"{run}: <= {limit} x syntax-only ({what})", f"{ratio:.2f} x", ratio <= limit)
    ratio = cold["skip"]["cpu"] / cold[TIDY]["cpu"]
    row(f"cold with --skip: <= 0.4 x clang-tidy with one check ({what})", f"{ratio:.2f} x", ratio <= 0.4)
    nothing = warm["nothing changed"]
    ratio = nothing["wall"] / cold["named"]["wall"]
    row(f"nothing changed, {units:,} units: <= 150 ms and <= 0.002 x cold ({what})", f"{ms(nothing['wall'])}, {ratio:.4f} x",
        nothing["wall"] <= 0.150 and ratio <= 0.002)
    source, unit = warm["one source"], part["largest_unit"]
    again = units - source["read"]
    row(f"one source changed: one unit is looked at again; <= its parse + 100 ms ({what})",
        f"{again}; {ms(source['wall'])}, where syntax-only of it takes {ms(unit['wall'])}",
        again == 1 and source["wall"] <= unit["wall"] + 0.100)
    again = units - warm["one header of ten units"]["read"]
    row(f"one header changed: only the ten units that read it are looked at again ({what})", f"{again} of {units}", again == 10)
    edited = warm["rules edited"]
    row(f"a rule edit over {units:,} units: <= 300 ms, nothing parsed ({what})", f"{ms(edited['wall'])}, {edited['parsed']} parsed",
        edited["wall"] <= 0.300 and edited["parsed"] == 0)
    for key, rules in (("named", "rules that names anchor"), ("bodies", "rules that need every body; the process that links is the largest")):
        if key in cold:
            ratio = cold[key]["memory"] / part["largest_unit"]["memory"]
            row(f"peak memory: <= 1.15 x syntax-only of the largest unit ({what}; {rules})", f"{ratio:.2f} x", ratio <= 1.15)
    if "sizes" in part:
        fit = line_through(part["sizes"])[2]
        row("cost against units: linear", f"R² = {fit:.4f}", fit >= 0.99)


def targets(results):
    """What was promised, what is measured: rows of target, figure and yes or no."""
    rows = []

    def row(target, figure, met):
        rows.append([target, figure, "yes" if met else "**no**"])

    for name, what in (("project", "generated, no header of the system"), ("standard", "generated, with standard headers")):
        if part := results.get(name):
            project_targets(part, what, row)
    for name, one in (results.get("real") or {}).items():
        if name != "how":
            costs = one["programs"]
            ratio = costs[CHECK]["memory"] / costs[SYNTAX]["memory"]
            row(f"peak memory: <= 1.15 x syntax-only of the largest unit ({name})", f"{ratio:.2f} x", ratio <= 1.15)
    if part := results.get("large"):
        nothing = part["nothing changed"]
        row("nothing changed, 10,000 units: <= 1 s", ms(nothing["wall"]), nothing["wall"] <= 1)
    if part := results.get("reduce"):
        reduced = part["runs"]["10,000 files"]
        row("reduce of 10,000 facts files: <= 10 s", ms(reduced["wall"]), reduced["wall"] <= 10)
        for name, what in (("10,000 files", "10,000 units"), ("10,000 files, --skip", "10,000 units with --skip")):
            if name not in part["runs"]:
                continue
            memory = part["runs"][name]["memory"] * 1.048576
            row(f"link and judge for {what}: <= 500 MB", f"{memory:.0f} MB", memory <= 500)
        fit = line_through(part["points"])[2]
        row("cost of the reduce step against facts files: linear", f"R² = {fit:.4f}", fit >= 0.99)
    if part := results.get("depth"):
        for name, cost in part["checks"].items():
            row(f"rules by content add <= 25 % to a check ({name})", f"{added(cost) * 100:.1f} %", added(cost) <= 0.25)
        most = max(part["sizes"], key=lambda point: point["lines"])
        seconds = most["deserialise"] + most["link"] + most["discover"]
        row("1,000,000 lines compared, from facts: < 60 s", f"{ms(seconds)} of processor time for {most['lines']:,}",
            seconds < 60 and most["lines"] >= 1_000_000)
        fit = line_through([(point["lines"], point["discover"]) for point in part["sizes"]])[2]
        row("cost of finding families against lines: linear", f"R² = {fit:.4f}", fit >= 0.99)
    for name, part in (results.get("migrate") or {}).items():
        if name != "how":
            ratio = part["migrate"]["cpu"] / part["check"]["cpu"]
            row(f"plan, verify and apply over {part['units']} affected units ({name}): <= 2.2 x a check of them", f"{ratio:.2f} x", ratio <= 2.2)
    text = table(["target", "measured", "met"], rows).replace("| --- | ---: | ---: |", "| --- | --- | --- |")
    return "### Targets\n\n" + text


SECTIONS = {"project": project, "standard": standard, "large": large, "reduce": reduce, "migrate": migrate, "real": real, "copies": copies, "micro": micro, "depth": depth}


def tables(results):
    return "\n\n".join([targets(results)] + [make(results[name]) for name, make in SECTIONS.items() if name in results])


def plot(target, title, x_title, points, with_fit):
    """A picture by gnuplot: the points, and the line through them."""
    slope, intercept, _ = line_through(points)
    data = "\n".join(f"{x} {y}" for x, y in points)
    line = f', {slope}*x+{intercept} title "{slope * 1000:.1f} ms a unit" with lines lw 2 lc rgb "#b0b0b0"' if with_fit else ""
    script = (f'set terminal svg size 720,360 font "sans-serif,13" background "#ffffff"\nset output "{target}"\nset title "{title}"\n'
              f'set xlabel "{x_title}"\nset ylabel "processor time, s"\nset xrange [0:*]\nset yrange [0:*]\nset grid\nset key left top\n'
              f"$points << EOD\n{data}\nEOD\n"
              f'plot $points title "measured" with points pt 7 ps 0.8 lc rgb "#1f77b4"{line}\n')
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def write(docs, text, results):
    """Replaces what stands between the marks of performance.md, and draws the plots."""
    page = docs / "performance.md"
    before = page.read_text()
    page.write_text(re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: f"{BEGIN}\n{text}\n{END}", before, flags=re.S))
    images = pathlib.Path(docs) / "images"
    if part := results.get("project"):
        plot(images / "cost-against-units.svg", "A cold run against the number of units", "units", part["sizes"], True)
        plot(images / "cost-against-changes.svg", "A run with a full cache, 1,000 units, against edited sources", "edited sources",
             part["changes"], True)
