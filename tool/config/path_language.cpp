#include "config/path_language.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringExtras.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace ssot {

namespace {

constexpr std::size_t kMostStates = 5000;

/// The endings that make a path worth asking about; others are judged no earlier than something includes them.
constexpr llvm::StringLiteral kEndings[] = {".cpp", ".h", ".hpp", ".cc", ".hh", ".cxx", ".hxx", ".c", ".inl", ".ipp"};

enum class GlobStepKind { Exactly, NotSlash, StarInFolder, Anything, Folders };

/// One step of a glob.
struct GlobStep {
  GlobStepKind kind = GlobStepKind::Exactly;
  char c = 0; ///< of Exactly
};

/// The same reading of a glob as Glob::compile's.
std::vector<GlobStep> stepsOf(llvm::StringRef glob) {
  std::vector<GlobStep> steps;
  bool atFolder = true;
  while (!glob.empty()) {
    if (atFolder && glob.consume_front("**/")) {
      steps.push_back({GlobStepKind::Folders});
      continue;
    }
    if (glob.consume_front("**")) {
      steps.push_back({GlobStepKind::Anything});
      atFolder = false;
      continue;
    }
    char next = glob.front();
    glob = glob.drop_front();
    atFolder = next == '/';
    steps.push_back(next == '*'   ? GlobStep{GlobStepKind::StarInFolder}
                    : next == '?' ? GlobStep{GlobStepKind::NotSlash}
                                  : GlobStep{GlobStepKind::Exactly, next});
  }
  if (atFolder)
    steps.push_back({GlobStepKind::Anything});
  return steps;
}

/// Where a glob may be: before step i (2 i), or within a folder that step i passes over (2 i + 1).
using Positions = std::set<std::size_t>;

class Automaton {
public:
  explicit Automaton(llvm::StringRef glob) : Steps(stepsOf(glob)) {}

  Positions start() const {
    Positions positions;
    enter(0, positions);
    return positions;
  }

  Positions step(const Positions &from, char c) const {
    Positions to;
    for (std::size_t position : from) {
      std::size_t at = position / 2;
      if (at == Steps.size())
        continue;
      const GlobStep &step = Steps[at];
      switch (step.kind) {
      case GlobStepKind::Exactly:
        if (c == step.c)
          enter(at + 1, to);
        break;
      case GlobStepKind::NotSlash:
        if (c != '/')
          enter(at + 1, to);
        break;
      case GlobStepKind::StarInFolder:
        if (c != '/')
          enter(at, to);
        break;
      case GlobStepKind::Anything:
        enter(at, to);
        break;
      case GlobStepKind::Folders:
        c == '/' ? enter(at, to) : static_cast<void>(to.insert(2 * at + 1));
        break;
      }
    }
    return to;
  }

  bool accepts(const Positions &positions) const { return positions.count(2 * Steps.size()); }
  llvm::ArrayRef<GlobStep> steps() const { return Steps; }

private:
  /// What may match nothing may be passed over.
  void enter(std::size_t at, Positions &positions) const {
    positions.insert(2 * at);
    if (at < Steps.size() && Steps[at].kind != GlobStepKind::Exactly && Steps[at].kind != GlobStepKind::NotSlash)
      enter(at + 1, positions);
  }

  std::vector<GlobStep> Steps;
};

/// All globs at once, the endings behind them.
struct GlobState {
  std::vector<Positions> globs;
  bool insideName = false; ///< the path so far ends within a name

  friend bool operator<(const GlobState &a, const GlobState &b) {
    return std::tie(a.insideName, a.globs) < std::tie(b.insideName, b.globs);
  }
};

class Search {
public:
  explicit Search(llvm::ArrayRef<const Glob *> globs) : Asked(globs.size()) {
    for (const Glob *glob : globs)
      Automata.emplace_back(glob->text());
    for (llvm::StringRef ending : kEndings)
      Automata.emplace_back(("**/?*" + ending).str());
    std::set<char> letters{'/'};
    for (const Automaton &automaton : Automata)
      for (const GlobStep &step : automaton.steps())
        if (step.kind == GlobStepKind::Exactly)
          letters.insert(step.c);
    // One letter stands for all that no glob names.
    for (char c : llvm::StringRef("xyzabcdefghijklmnopqrstuvw0123456789_"))
      if (letters.insert(c).second)
        break;
    // Slashes last: of two paths of one length the one with fewer folders reads better.
    Letters.assign(letters.rbegin(), letters.rend());
    std::stable_partition(Letters.begin(), Letters.end(), [](char c) { return c != '/'; });
  }

  PathSearch run(llvm::function_ref<bool(llvm::ArrayRef<bool>)> wanted) {
    GlobState start;
    for (const Automaton &automaton : Automata)
      start.globs.push_back(automaton.start());
    std::map<GlobState, std::string> seen{{start, ""}};
    std::deque<const std::pair<const GlobState, std::string> *> todo{&*seen.begin()};
    while (!todo.empty()) {
      const auto &[state, path] = *todo.front();
      todo.pop_front();
      if (state.insideName && isWanted(state, wanted))
        return {path, true};
      if (seen.size() > kMostStates)
        return {std::nullopt, false};
      for (char c : Letters) {
        if (c == '/' && !state.insideName)
          continue;
        auto [next, isNew] = seen.try_emplace(after(state, c), path + c);
        if (isNew)
          todo.push_back(&*next);
      }
    }
    return {};
  }

private:
  GlobState after(const GlobState &state, char c) const {
    GlobState next;
    next.insideName = c != '/';
    for (std::size_t i = 0; i < Automata.size(); ++i)
      next.globs.push_back(Automata[i].step(state.globs[i], c));
    return next;
  }

  bool isWanted(const GlobState &state, llvm::function_ref<bool(llvm::ArrayRef<bool>)> wanted) const {
    llvm::SmallVector<bool, 16> matches;
    bool isCode = false;
    for (std::size_t i = 0; i < Automata.size(); ++i)
      if (i < Asked)
        matches.push_back(Automata[i].accepts(state.globs[i]));
      else
        isCode |= Automata[i].accepts(state.globs[i]);
    return isCode && wanted(matches);
  }

  std::size_t Asked;
  std::vector<Automaton> Automata;
  std::vector<char> Letters;
};

} // namespace

PathSearch findPath(llvm::ArrayRef<const Glob *> globs, llvm::function_ref<bool(llvm::ArrayRef<bool>)> wanted) {
  return Search(globs).run(wanted);
}

} // namespace ssot
