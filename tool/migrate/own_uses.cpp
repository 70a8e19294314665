#include "migrate/own_uses.h"

#include "facts/words.h"

#include <llvm/ADT/STLExtras.h>

namespace ssot {

OwnUses::OwnUses(const Index &index, ReadFile read) : Picture(index), Read(read) {
  for (const FunctionFact &function : Picture.functions())
    if (!function.reaches.empty())
      Named.push_back(&function);
}

bool OwnUses::contains(const Rule &rule, const Site &site) const {
  bool isCall = std::holds_alternative<LegacyCallRule>(rule.body);
  if (!isCall && !std::holds_alternative<LegacyNameRule>(rule.body))
    return false;
  llvm::StringRef around = Picture.enclosing(site.place), rest = around;
  if (around.empty())
    return false;
  std::string meant = definitionMeant(site);
  if (rest.consume_front(meant) && (rest.empty() || rest.starts_with("::")))
    return true;
  return llvm::any_of(Named, [&](const FunctionFact *function) {
    return Picture.text(function->name) == meant && llvm::any_of(function->reaches, [&](StringId callee) {
             const FunctionFact *helper = Picture.function(callee);
             return helper && Picture.text(helper->name) == around;
           });
  });
}

/// Of a namespace it is what is named in it: `net::send` for the `old` of `old::send`.
std::string OwnUses::definitionMeant(const Site &site) const {
  bool isNamespace = llvm::any_of(Picture.symbolsNamed(site.canonical),
                                  [](const SymbolFact *symbol) { return symbol->kind == SymbolKind::Namespace; });
  std::optional<std::string> text = isNamespace ? Read(Picture.path(site.place)) : std::nullopt;
  if (!text)
    return site.canonical;
  llvm::StringRef after = llvm::StringRef(*text).substr(site.place.end).ltrim();
  llvm::StringRef name = after.consume_front("::") ? after.ltrim().take_while(isWordByte) : llvm::StringRef();
  return site.canonical + "::" + name.str();
}

} // namespace ssot
