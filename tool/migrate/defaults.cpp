#include "migrate/defaults.h"

#include "facts/words.h"
#include "judge/sites.h"
#include "migrate/meaning.h"
#include "migrate/removal.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSet.h>

#include <map>

namespace ssot {

namespace {

class DefaultPlanner {
public:
  DefaultPlanner(const Index &index, llvm::ArrayRef<JudgedRule> judged, llvm::ArrayRef<Edit> edits, ReadFile read)
      : Edits(edits), Picture(index), Judged(judged), Names(judged), Read(read) {
    for (const Edit &edit : edits)
      if (!edit.isInclude() && !edit.isRaw)
        Targets.insert(edit.target);
    for (const Edit &edit : edits)
      if (edit.isCall)
        Rewritten[edit.file].push_back({edit.begin, edit.end});
  }

  std::vector<Edit> run() {
    std::map<Place, std::vector<const ConversionFact *>> calls; // by the name that is called
    for (const ConversionFact &left : Picture.defaults())
      calls[left.place].push_back(&left);
    std::vector<Edit> edits;
    for (const auto &[place, left] : calls)
      if (std::optional<Edit> edit = complete(place, left))
        edits.push_back(std::move(*edit));
    return edits;
  }

private:
  /// The call with the arguments that have to be written; nothing where none has to, or one cannot be.
  std::optional<Edit> complete(const Place &place, std::vector<const ConversionFact *> left) {
    llvm::sort(left, [](const auto *a, const auto *b) { return a->index < b->index; });
    // Units that mean different functions here agree on nothing.
    for (std::size_t i = 0; i < left.size(); ++i)
      if (left[i]->index != left.front()->index + i || left[i]->name != left.front()->name ||
          left[i]->usr != left.front()->usr)
        return std::nullopt;
    const ConversionFact &first = *left.front();
    auto [rule, name] = movedTo(Picture.text(first.name));
    const CalleeFact *callee = rule ? calleeFor(name, first.usr) : nullptr;
    std::string path = Picture.path(place).str();
    bool isWritten = llvm::any_of(
        Rewritten[path], [&](const TextSpan &call) { return call.begin <= place.begin && place.end <= call.end; });
    if (!callee || callee->parameters.size() <= left.back()->index || first.value == first.place || isWritten)
      return std::nullopt;
    std::size_t count = 0; // how many have to be written
    for (const ConversionFact *each : left)
      if (const ParameterFact &now = callee->parameters[each->index];
          !now.defaultValue || Names.renamed(Picture.text(now.value)) != Names.renamed(Picture.text(each->steps)))
        count = each->index - first.index + 1;
    std::string arguments;
    for (const ConversionFact *each : llvm::ArrayRef(left).take_front(count)) {
      if (!each->text)
        return std::nullopt;
      arguments += (each->index ? ", " : "") + movedText(Picture.text(each->text));
    }
    std::optional<std::string> text = Read(path);
    if (count == 0 || !text || first.value.begin > text->size())
      return std::nullopt;
    // A variable without brackets gets some.
    if (first.value.begin == first.value.end)
      arguments = "(" + arguments + ")";
    std::size_t at = first.value.begin;
    while (first.index && at > 0 && (*text)[at - 1] == ' ')
      --at;
    Edit edit;
    edit.file = path;
    edit.begin = edit.end = static_cast<std::uint32_t>(at);
    edit.line = place.line;
    edit.column = place.column;
    edit.rule = rule->id;
    edit.choices = {arguments};
    edit.target = rule->id;
    edit.isRaw = true;
    edit.completes = nameOf(path, place, name);
    return edit;
  }

  /// Where the edited name ends that is written at \p place, or that names the class of what is made there.
  std::optional<std::uint32_t> nameOf(llvm::StringRef path, const Place &place, llvm::StringRef name) const {
    std::optional<std::uint32_t> end;
    for (const Edit &edit : Edits)
      if (edit.file == path && edit.isName() && edit.begin <= place.begin && (!end || *end < edit.end) &&
          (edit.target == name || edit.target == scopeOf(name)))
        end = edit.end;
    return end;
  }

  /// The new name of a function, or of a method whose class has one, where the plan writes it.
  std::pair<const Rule *, std::string> movedTo(llvm::StringRef name) const {
    for (const JudgedRule &judged : Judged)
      if (const auto *names = std::get_if<LegacyNameRule>(&judged.rule->body))
        for (const NameReplacement &entry : names->replace) {
          llvm::StringRef rest = name;
          bool isPart = rest.consume_front(entry.old) && (rest.empty() || rest.starts_with("::"));
          // A constructor is named as its class.
          if (isPart && rest == "::" + unqualified(entry.old).str())
            rest = "";
          bool isMade = isPart && rest.empty() && name != entry.old;
          if (isPart && Targets.contains(entry.replacement))
            return {judged.rule,
                    entry.replacement + (isMade ? "::" + unqualified(entry.replacement).str() : rest.str())};
        }
    return {nullptr, std::string()};
  }

  /// \p written with its name as it is after the migration.
  std::string movedText(llvm::StringRef written) const {
    auto [rule, name] = movedTo(written);
    return rule ? name : written.str();
  }

  /// \returns the one function of that name, or the overload with the parameters that \p old has; null where which of
  /// them is called is for the proof to say.
  const CalleeFact *calleeFor(llvm::StringRef name, StringId old) const {
    std::map<StringId, const CalleeFact *> overloads; // by USR
    for (const CalleeFact &callee : Picture.callees())
      if (Picture.text(callee.name) == name)
        takeFuller(overloads[callee.usr], callee);
    if (overloads.size() == 1)
      return overloads.begin()->second;
    const CalleeFact *was = nullptr;
    for (const CalleeFact &callee : Picture.callees())
      if (old && callee.usr == old)
        takeFuller(was, callee);
    const CalleeFact *found = nullptr;
    for (const auto &[usr, callee] : overloads)
      if (was && hasParametersOf(*callee, *was)) {
        if (found)
          return nullptr;
        found = callee;
      }
    return found;
  }

  /// The declaration with the defaults says more than the definition.
  static void takeFuller(const CalleeFact *&known, const CalleeFact &callee) {
    auto defaults = [](const CalleeFact &one) {
      return llvm::count_if(one.parameters, [](const ParameterFact &each) { return each.value != 0; });
    };
    if (!known || defaults(callee) > defaults(*known))
      known = &callee;
  }

  bool hasParametersOf(const CalleeFact &callee, const CalleeFact &was) const {
    return llvm::equal(callee.parameters, was.parameters, [&](const ParameterFact &a, const ParameterFact &b) {
      return Names.renamed(Picture.text(a.type)) == Names.renamed(Picture.text(b.type));
    });
  }

  llvm::ArrayRef<Edit> Edits;
  const Index &Picture;
  llvm::ArrayRef<JudgedRule> Judged;
  MeaningGuard Names;
  ReadFile Read;
  llvm::StringSet<> Targets;                              ///< new names that the plan writes
  std::map<std::string, std::vector<TextSpan>> Rewritten; ///< calls whose rule says what becomes of their arguments
};

} // namespace

std::vector<Edit> planDefaults(const Index &index, llvm::ArrayRef<JudgedRule> judged, llvm::ArrayRef<Edit> edits,
                               ReadFile read) {
  return DefaultPlanner(index, judged, edits, read).run();
}

} // namespace ssot
