// command/profile.h - where the time of a run went: a table for a person, and a trace for a viewer.
//
// Phases follow one another; what a phase consists of (a unit, a rule, a report) lies within it, units side by side,
// one row for each worker. Nothing is measured unless it was asked for.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>

#include <chrono>
#include <string>
#include <vector>

namespace ssot {

class Profile {
public:
  using Clock = std::chrono::steady_clock;

  /// Measures from its construction to its end; does nothing without a profile.
  class Span {
  public:
    Span(Profile *profile, const char *kind, llvm::StringRef name)
        : Into(profile), Kind(kind), Name(profile ? name.str() : std::string()),
          Begin(profile ? Clock::now() : Clock::time_point()) {}
    Span(const Span &) = delete;
    Span &operator=(const Span &) = delete;
    ~Span() {
      if (Into)
        Into->add(Kind, std::move(Name), Begin, Clock::now() - Begin);
    }

  private:
    Profile *Into;
    const char *Kind;
    std::string Name;
    Clock::time_point Begin;
  };

  static constexpr char kPhase[] = "phase";
  static constexpr char kUnit[] = "unit";
  static constexpr char kRule[] = "rule";
  static constexpr char kReport[] = "report";

  /// \param row 0: this process; else the number of a worker.
  void add(const char *kind, std::string name, Clock::time_point begin, Clock::duration time, unsigned row = 0);

  /// Phases in order, then the slowest units and rules.
  void writeTable(llvm::raw_ostream &out) const;
  /// In Chrome's Trace Event Format, which chrome://tracing and Perfetto read. Times are microseconds since the run
  /// began.
  void writeTrace(llvm::raw_ostream &out) const;

private:
  struct Entry {
    const char *kind;
    std::string name;
    Clock::duration begin, time;
    unsigned row;
  };
  std::vector<const Entry *> slowest(llvm::StringRef kind) const;
  void writeSlowest(const char *kind, const char *title, llvm::raw_ostream &out) const;

  Clock::time_point Start = Clock::now();
  std::vector<Entry> Entries;
};

/// \returns what \p work gives, measured when there is a profile.
template <typename Work>
auto timed(Profile *profile, const char *kind, llvm::StringRef name, Work work) {
  Profile::Span span(profile, kind, name);
  return work();
}

} // namespace ssot
