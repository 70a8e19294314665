#include "extract/uses.h"

#include "extract/forwards.h"

#include <algorithm>

namespace ssot {

using namespace clang;

std::pair<const NamedDecl *, SourceLocation> namedBy(const TypeLoc &type) {
  if (auto tag = type.getAs<TagTypeLoc>())
    return {tag.getDecl(), tag.getNameLoc()};
  if (auto injected = type.getAs<InjectedClassNameTypeLoc>())
    return {injected.getDecl(), injected.getNameLoc()};
  if (auto alias = type.getAs<TypedefTypeLoc>())
    return {alias.getTypedefNameDecl(), alias.getNameLoc()};
  if (auto used = type.getAs<UsingTypeLoc>())
    return {used.getFoundDecl()->getTargetDecl(), used.getNameLoc()};
  auto templated = [](TemplateName name, SourceLocation at) -> std::pair<const NamedDecl *, SourceLocation> {
    if (const UsingShadowDecl *shadow = name.getAsUsingShadowDecl())
      return {shadow->getTargetDecl(), at};
    return {name.getAsTemplateDecl(), at};
  };
  if (auto special = type.getAs<TemplateSpecializationTypeLoc>())
    return templated(special.getTypePtr()->getTemplateName(), special.getTemplateNameLoc());
  if (auto deduced = type.getAs<DeducedTemplateSpecializationTypeLoc>())
    return templated(deduced.getTypePtr()->getTemplateName(), deduced.getTemplateNameLoc());
  return {nullptr, SourceLocation()};
}

void UseRecorder::addNamed(const std::string &name, StringId usr, SourceLocation location, UseKind kind) {
  std::optional<Place> place = Out.token(location);
  if (!place)
    return;
  // Implicit code (range-based for, inherited constructors) refers to names that nobody wrote there.
  llvm::StringRef identifier = llvm::StringRef(name).rsplit("::").second;
  if (identifier.empty())
    identifier = name;
  // A name may go on in the next line.
  auto isSpelled = [&](llvm::StringRef text) {
    std::string joined;
    for (llvm::StringRef part : llvm::split(text, "\\"))
      joined += joined.empty() ? part : part.ltrim("\r\n");
    return joined == identifier;
  };
  bool pasted = location.isMacroID() && place->begin == Out.anyToken(Out.sources().getExpansionLoc(location)).begin;
  if (!pasted && !isSpelled(Out.textAt(*place)))
    return;
  UseFact use;
  use.name = Out.intern(name);
  use.usr = usr;
  use.kind = kind;
  use.place = *place;
  use.inMacroBody = location.isMacroID() && !Out.sources().isMacroArgExpansion(location);
  Out.facts.uses.push_back(use);
}

void UseRecorder::add(const NamedDecl *target, SourceLocation location, UseKind kind) {
  if (!target || location.isInvalid())
    return;
  if (const std::string *name = Names.find(target))
    addNamed(*name, Out.usr(primaryDecl(target)), location, kind);
}

void UseRecorder::addDependent(DeclarationName name, SourceLocation location) {
  const IdentifierInfo *identifier = name.getAsIdentifierInfo();
  if (!identifier)
    return;
  for (const std::string *candidate : Names.endingIn(identifier->getName()))
    addNamed(*candidate, 0, location, UseKind::Dependent);
}

void UseRecorder::qualified(const NestedNameSpecifierLoc &qualifier, SourceLocation name) {
  if (!qualifier)
    return;
  std::optional<Place> first = Out.token(qualifier.getBeginLoc());
  std::optional<Place> last = Out.token(name);
  // A qualifier that a macro brings and a name that it does not are no text that could be edited together.
  if (first && last && first->file == last->file && first->begin <= last->begin)
    QualifierBegin[{last->file, last->begin}] = first->begin;
}

void UseRecorder::alone(SourceLocation name) {
  if (std::optional<Place> place = Out.token(name))
    Alone.insert({place->file, place->begin});
}

void UseRecorder::space(const NamespaceDecl &space) {
  std::optional<Place> extent = Out.range(space.getSourceRange());
  // What stands in an anonymous namespace is looked up as in the one around it, which is recorded too.
  if (extent && !space.isAnonymousNamespace())
    Spaces.push_back({*extent, Out.qualifiedName(&space)});
}

void UseRecorder::typeLoc(const TypeLoc &type) {
  if (auto elaborated = type.getUnqualifiedLoc().getAs<ElaboratedTypeLoc>()) {
    if (auto [target, location] = namedBy(elaborated.getNamedTypeLoc()); target)
      qualified(elaborated.getQualifierLoc(), location);
    return;
  }
  if (auto pointer = type.getAs<MemberPointerTypeLoc>())
    memberPointer(pointer);
  auto [target, location] = namedBy(type);
  add(target, location, UseKind::Reference);
  if (auto placeholder = type.getAs<AutoTypeLoc>(); placeholder && placeholder.isConstrained()) {
    qualified(placeholder.getNestedNameSpecifierLoc(), placeholder.getConceptNameLoc());
    add(placeholder.getFoundDecl(), placeholder.getConceptNameLoc(), UseKind::Reference);
  }
  if (auto dependent = type.getAs<DependentNameTypeLoc>())
    addDependent(dependent.getTypePtr()->getIdentifier(), dependent.getNameLoc());
}

namespace {

constexpr llvm::StringLiteral kWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

} // namespace

void UseRecorder::memberPointer(const MemberPointerTypeLoc &pointer) {
  SourceLocation star = pointer.getStarLoc();
  if (star.isInvalid() || star.isMacroID())
    return;
  // Clang keeps no place for the name of the class: it is the word in front of `::*`.
  auto [file, offset] = Out.sources().getDecomposedLoc(star);
  llvm::StringRef before = Out.sources().getBufferData(file).take_front(offset).rtrim();
  if (!before.consume_back("::"))
    return;
  before = before.rtrim();
  std::size_t length = before.size() - before.rtrim(kWord).size();
  std::size_t begin = before.size() - length;
  SourceLocation name = star.getLocWithOffset(static_cast<int>(begin) - static_cast<int>(offset));
  const Type *type = pointer.getTypePtr()->getClass();
  if (const auto *elaborated = dyn_cast<ElaboratedType>(type))
    type = elaborated->getNamedType().getTypePtr();
  const NamedDecl *target = nullptr;
  if (const auto *alias = dyn_cast<TypedefType>(type))
    target = alias->getDecl();
  else if (const auto *used = dyn_cast<UsingType>(type))
    target = used->getFoundDecl()->getTargetDecl();
  else if (const auto *tag = dyn_cast<TagType>(type))
    target = tag->getDecl();
  if (!target)
    return;
  // Nor for what qualifies it: the words in front, and the namespaces that they name.
  const DeclContext *around = target->getDeclContext();
  before = before.take_front(begin).rtrim();
  std::size_t first = begin;
  std::vector<SourceLocation> names{name};
  while (before.consume_back("::")) {
    first = before.size();
    before = before.rtrim();
    std::size_t end = before.size();
    before = before.rtrim(kWord);
    if (before.size() == end)
      break;
    first = before.size();
    const auto *space = dyn_cast_or_null<NamespaceDecl>(around);
    SourceLocation at = star.getLocWithOffset(static_cast<int>(first) - static_cast<int>(offset));
    if (space && space->getName() == Out.textAt(Out.anyToken(at))) {
      add(space, at, UseKind::Reference);
      names.push_back(at);
      around = space->getDeclContext();
    }
    before = before.rtrim();
  }
  for (SourceLocation written : names)
    if (std::optional<Place> place = Out.token(written))
      QualifierBegin[{place->file, place->begin}] = static_cast<std::uint32_t>(first);
  add(target, name, UseKind::Reference);
}

void UseRecorder::qualifier(const NestedNameSpecifierLoc &qualifier) {
  // Types in qualifiers arrive as type locations.
  const NestedNameSpecifier *specifier = qualifier.getNestedNameSpecifier();
  if (TypeLoc type = qualifier.getTypeLoc())
    qualified(qualifier.getPrefix(), namedBy(type).second);
  else
    qualified(qualifier.getPrefix(), qualifier.getLocalBeginLoc());
  if (specifier->getKind() == NestedNameSpecifier::Namespace)
    add(specifier->getAsNamespace(), qualifier.getLocalBeginLoc(), UseKind::Reference);
  else if (specifier->getKind() == NestedNameSpecifier::NamespaceAlias)
    add(specifier->getAsNamespaceAlias(), qualifier.getLocalBeginLoc(), UseKind::Reference);
}

void UseRecorder::expression(const Expr &expression) {
  if (const auto *reference = dyn_cast<DeclRefExpr>(&expression)) {
    qualified(reference->getQualifierLoc(), reference->getLocation());
    add(reference->getFoundDecl(), reference->getLocation(), UseKind::Reference);
  } else if (const auto *member = dyn_cast<MemberExpr>(&expression)) {
    qualified(member->getQualifierLoc(), member->getMemberLoc());
    std::size_t known = Out.facts.uses.size();
    add(member->getMemberDecl(), member->getMemberLoc(), UseKind::Reference);
    for (std::size_t i = known; i < Out.facts.uses.size(); ++i)
      Out.facts.uses[i].isMember = true;
    if (const TypeSourceInfo *destroyed = member->getMemberNameInfo().getNamedTypeInfo())
      alone(destroyed->getTypeLoc().getBeginLoc());
  } else if (const auto *destruction = dyn_cast<CXXPseudoDestructorExpr>(&expression)) {
    alone(destruction->getDestroyedTypeLoc());
  } else if (const auto *overloaded = dyn_cast<OverloadExpr>(&expression)) {
    for (const NamedDecl *candidate : overloaded->decls())
      if (const std::string *name = Names.find(candidate->getUnderlyingDecl())) {
        addNamed(*name, Out.usr(primaryDecl(candidate)), overloaded->getNameLoc(), UseKind::Dependent);
        return;
      }
    if (overloaded->getNumDecls() == 0)
      addDependent(overloaded->getName(), overloaded->getNameLoc());
  } else if (const auto *dependent = dyn_cast<CXXDependentScopeMemberExpr>(&expression)) {
    addDependent(dependent->getMember(), dependent->getMemberLoc());
  } else if (const auto *scoped = dyn_cast<DependentScopeDeclRefExpr>(&expression)) {
    addDependent(scoped->getDeclName(), scoped->getLocation());
  } else if (const auto *constraint = dyn_cast<ConceptSpecializationExpr>(&expression)) {
    qualified(constraint->getNestedNameSpecifierLoc(), constraint->getConceptNameLoc());
    add(constraint->getNamedConcept(), constraint->getConceptNameLoc(), UseKind::Reference);
  }
}

void UseRecorder::templateArgument(const TemplateArgumentLoc &argument) {
  if (argument.getArgument().getKind() == TemplateArgument::Template) {
    qualified(argument.getTemplateQualifierLoc(), argument.getTemplateNameLoc());
    add(argument.getArgument().getAsTemplate().getAsTemplateDecl(), argument.getTemplateNameLoc(), UseKind::Reference);
  }
}

bool UseRecorder::isFirstDeclaration(const NamedDecl &declaration) const {
  auto fileOf = [&](const Decl *decl) {
    return Out.sources().getFileID(Out.sources().getExpansionLoc(decl->getLocation()));
  };
  const NamedDecl *first = primaryDecl(&declaration);
  if (const auto *tag = dyn_cast<TagDecl>(first))
    if (const TagDecl *definition = tag->getDefinition())
      return fileOf(definition) == fileOf(&declaration);
  // A class without a definition here is known from elsewhere; a function belongs to the file that declares it first.
  return !isa<TagDecl>(first) && fileOf(first) == fileOf(&declaration);
}

void UseRecorder::forward(const NamedDecl &declaration) {
  std::size_t known = Out.facts.uses.size();
  add(&declaration, declaration.getLocation(), UseKind::Declaration);
  if (Out.facts.uses.size() != known)
    forwardFact(declaration);
}

void UseRecorder::forwardFact(const NamedDecl &declaration) {
  if (const std::string *name = Names.find(&declaration))
    if (std::optional<ForwardFact> fact = forwardOf(declaration, *name, Out))
      Out.facts.forwards.push_back(std::move(*fact));
}

/// Whether a source file declares for itself what another file may define, instead of including its header.
bool UseRecorder::isLocalPrototype(const FunctionDecl &function) const {
  return Out.sources().isInMainFile(function.getLocation()) && !function.isDefined() &&
         function.hasExternalFormalLinkage() && !function.isTemplated();
}

namespace {

/// `template class T<int>;`, with or without `extern`: it names the template and defines nothing of its own.
bool isExplicitInstantiation(TemplateSpecializationKind kind) {
  return kind == TSK_ExplicitInstantiationDeclaration || kind == TSK_ExplicitInstantiationDefinition;
}

} // namespace

void UseRecorder::declaration(const NamedDecl &declaration) {
  const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(&declaration);
  if (special && isExplicitInstantiation(special->getSpecializationKind())) {
    qualified(special->getQualifierLoc(), special->getLocation());
    add(special, special->getLocation(), UseKind::Reference);
  } else if (const auto *record = dyn_cast<TagDecl>(&declaration)) {
    if (!record->isThisDeclarationADefinition()) {
      if (!isFirstDeclaration(declaration) && record->getFriendObjectKind() == Decl::FOK_None)
        forward(*record);
    } else if (Names.find(record)) {
      if (std::optional<Place> extent = Out.range(record->getSourceRange()))
        Own.push_back({*extent, Out.usr(primaryDecl(record))});
    }
  } else if (isa<FunctionDecl, VarDecl>(declaration)) {
    const auto *parent = dyn_cast<CXXRecordDecl>(declaration.getDeclContext());
    if (parent && declaration.isOutOfLine() && Names.find(parent))
      if (std::optional<Place> extent = Out.range(declaration.getSourceRange()))
        Own.push_back({*extent, Out.usr(primaryDecl(parent))});
    const auto *function = dyn_cast<FunctionDecl>(&declaration);
    bool isBare = function && !function->isThisDeclarationADefinition() && !parent;
    if (isBare && !isFirstDeclaration(declaration))
      forward(*function);
    else if (isBare && isLocalPrototype(*function))
      forwardFact(*function);
    // A deduction guide is part of its class.
    if (const auto *guide = dyn_cast_or_null<CXXDeductionGuideDecl>(function);
        guide && Names.find(guide->getDeducedTemplate()))
      if (std::optional<Place> extent = Out.range(guide->getSourceRange()))
        Own.push_back({*extent, Out.usr(primaryDecl(guide->getDeducedTemplate()))});
    // A function's has no declaration of its own; its qualifier is nowhere kept.
    if (function && isExplicitInstantiation(function->getTemplateSpecializationKind()))
      add(function, function->getPointOfInstantiation(), UseKind::Reference);
  } else if (const auto *alias = dyn_cast<TypedefNameDecl>(&declaration)) {
    if (TypeSourceInfo *info = alias->getTypeSourceInfo()) {
      TypeLoc type = info->getTypeLoc();
      if (auto elaborated = type.getAs<ElaboratedTypeLoc>())
        type = elaborated.getNamedTypeLoc();
      auto [target, location] = namedBy(type);
      add(target, location, UseKind::Alias);
    }
  } else if (const auto *import = dyn_cast<UsingDecl>(&declaration)) {
    qualified(import->getQualifierLoc(), import->getLocation());
    for (const UsingShadowDecl *shadow : import->shadows())
      if (const auto *constructor = dyn_cast<CXXConstructorDecl>(shadow->getTargetDecl())) {
        // `using Base::Base;`: the class once more, without what qualifies it.
        add(constructor->getParent(), import->getLocation(), UseKind::Reference);
        alone(import->getLocation());
      } else {
        add(shadow->getTargetDecl(), import->getLocation(), UseKind::Using);
      }
  } else if (const auto *directive = dyn_cast<UsingDirectiveDecl>(&declaration)) {
    qualified(directive->getQualifierLoc(), directive->getIdentLocation());
    Imports.push_back(directive);
    add(directive->getNominatedNamespaceAsWritten(), directive->getIdentLocation(), UseKind::Directive);
  } else if (const auto *alias = dyn_cast<NamespaceAliasDecl>(&declaration)) {
    qualified(alias->getQualifierLoc(), alias->getTargetNameLoc());
    Imports.push_back(alias);
    add(alias->getAliasedNamespace(), alias->getTargetNameLoc(), UseKind::Directive);
  } else if (const auto *opened = dyn_cast<NamespaceDecl>(&declaration)) {
    space(*opened);
  }
}

void UseRecorder::friendship(const FriendDecl &friendship) {
  if (TypeSourceInfo *info = friendship.getFriendType()) {
    TypeLoc type = info->getTypeLoc();
    if (auto elaborated = type.getAs<ElaboratedTypeLoc>())
      type = elaborated.getNamedTypeLoc();
    auto [target, location] = namedBy(type);
    befriend(friendship, target, location);
  } else if (const NamedDecl *declaration = friendship.getFriendDecl()) {
    if (const auto *function = declaration->getAsFunction())
      qualified(function->getQualifierLoc(), function->getLocation());
    befriend(friendship, declaration, declaration->getLocation());
  }
}

void UseRecorder::befriend(const FriendDecl &friendship, const NamedDecl *target, SourceLocation location) {
  std::size_t known = Out.facts.uses.size();
  add(target, location, UseKind::Declaration);
  if (Out.facts.uses.size() != known)
    if (std::optional<ForwardFact> fact = friendOf(friendship, *target, *Names.find(target), Out))
      Out.facts.forwards.push_back(std::move(*fact));
}

void UseRecorder::finish() {
  std::vector<UseFact> &uses = Out.facts.uses;
  std::erase_if(uses, [&](const UseFact &use) {
    return std::any_of(Own.begin(), Own.end(), [&](const OwnDefinition &own) {
      return own.usr == use.usr && own.extent.file == use.place.file && own.extent.begin <= use.place.begin &&
             use.place.end <= own.extent.end;
    });
  });
  // One place, one name, one use: what says most of it wins.
  auto rank = [](UseKind kind) {
    switch (kind) {
    case UseKind::Declaration:
      return 0;
    case UseKind::Alias:
      return 1;
    case UseKind::Using:
      return 2;
    case UseKind::Directive:
      return 3;
    case UseKind::MacroDefinition:
      return 4;
    case UseKind::Reference:
      return 5;
    case UseKind::Dependent:
      return 6;
    case UseKind::Inactive:
      return 7;
    }
    return 8;
  };
  auto key = [&](const UseFact &use) { return std::tuple(use.place, use.name, rank(use.kind), use.usr); };
  std::sort(uses.begin(), uses.end(), [&](const UseFact &a, const UseFact &b) { return key(a) < key(b); });
  uses.erase(std::unique(uses.begin(), uses.end(),
                         [](const UseFact &a, const UseFact &b) { return a.place == b.place && a.name == b.name; }),
             uses.end());
  // A mention in a template that an instantiation has decided needs no guess.
  std::erase_if(uses, [&](const UseFact &use) {
    if (use.kind != UseKind::Dependent)
      return false;
    auto decided = [&](const UseFact &other) { return other.place == use.place && other.kind != UseKind::Dependent; };
    return std::any_of(uses.begin(), uses.end(), decided);
  });
  for (UseFact &use : uses) {
    use.isMember |= Alone.contains({use.place.file, use.place.begin});
    use.context = Out.context(use.place);
    auto qualifier = QualifierBegin.find({use.place.file, use.place.begin});
    use.qualifierBegin = qualifier == QualifierBegin.end() ? use.place.begin : qualifier->second;
    const Space *innermost = nullptr;
    for (const Space &space : Spaces)
      if (space.extent.file == use.place.file && space.extent.begin <= use.place.begin &&
          use.place.end <= space.extent.end && (!innermost || innermost->extent.begin < space.extent.begin))
        innermost = &space;
    use.space = innermost ? innermost->name : 0;
  }
}

} // namespace ssot
