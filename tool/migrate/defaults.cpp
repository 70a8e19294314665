#include "migrate/defaults.h"

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
      : Picture(index), Judged(judged), Names(judged), Read(read) {
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
      if (left[i]->index != left.front()->index + i || left[i]->name != left.front()->name)
        return std::nullopt;
    const ConversionFact &first = *left.front();
    auto [rule, name] = movedTo(Picture.text(first.name));
    const CalleeFact *callee = rule ? onlyCallee(name) : nullptr;
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
    return edit;
  }

  /// The new name of a function, or of a method whose class has one, where the plan writes it.
  std::pair<const Rule *, std::string> movedTo(llvm::StringRef name) const {
    for (const JudgedRule &judged : Judged)
      if (const auto *names = std::get_if<LegacyNameRule>(&judged.rule->body))
        for (const NameReplacement &entry : names->replace) {
          llvm::StringRef rest = name;
          bool isPart = rest.consume_front(entry.old) && (rest.empty() || rest.starts_with("::"));
          if (isPart && Targets.contains(entry.replacement))
            return {judged.rule, entry.replacement + rest.str()};
        }
    return {nullptr, std::string()};
  }

  /// \p written with its name as it is after the migration.
  std::string movedText(llvm::StringRef written) const {
    auto [rule, name] = movedTo(written);
    return rule ? name : written.str();
  }

  /// \returns null where there are overloads: which of them is called is for the proof to say.
  const CalleeFact *onlyCallee(llvm::StringRef name) const {
    const CalleeFact *only = nullptr;
    for (const CalleeFact &callee : Picture.callees()) {
      if (Picture.text(callee.name) != name)
        continue;
      if (only && only->usr != callee.usr)
        return nullptr;
      // The declaration with the defaults says more than the definition.
      bool saysMore =
          !only || llvm::count_if(callee.parameters, [](const ParameterFact &each) { return each.value; }) >
                       llvm::count_if(only->parameters, [](const ParameterFact &each) { return each.value; });
      if (saysMore)
        only = &callee;
    }
    return only;
  }

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
