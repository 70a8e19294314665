#include "migrate/meaning.h"

#include "facts/words.h"
#include "judge/sites.h"
#include "migrate/blame.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/Support/FormatVariadic.h>

#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace ssot {

namespace {

bool isNameCharacter(char c) { return isWordByte(c) || c == ':'; }

/// Where the places of edited files were before the edits. All that an edit has written is at the edit's begin, but for
/// the operands of a rewritten call.
class Places {
public:
  explicit Places(llvm::ArrayRef<Edit> edits) {
    std::vector<EditedPlace> now = editedPlaces(edits);
    for (std::size_t i = 0; i < edits.size(); ++i)
      ByFile[edits[i].file].push_back({&edits[i], now[i]});
  }

  std::size_t before(llvm::StringRef file, std::size_t at, bool isEnd, bool isEdited) const {
    auto known = ByFile.find(file.str());
    if (known == ByFile.end())
      return at;
    std::ptrdiff_t shift = 0;
    for (const auto &[edit, now] : known->second) {
      std::size_t begin = isEdited ? now.begin : edit->begin, end = isEdited ? now.end : edit->end;
      if (at < begin || (isEnd && at == begin))
        break;
      if (isEnd && at == end)
        return edit->end;
      if (at < end)
        return inside(*edit, at - begin, isEnd, isEdited);
      shift = static_cast<std::ptrdiff_t>(edit->end) - static_cast<std::ptrdiff_t>(now.end);
    }
    return isEdited ? static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + shift) : at;
  }

  /// Whether the place was within a call that is rewritten as a whole, and is no operand of it.
  bool isRewritten(llvm::StringRef file, std::size_t before) const {
    auto known = ByFile.find(file.str());
    return known != ByFile.end() && llvm::any_of(known->second, [&](const auto &entry) {
             return entry.first->isCall && entry.first->begin <= before && before < entry.first->end;
           });
  }

private:
  static std::size_t inside(const Edit &edit, std::size_t at, bool isEnd, bool isEdited) {
    for (const KeptText &kept : edit.keptText) {
      std::size_t begin = isEdited ? kept.begin : kept.oldBegin - edit.begin;
      bool isIn = isEnd ? begin < at && at <= begin + kept.size : begin <= at && at < begin + kept.size;
      if (isIn)
        return kept.oldBegin + (at - begin);
    }
    return edit.begin;
  }

  std::map<std::string, std::vector<std::pair<const Edit *, EditedPlace>>> ByFile;
};

/// A value by what it is and where it and the name that it belongs to stood before the edits.
struct Key {
  ValueKind kind;
  std::string file;
  std::size_t at, begin, end;
  std::uint32_t index; ///< of a default; of what a field begins with: its name

  friend bool operator<(const Key &a, const Key &b) {
    return std::tie(a.kind, a.file, a.at, a.begin, a.end, a.index) <
           std::tie(b.kind, b.file, b.at, b.begin, b.end, b.index);
  }
};

Key keyOf(const UnitFacts &facts, const ConversionFact &fact, const Places &places, bool isEdited) {
  const std::string &file = facts.files[fact.place.file].path;
  std::size_t at = places.before(file, fact.place.begin, false, isEdited);
  if (llvm::is_contained({ValueKind::Default, ValueKind::Initial, ValueKind::Exception}, fact.kind))
    return {fact.kind, file, at, 0, 0, fact.index};
  const std::string &valueFile = facts.files[fact.value.file].path;
  return {fact.kind,
          file,
          at,
          places.before(valueFile, fact.value.begin, false, isEdited),
          places.before(valueFile, fact.value.end, true, isEdited),
          0};
}

/// What is caught is thrown elsewhere, and what is declared may be defined there: no unit alone tells (exceptions.h,
/// linkage.h).
bool isForAllUnits(const ConversionFact &fact) {
  return fact.kind == ValueKind::Handler || fact.kind == ValueKind::Function;
}

/// What one unit says before and after the edits.
class MeaningComparison {
public:
  MeaningComparison(const UnitFacts &before, const UnitFacts &after, llvm::ArrayRef<Edit> edits,
                    const MeaningGuard &guard)
      : Before(before), After(after), Guard(guard), Edited(edits) {
    for (const ConversionFact &fact : Before.conversions) {
      if (isForAllUnits(fact))
        continue;
      Key key = keyOf(Before, fact, Edited, false);
      if (fact.kind == ValueKind::Argument)
        Once.try_emplace({key.file, key.at, fact.index}, &fact);
      if (fact.parameter)
        Parameters[{key.file, key.at}].insert(Before.strings[fact.parameter]);
      Known[std::move(key)].push_back(&fact);
    }
  }

  std::vector<DiagnosticFact> run() {
    for (const ConversionFact &fact : After.conversions) {
      if (isForAllUnits(fact))
        continue;
      Key key = keyOf(After, fact, Edited, true);
      if (fact.kind == ValueKind::Argument)
        Given.try_emplace({key.file, key.at, fact.index}, &fact);
      Uses.try_emplace({key.file, key.at}, &fact);
      if (fact.kind == ValueKind::Default)
        Defaults.insert(key);
      auto was = Known.find(key);
      if (was == Known.end())
        compareNew(key, fact);
      else
        compare(key, was->second, fact);
    }
    for (const auto &[key, facts] : Known)
      if (key.kind == ValueKind::Default && !Defaults.contains(key))
        compareDefault(key, *facts.front());
    return std::move(Differences);
  }

private:
  using Call = std::pair<std::string, std::size_t>;                     ///< file and place, as they were
  using Argument = std::tuple<std::string, std::size_t, std::uint32_t>; ///< of a call, by its position
  using Facts = std::vector<const ConversionFact *>;

  static std::string told(const std::string &steps) { return steps.empty() ? std::string("not at all") : steps; }
  static bool isList(const UnitFacts &facts, const ConversionFact &fact) {
    return llvm::StringRef(facts.strings[fact.steps]).starts_with("from braces to");
  }
  static bool mayChange(const UnitFacts &facts, const ConversionFact &fact) {
    return llvm::StringRef(facts.strings[fact.type]).ends_with("&");
  }
  std::string steps(const UnitFacts &facts, const ConversionFact &fact) const {
    return Guard.renamed(facts.strings[fact.steps]);
  }
  std::string nameOf(const ConversionFact &fact) const { return quoted(After.strings[fact.name]); }
  std::string argumentOf(const ConversionFact &fact) const {
    return "argument " + std::to_string(fact.index + 1) + " of " + nameOf(fact);
  }
  void tell(const Place &at, std::string what) {
    Differences.push_back({After.files[at.file].path, at.line, at.column, std::move(what), kBehaviourDiffers});
  }

  /// What stood in the brackets may now make a list.
  void compareNew(const Key &key, const ConversionFact &fact) {
    auto argument = fact.kind == ValueKind::Argument ? Once.find({key.file, key.at, fact.index}) : Once.end();
    if (argument != Once.end() && isList(After, fact) && !isList(Before, *argument->second) &&
        !Edited.isRewritten(key.file, key.at))
      tell(fact.place, argumentOf(fact) + " is converted " + After.strings[fact.steps] + ", and was not before");
  }

  void compare(const Key &key, const Facts &were, const ConversionFact &fact) {
    const ConversionFact &old = *were.front();
    if (fact.kind == ValueKind::Initial)
      compareInitial(old, fact);
    else if (fact.kind == ValueKind::Override)
      compareOverride(old, fact);
    else if (llvm::all_of(were, [&](const ConversionFact *each) { return goesElsewhere(key, *each, fact); }))
      tell(fact.place, llvm::formatv("{0} is {1} there, before {2}, which is another one now", argumentOf(fact),
                                     quoted(After.strings[fact.parameter]), quoted(Before.strings[old.parameter])));
    else if (llvm::none_of(were, [&](const ConversionFact *each) { return isSame(*each, fact); }))
      tellHow(key, old, fact);
  }

  void compareInitial(const ConversionFact &old, const ConversionFact &fact) {
    const std::string &then = Before.strings[old.text], &now = After.strings[fact.text];
    if (Guard.renamed(then) != Guard.renamed(now))
      tell(fact.place, llvm::formatv("{0} begins as {1}, before as {2}", nameOf(fact), now, then));
  }

  void compareOverride(const ConversionFact &old, const ConversionFact &fact) {
    if (Before.strings[old.steps] != After.strings[fact.steps])
      tell(fact.place,
           nameOf(fact) + (After.strings[fact.steps].empty() ? " overrides nothing any more"
                                                             : " overrides a method of a base, and did not before"));
  }

  /// What goes to a parameter of that name went to another one before, and that one was there too.
  bool goesElsewhere(const Key &key, const ConversionFact &old, const ConversionFact &fact) const {
    const std::string &then = Before.strings[old.parameter], &now = After.strings[fact.parameter];
    if (then.empty() || now.empty() || then == now || Edited.isRewritten(key.file, key.at))
      return false;
    auto parameters = Parameters.find({key.file, key.at});
    return parameters != Parameters.end() && parameters->second.contains(now);
  }

  bool hasOtherValue(const ConversionFact &old, const ConversionFact &fact) const {
    const std::string &then = Before.strings[old.text], &now = After.strings[fact.text];
    bool isValue = fact.kind == ValueKind::Result || fact.kind == ValueKind::Exception;
    return isValue && !then.empty() && !now.empty() && then != now &&
           !holdsAll(Guard.renamed(now), Guard.renamed(then));
  }

  /// Whether all that is said then is said now: an enumeration may have got more enumerators, and other names for them.
  static bool holdsAll(llvm::StringRef now, llvm::StringRef then) {
    if (!then.consume_front("numbered ") || !now.consume_front("numbered "))
      return now == then;
    llvm::StringMap<llvm::StringRef> known, wanted;
    llvm::StringSet<> numbers;
    for (auto [list, numbering] : {std::pair(now, &known), std::pair(then, &wanted)})
      for (llvm::StringRef each : llvm::split(list, ", "))
        numbering->insert(each.split(" = "));
    for (const auto &entry : known)
      numbers.insert(entry.second);
    return llvm::all_of(wanted, [&](const auto &entry) {
      auto same = known.find(entry.first());
      return same == known.end() ? numbers.contains(entry.second) : same->second == entry.second;
    });
  }

  bool isSame(const ConversionFact &old, const ConversionFact &fact) const {
    if (hasOtherValue(old, fact) || steps(Before, old) != steps(After, fact))
      return false;
    if (fact.kind == ValueKind::Result)
      return Guard.renamed(Before.strings[old.type]) == Guard.renamed(After.strings[fact.type]);
    return mayChange(Before, old) == mayChange(After, fact);
  }

  /// Says what a use does otherwise that is not the same.
  void tellHow(const Key &key, const ConversionFact &old, const ConversionFact &fact) {
    const std::string name = nameOf(fact);
    if (fact.kind == ValueKind::Default) {
      if (!Edited.isRewritten(key.file, key.at))
        tell(fact.place, llvm::formatv("{0} has another default for what the call leaves out: {1}, before {2}", name,
                                       After.strings[fact.steps], Before.strings[old.steps]));
    } else if (hasOtherValue(old, fact)) {
      tell(fact.place,
           llvm::formatv("{0} is {1}, before {2}", name, After.strings[fact.text], Before.strings[old.text]));
    } else if (steps(Before, old) != steps(After, fact)) {
      tell(fact.place, llvm::formatv("{0} is converted {1}, before {2}",
                                     fact.kind == ValueKind::Result ? "what " + name + " gives" : argumentOf(fact),
                                     told(After.strings[fact.steps]), told(Before.strings[old.steps])));
    } else if (fact.kind == ValueKind::Result) {
      tell(fact.place, llvm::formatv("{0} is used as {1}, before as {2}", name, quoted(After.strings[fact.type]),
                                     quoted(Before.strings[old.type])));
    } else {
      tell(fact.place,
           argumentOf(fact) + (mayChange(After, fact) ? " may be changed by the call, and could not before"
                                                      : " cannot be changed by the call, and could before"));
    }
  }

  /// Of a default that no call leaves out any more.
  void compareDefault(const Key &key, const ConversionFact &old) {
    auto now = Uses.find({key.file, key.at});
    // The rule says what becomes of the operands of a call that it rewrites.
    if (now == Uses.end() || Edited.isRewritten(key.file, key.at) ||
        Guard.renamed(Before.strings[old.name]) != Guard.renamed(After.strings[now->second->name]))
      return;
    const std::string &value = Before.strings[old.steps];
    if (auto argument = Given.find({key.file, key.at, key.index}); argument != Given.end()) {
      if (Guard.renamed(After.strings[argument->second->text]) != Guard.renamed(value))
        tell(argument->second->value,
             llvm::formatv("{0} is not {1}, which the call left to its default", argumentOf(*argument->second), value));
      return;
    }
    tell(now->second->place, llvm::formatv("{0} has no parameter {1}, which the call left to its default {2}",
                                           nameOf(*now->second), old.index + 1, value));
  }

  const UnitFacts &Before, &After;
  const MeaningGuard &Guard;
  Places Edited;
  std::map<Key, Facts> Known;
  std::map<Argument, const ConversionFact *> Once;      ///< arguments before
  std::map<Call, std::set<llvm::StringRef>> Parameters; ///< of each call before
  std::set<Key> Defaults;                               ///< that are left out now
  std::map<Call, const ConversionFact *> Uses;          ///< what stands there now
  std::map<Argument, const ConversionFact *> Given;     ///< arguments now
  std::vector<DiagnosticFact> Differences;
};

} // namespace

MeaningGuard::MeaningGuard(llvm::ArrayRef<Rule> rules) {
  for (const Rule &rule : rules)
    add(rule);
}

MeaningGuard::MeaningGuard(llvm::ArrayRef<JudgedRule> rules) {
  for (const JudgedRule &judged : rules)
    add(*judged.rule);
}

void MeaningGuard::add(const Rule &rule) {
  if (const auto *names = std::get_if<LegacyNameRule>(&rule.body))
    for (const NameReplacement &name : names->replace)
      New[name.old] = name.replacement;
  else if (const auto *call = std::get_if<LegacyCallRule>(&rule.body))
    New[call->from.value] = call->canonical;
}

std::string MeaningGuard::renamed(llvm::StringRef text) const {
  std::string result;
  while (!text.empty()) {
    llvm::StringRef name = text.take_while(isNameCharacter);
    if (name.empty()) {
      result += text.front();
      text = text.drop_front();
      continue;
    }
    text = text.drop_front(name.size());
    auto known = New.find(name);
    result += unqualified(known == New.end() ? name : llvm::StringRef(known->second));
  }
  return result;
}

std::vector<DiagnosticFact> MeaningGuard::differences(const UnitFacts &before, const UnitFacts &after,
                                                      llvm::ArrayRef<Edit> edits) const {
  return MeaningComparison(before, after, edits, *this).run();
}

} // namespace ssot
