#include "migrate/meaning.h"

#include "judge/sites.h"
#include "migrate/blame.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace ssot {

namespace {

bool isNameCharacter(char c) { return llvm::isAlnum(c) || c == '_' || c == ':'; }

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
  if (fact.kind == ValueKind::Default || fact.kind == ValueKind::Initial)
    return {fact.kind, file, at, 0, 0, fact.index};
  const std::string &valueFile = facts.files[fact.value.file].path;
  return {fact.kind,
          file,
          at,
          places.before(valueFile, fact.value.begin, false, isEdited),
          places.before(valueFile, fact.value.end, true, isEdited),
          0};
}

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
  Places places(edits);
  std::map<Key, std::vector<const ConversionFact *>> known;
  for (const ConversionFact &fact : before.conversions)
    known[keyOf(before, fact, places, false)].push_back(&fact);
  std::map<std::tuple<std::string, std::size_t, std::uint32_t>, const ConversionFact *> once; // arguments before
  for (const auto &[key, facts] : known)
    if (key.kind == ValueKind::Argument)
      for (const ConversionFact *fact : facts)
        once.try_emplace({key.file, key.at, fact->index}, fact);
  std::map<std::pair<std::string, std::size_t>, std::set<llvm::StringRef>> parameters; // of each call before
  for (const auto &[key, facts] : known)
    for (const ConversionFact *fact : facts)
      if (fact->parameter)
        parameters[{key.file, key.at}].insert(before.strings[fact->parameter]);
  // What goes to a parameter of that name went to another one before, and that one was there too.
  auto goesElsewhere = [&](const Key &key, const ConversionFact &old, const ConversionFact &fact) {
    const std::string &then = before.strings[old.parameter], &now = after.strings[fact.parameter];
    return !then.empty() && !now.empty() && then != now && !places.isRewritten(key.file, key.at) &&
           parameters[{key.file, key.at}].contains(now);
  };
  auto isList = [](const UnitFacts &facts, const ConversionFact &fact) {
    return llvm::StringRef(facts.strings[fact.steps]).starts_with("from braces to");
  };
  std::vector<DiagnosticFact> differences;
  auto tell = [&](const UnitFacts &facts, const Place &at, std::string what) {
    differences.push_back({facts.files[at.file].path, at.line, at.column, std::move(what), kBehaviourDiffers});
  };
  std::set<Key> defaults;
  std::map<std::pair<std::string, std::size_t>, const ConversionFact *> uses; // what stands there now, by where it was
  std::map<std::tuple<std::string, std::size_t, std::uint32_t>, const ConversionFact *> given; // arguments now
  for (const ConversionFact &fact : after.conversions) {
    Key key = keyOf(after, fact, places, true);
    if (fact.kind == ValueKind::Argument)
      given.try_emplace({key.file, key.at, fact.index}, &fact);
    uses.try_emplace({key.file, key.at}, &fact);
    if (fact.kind == ValueKind::Default)
      defaults.insert(key);
    auto was = known.find(key);
    if (was == known.end()) {
      // What stood in the brackets may now make a list.
      auto argument = fact.kind == ValueKind::Argument ? once.find({key.file, key.at, fact.index}) : once.end();
      if (argument != once.end() && isList(after, fact) && !isList(before, *argument->second) &&
          !places.isRewritten(key.file, key.at))
        tell(after, fact.place,
             "argument " + std::to_string(fact.index + 1) + " of " + quoted(after.strings[fact.name]) +
                 " is converted " + after.strings[fact.steps] + ", and was not before");
      continue;
    }
    const std::string name = quoted(after.strings[fact.name]);
    const std::string argument = "argument " + std::to_string(fact.index + 1) + " of " + name;
    if (fact.kind == ValueKind::Initial) {
      const std::string &then = before.strings[was->second.front()->text], &now = after.strings[fact.text];
      if (renamed(then) != renamed(now))
        tell(after, fact.place, name + " begins as " + now + ", before as " + then);
      continue;
    }
    if (fact.kind == ValueKind::Override) {
      if (before.strings[was->second.front()->steps] != after.strings[fact.steps])
        tell(after, fact.place,
             name + (after.strings[fact.steps].empty() ? " overrides nothing any more"
                                                       : " overrides a method of a base, and did not before"));
      continue;
    }
    if (llvm::all_of(was->second, [&](const ConversionFact *old) { return goesElsewhere(key, *old, fact); })) {
      tell(after, fact.place,
           argument + " is " + quoted(after.strings[fact.parameter]) + " there, before " +
               quoted(before.strings[was->second.front()->parameter]) + ", which is another one now");
      continue;
    }
    auto type = [&](const UnitFacts &facts, const ConversionFact &one) { return renamed(facts.strings[one.type]); };
    auto steps = [&](const UnitFacts &facts, const ConversionFact &one) { return renamed(facts.strings[one.steps]); };
    auto mayChange = [&](const UnitFacts &facts, const ConversionFact &one) {
      return llvm::StringRef(facts.strings[one.type]).ends_with("&");
    };
    auto hasOtherValue = [&](const ConversionFact &old) {
      const std::string &then = before.strings[old.text], &now = after.strings[fact.text];
      return fact.kind == ValueKind::Result && !then.empty() && !now.empty() && then != now;
    };
    auto isSame = [&](const ConversionFact *old) {
      if (hasOtherValue(*old) || steps(before, *old) != steps(after, fact))
        return false;
      return fact.kind == ValueKind::Result ? type(before, *old) == type(after, fact)
                                            : mayChange(before, *old) == mayChange(after, fact);
    };
    if (llvm::any_of(was->second, isSame))
      continue;
    const ConversionFact &old = *was->second.front();
    auto told = [](const std::string &steps) { return steps.empty() ? std::string("not at all") : steps; };
    if (fact.kind == ValueKind::Default) {
      if (!places.isRewritten(key.file, key.at))
        tell(after, fact.place,
             name + " has another default for what the call leaves out: " + after.strings[fact.steps] + ", before " +
                 before.strings[old.steps]);
    } else if (hasOtherValue(old)) {
      tell(after, fact.place, name + " is " + after.strings[fact.text] + ", before " + before.strings[old.text]);
    } else if (steps(before, old) != steps(after, fact)) {
      tell(after, fact.place,
           (fact.kind == ValueKind::Result ? "what " + name + " gives" : argument) + " is converted " +
               told(after.strings[fact.steps]) + ", before " + told(before.strings[old.steps]));
    } else if (fact.kind == ValueKind::Result) {
      tell(after, fact.place,
           name + " is used as " + quoted(after.strings[fact.type]) + ", before as " +
               quoted(before.strings[old.type]));
    } else {
      tell(after, fact.place,
           argument + (mayChange(after, fact) ? " may be changed by the call, and could not before"
                                              : " cannot be changed by the call, and could before"));
    }
  }
  for (const auto &[key, facts] : known) {
    if (key.kind != ValueKind::Default || defaults.contains(key))
      continue;
    auto now = uses.find({key.file, key.at});
    // The rule says what becomes of the operands of a call that it rewrites.
    if (now == uses.end() || places.isRewritten(key.file, key.at) ||
        renamed(before.strings[facts.front()->name]) != renamed(after.strings[now->second->name]))
      continue;
    if (auto argument = given.find({key.file, key.at, key.index}); argument != given.end()) {
      if (renamed(after.strings[argument->second->text]) != renamed(before.strings[facts.front()->steps]))
        tell(after, argument->second->value,
             "argument " + std::to_string(key.index + 1) + " of " + quoted(after.strings[argument->second->name]) +
                 " is not " + before.strings[facts.front()->steps] + ", which the call left to its default");
      continue;
    }
    tell(after, now->second->place,
         quoted(after.strings[now->second->name]) + " has no parameter " + std::to_string(facts.front()->index + 1) +
             ", which the call left to its default " + before.strings[facts.front()->steps]);
  }
  return differences;
}

} // namespace ssot
