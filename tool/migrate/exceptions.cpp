#include "migrate/exceptions.h"

#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSet.h>

#include <map>
#include <set>

namespace ssot {

namespace {

/// A class that is thrown or caught somewhere.
struct Event {
  std::string name;            ///< of the class
  std::set<std::string> names; ///< by which it is caught
  std::string file;
  std::size_t begin, end;               ///< of what is thrown, or of the type that is caught
  std::size_t guardedBegin, guardedEnd; ///< by a handler
  std::uint32_t line;

  bool goesBy(const std::string &other) const { return names.contains(other); }
};

Event eventOf(const UnitFacts &facts, const ConversionFact &fact) {
  Event event{facts.strings[fact.name],
              {},
              facts.files[fact.value.file].path,
              fact.value.begin,
              fact.value.end,
              fact.place.begin,
              fact.place.end,
              fact.value.line};
  event.names.insert(event.name);
  llvm::StringRef bases = facts.strings[fact.text];
  if (bases.consume_front("caught as "))
    for (llvm::StringRef base : llvm::split(bases, ", "))
      event.names.insert(base.str());
  return event;
}

std::vector<Event> eventsOf(const UnitFacts &facts, ValueKind kind) {
  std::vector<Event> events;
  for (const ConversionFact &fact : facts.conversions)
    if (fact.kind == kind)
      events.push_back(eventOf(facts, fact));
  return events;
}

/// What a class is called by a rule that replaces its name, or that of a namespace or class around it; empty when the
/// rule does not.
std::string renamed(llvm::StringRef name, const NameReplacement &by) {
  if (!name.consume_front(by.old) || !(name.empty() || name.starts_with("::")))
    return std::string();
  return by.replacement + name.str();
}

class ExceptionCheck {
public:
  ExceptionCheck(Verification &verification, llvm::ArrayRef<UnitOutcome> before, llvm::ArrayRef<Rule> rules)
      : Proof(verification), Before(before), Rules(rules) {
    for (std::size_t unit = 0; unit < Before.size(); ++unit) {
      const UnitFacts &facts = factsNow(Proof, Before, unit);
      llvm::append_range(Thrown, eventsOf(facts, ValueKind::Exception));
      llvm::append_range(Caught, eventsOf(facts, ValueKind::Handler));
      for (const SymbolFact &symbol : Before[unit].facts.symbols)
        if (symbol.kind == SymbolKind::Class && !symbol.inProject)
          Foreign.insert(Before[unit].facts.strings[symbol.name]);
    }
    // What the project throws itself is what it catches.
    for (const UnitOutcome &outcome : Before)
      for (const Event &thrown : eventsOf(outcome.facts, ValueKind::Exception))
        for (const std::string &name : thrown.names)
          Foreign.erase(name);
  }

  std::vector<LeftEdit> run() {
    for (const auto &[unit, facts] : Proof.facts) {
      for (const Event &handler : eventsOf(Before[unit].facts, ValueKind::Handler))
        look(handler,
             [&](const std::string &old, const std::string &replacement) { return stillThrown(old, replacement); });
      for (const Event &exception : eventsOf(Before[unit].facts, ValueKind::Exception))
        look(exception,
             [&](const std::string &old, const std::string &replacement) { return stillCaught(old, replacement); });
    }
    return takeOut(Proof.edits, Taken);
  }

private:
  /// Takes out the edits of an event as it was if \p obstacle says why. What a handler guards stays with it, since the
  /// new functions may throw the new class.
  void look(const Event &event, llvm::function_ref<std::string(const std::string &, const std::string &)> obstacle) {
    for (const Rule &rule : Rules) {
      const auto *names = std::get_if<LegacyNameRule>(&rule.body);
      for (const NameReplacement &name : names ? llvm::ArrayRef(names->replace) : llvm::ArrayRef<NameReplacement>()) {
        std::string replacement = renamed(event.name, name);
        if (replacement.empty())
          continue;
        std::vector<std::size_t> edits = editsOf(event, rule, name.replacement);
        if (std::string why = edits.empty() ? std::string() : obstacle(event.name, replacement); !why.empty())
          take(edits, why);
        else if (edits.empty())
          take(editsWithin(Proof.edits, event.file, event.guardedBegin, event.guardedEnd),
               quoted(event.name) + " is still caught, at " + event.file + ":" + std::to_string(event.line));
      }
    }
  }

  void take(llvm::ArrayRef<std::size_t> edits, const std::string &why) {
    for (std::size_t edit : edits)
      Taken.emplace(edit, why);
  }

  /// The edits in the event, or when its class comes by another name, those of its file.
  std::vector<std::size_t> editsOf(const Event &event, const Rule &rule, const std::string &target) const {
    auto isOf = [&](std::size_t i) { return Proof.edits[i].rule == rule.id && Proof.edits[i].target == target; };
    std::vector<std::size_t> edits = editsWithin(Proof.edits, event.file, event.begin, event.end);
    llvm::erase_if(edits, [&](std::size_t i) { return !isOf(i); });
    auto remains = [&](const Event &other) { return other.file == event.file && other.name == event.name; };
    if (edits.empty() && llvm::none_of(Caught, remains) && llvm::none_of(Thrown, remains))
      for (std::size_t i = 0; i < Proof.edits.size(); ++i)
        if (Proof.edits[i].file == event.file && isOf(i))
          edits.push_back(i);
    return edits;
  }

  std::string stillThrown(const std::string &old, const std::string &replacement) const {
    for (const Event &event : Thrown)
      if (event.goesBy(old) && !event.goesBy(replacement))
        return quoted(event.name) + " is still thrown, at " + event.file + ":" + std::to_string(event.line);
    return Foreign.contains(old) ? quoted(old) + " may be thrown by code outside of the project" : std::string();
  }

  std::string stillCaught(const std::string &old, const std::string &replacement) const {
    for (const Event &event : Caught)
      if (event.name == old && isThrown(replacement, old))
        return quoted(old) + " is still caught, at " + event.file + ":" + std::to_string(event.line);
    return std::string();
  }

  bool isThrown(const std::string &name, const std::string &otherwise) const {
    return llvm::any_of(Thrown, [&](const Event &event) { return event.goesBy(name) && !event.goesBy(otherwise); });
  }

  Verification &Proof;
  llvm::ArrayRef<UnitOutcome> Before;
  llvm::ArrayRef<Rule> Rules;
  std::vector<Event> Thrown, Caught; ///< as things are after the edits
  llvm::StringSet<> Foreign;         ///< classes that others declare, and nobody throws here
  std::map<std::size_t, std::string> Taken;
};

} // namespace

std::vector<LeftEdit> takeUncaught(Verification &verification, llvm::ArrayRef<UnitOutcome> before,
                                   llvm::ArrayRef<Rule> rules) {
  return ExceptionCheck(verification, before, rules).run();
}

} // namespace ssot
