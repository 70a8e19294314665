#include "migrate/headers.h"

#include <llvm/ADT/STLExtras.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

namespace ssot {

namespace {

using Choices = std::map<std::size_t, std::size_t>; ///< by edit

/// Which of the edits of includes are to keep more again, and their next choice.
/// \param wider the choices that are known to do.
Choices missedHeaders(Trial &trial, const Trial::Units &units, const Choices &wider) {
  Suspects suspects = trial.suspects();
  Choices missed;
  for (std::size_t unit : units) {
    if (!trial.fails(unit))
      continue;
    std::vector<std::size_t> reaching = suspects.reaching(trial.before(unit));
    bool found = false;
    for (const DiagnosticFact &error : errorsOf(trial.outcome(unit)))
      if (std::optional<Suspects::Wider> more = suspects.widened(reaching, trial.before(unit), error);
          more && wider.contains(more->edit)) {
        std::size_t &choice = missed[more->edit];
        choice = std::min(keepingBoth(trial.edits[more->edit], choice, more->choice), wider.at(more->edit));
        found = true;
      }
    if (found)
      continue;
    Choices candidates;
    for (std::size_t i : reaching)
      if (wider.contains(i))
        candidates.emplace(i, wider.at(i));
    if (std::optional<Suspects::Wider> helpful = helpfulHeader(trial, unit, candidates))
      candidates = {{helpful->edit, helpful->choice}};
    for (const auto &[i, choice] : candidates)
      missed[i] = std::max(missed[i], choice);
  }
  return missed.empty() && (trial.anyFails(units) || !trial.allResolve()) ? wider : missed;
}

/// An old header may have become needless that was kept while other edits were wrong, or before another file came to
/// keep it. Each is left out, and comes back where a unit misses it.
void keepWhatIsMissed(Trial &trial) {
  Choices wider;
  for (std::size_t i = 0; i < trial.edits.size(); ++i)
    if (Edit &edit = trial.edits[i]; edit.isInclude() && edit.choice != 0) {
      wider.emplace(i, std::exchange(edit.choice, 0));
      trial.touch(edit.file);
    }
  Waves waves(trial);
  for (Trial::Units next = waves.next(); !next.empty();) {
    trial.parse(next);
    Choices missed = missedHeaders(trial, next, wider);
    for (const auto &[i, choice] : missed) {
      trial.edits[i].choice = choice;
      trial.touch(trial.edits[i].file);
      if (choice >= wider.at(i))
        wider.erase(i);
    }
    next = waves.next(!missed.empty());
  }
}

/// Tries a choice for each of some edits, which no unit reads two of. One that does not do is taken back.
/// \returns the edits whose choice does.
std::set<std::size_t> tryChoices(Trial &trial, const Choices &choices) {
  Choices was;
  Trial::Units first; // a unit of each: most of what is missed shows there already
  for (const auto &[i, choice] : choices) {
    Edit &edit = trial.edits[i];
    was[i] = std::exchange(edit.choice, choice);
    trial.touch(edit.file);
    first.insert(*trial.readers(edit.file).begin());
  }
  Trial::Outcomes said = trial.said(trial.stale());
  std::set<std::size_t> done;
  auto takeBackFailed = [&](bool isLast) {
    Trial::Outcomes again;
    for (auto entry = was.begin(); entry != was.end();) {
      auto [i, choice] = *entry;
      const Trial::Units &readers = trial.readers(trial.edits[i].file);
      bool fails = trial.anyFails(readers) || (isLast && !trial.resolvesIn(readers));
      if (fails) {
        trial.edits[i].choice = choice;
        for (std::size_t unit : readers)
          again.insert(said.extract(unit));
      } else if (isLast) {
        done.insert(i);
      }
      entry = fails || isLast ? was.erase(entry) : std::next(entry);
    }
    if (!again.empty())
      trial.putBack(std::move(again));
  };
  trial.parse(first);
  takeBackFailed(false);
  trial.parse(Trial::Units(trial.stale()));
  takeBackFailed(true);
  return done;
}

/// Takes from each of the edits, which no unit reads two of, the old headers without which its readers compile. One
/// that is missed is missed as well when still others are left out.
void tryFewer(Trial &trial, const std::vector<std::size_t> &edits) {
  std::map<std::size_t, std::vector<std::size_t>> failed;
  for (;;) {
    Choices next;
    for (std::size_t i : edits) {
      const Edit &edit = trial.edits[i];
      for (std::size_t choice = edit.choice; choice-- > 0;)
        if (keepsAlso(edit, edit.choice, choice) &&
            llvm::none_of(failed[i], [&](std::size_t more) { return keepsAlso(edit, more, choice); })) {
          next.emplace(i, choice);
          break;
        }
    }
    if (next.empty())
      return;
    std::set<std::size_t> done = tryChoices(trial, next);
    for (auto [i, choice] : next)
      if (!done.contains(i))
        failed[i].push_back(choice);
  }
}

/// An old header that came back first may be needless since another came back, also in the same block, or since another
/// edit has changed: what is missed once a name is not known is not always what an error speaks of. Those of sources
/// are tried together, since each concerns its own unit alone, and then those of headers.
void dropNeedless(Trial &trial) {
  std::vector<std::size_t> sources, headers;
  Trial::Units taken; // units that a source in `sources` concerns
  for (std::size_t i = 0; i < trial.edits.size(); ++i) {
    const Edit &edit = trial.edits[i];
    if (!edit.isInclude() || edit.choice == 0 || edit.kept[edit.choice].empty())
      continue;
    const Trial::Units &readers = trial.readers(edit.file);
    bool single = readers.size() == 1 && taken.insert(*readers.begin()).second;
    (single ? sources : headers).push_back(i);
  }
  if (!sources.empty())
    tryFewer(trial, sources);
  for (std::size_t i : headers)
    tryFewer(trial, {i});
}

} // namespace

void keepFewestHeaders(Trial &trial) {
  keepWhatIsMissed(trial);
  dropNeedless(trial);
}

std::optional<Suspects::Wider> helpfulHeader(Trial &trial, std::size_t unit,
                                             const std::map<std::size_t, std::size_t> &widest) {
  const std::string message = messageOf(trial.outcome(unit));
  for (const auto &[i, last] : widest) {
    auto helps = [&, edit = i](std::size_t choice) {
      std::vector<Edit> edits = trial.edits;
      edits[edit].choice = choice;
      return messageOf(trial.asked(unit, edits)) != message;
    };
    if (!helps(last))
      continue;
    const Edit &edit = trial.edits[i];
    std::size_t choice = edit.choice + 1;
    while (choice < last && !(keepsAlso(edit, choice, edit.choice) && helps(choice)))
      ++choice;
    return Suspects::Wider{i, choice};
  }
  return std::nullopt;
}

} // namespace ssot
