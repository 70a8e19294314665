// rooms_bench [OPTION...] ARCHIVE RULES - what link, judge, discover and serialise cost: the reduce step without
// reading and reporting.
//
// ARCHIVE is what `ssot extract` wrote with the rule file RULES. Each benchmark counts all of its units: `units` says
// how many.

#include "config/load.h"
#include "facts/pieces.h"
#include "facts/serialize.h"
#include "judge/discover.h"
#include "judge/judge.h"
#include "link/index.h"
#include "store/unit_record.h"

#include <llvm/ADT/StringMap.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace ssot {
namespace {

/// Ends the program with what is wrong.
template <typename T>
T must(llvm::Expected<T> value) {
  if (value)
    return std::move(*value);
  llvm::errs() << "rooms_bench: " << llvm::toString(value.takeError()) << '\n';
  std::exit(2);
}

/// The facts of each unit, with all of their pieces.
std::vector<std::string> serialisedUnits(const char *archive) {
  auto buffer = must(llvm::errorOrToExpected(llvm::MemoryBuffer::getFile(archive, false, false)));
  std::vector<std::string> units;
  llvm::StringMap<std::string> pieces;
  for (llvm::StringRef rest = buffer->getBuffer(); !rest.empty();) {
    FactsRecord record = must(takeRecord(rest));
    if (const auto *piece = std::get_if<PieceRecord>(&record))
      pieces.try_emplace(bytesOf(digestOf(piece->bytes)), piece->bytes.str());
    if (const auto *unit = std::get_if<UnitRecord>(&record)) {
      std::string bytes = unit->facts;
      for (const FactsPiece &piece : must(readCut(unit->facts)).pieces)
        bytes += pieces[bytesOf(piece.name)];
      units.push_back(std::move(bytes));
    }
  }
  return units;
}

std::vector<UnitFacts> read(const std::vector<std::string> &serialised) {
  std::vector<UnitFacts> units;
  for (const std::string &bytes : serialised)
    units.push_back(must(joined(bytes)));
  return units;
}

Index linked(std::vector<UnitFacts> units) {
  Linker linker;
  for (UnitFacts &unit : units)
    linker.add(std::move(unit));
  return linker.finish();
}

void addBenchmarks(const std::vector<std::string> &serialised, const Config &config) {
  auto add = [&](const char *name, auto run) {
    benchmark::RegisterBenchmark(name, [&serialised, run](benchmark::State &state) {
      state.counters["units"] = static_cast<double>(serialised.size());
      run(state);
    })->Unit(benchmark::kMillisecond);
  };
  add("serialise", [units = read(serialised)](benchmark::State &state) {
    for (auto _ : state)
      for (const UnitFacts &unit : units)
        benchmark::DoNotOptimize(serialize(unit));
  });
  add("deserialise", [&serialised](benchmark::State &state) {
    for (auto _ : state)
      benchmark::DoNotOptimize(read(serialised));
  });
  add("link", [&serialised](benchmark::State &state) {
    for (auto _ : state) {
      state.PauseTiming();
      std::vector<UnitFacts> units = read(serialised);
      state.ResumeTiming();
      benchmark::DoNotOptimize(linked(std::move(units)));
    }
  });
  add("judge", [&serialised, &config](benchmark::State &state) {
    Index index = linked(read(serialised));
    for (auto _ : state)
      for (const Rule &rule : config.rules)
        benchmark::DoNotOptimize(judge(JudgeContext{index, config, rule}));
  });
  add("discover", [&serialised, &config](benchmark::State &state) {
    Index index = linked(read(serialised));
    for (auto _ : state)
      state.counters["families"] = static_cast<double>(discoverFamilies(index, config).size());
  });
}

} // namespace
} // namespace ssot

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 3) {
    llvm::errs() << "usage: rooms_bench [--benchmark_...] ARCHIVE RULES\n";
    return 2;
  }
  std::vector<std::string> serialised = ssot::serialisedUnits(argv[1]);
  ssot::Config config = ssot::must(ssot::loadConfig(argv[2], {}, {}));
  ssot::addBenchmarks(serialised, config);
  benchmark::RunSpecifiedBenchmarks();
}
