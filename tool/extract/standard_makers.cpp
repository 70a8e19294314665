#include "extract/standard_makers.h"

#include "extract/standard_library.h"

#include <llvm/ADT/STLExtras.h>

#include <algorithm>

namespace ssot {

using namespace clang;

namespace {

enum class Making {
  OfArguments,     ///< a function template: of the first template argument, from all arguments behind `skip`
  Elements,        ///< as many as a number says, from nothing
  ElementsOfRange, ///< what a range of something else has in it
  Mapped,          ///< the value of a key, from nothing
  MappedOfLast,    ///< the value of a key, from the last argument
  OfValue,         ///< what is held, from a value of another type
  OfAlternative,   ///< the type among several that takes the value
};

struct Maker {
  llvm::StringRef holder;   ///< class in `std`; empty: a function in `std`
  llvm::StringRef function; ///< `[]` and `=` are operators; the name of the class: a constructor
  Making making;
  unsigned arguments; ///< as many it has; of a function: as many are for something else
};

constexpr Maker kMakers[] = {
    {"", "make_unique", Making::OfArguments, 0},
    {"", "make_unique_for_overwrite", Making::OfArguments, 0},
    {"", "make_shared", Making::OfArguments, 0},
    {"", "make_shared_for_overwrite", Making::OfArguments, 0},
    {"", "allocate_shared", Making::OfArguments, 1},
    {"", "allocate_shared_for_overwrite", Making::OfArguments, 1},
    {"", "make_optional", Making::OfArguments, 0},
    {"", "make_any", Making::OfArguments, 0},
    {"", "construct_at", Making::OfArguments, 1},
    {"vector", "vector", Making::Elements, 1},
    {"deque", "deque", Making::Elements, 1},
    {"list", "list", Making::Elements, 1},
    {"forward_list", "forward_list", Making::Elements, 1},
    {"vector", "resize", Making::Elements, 1},
    {"deque", "resize", Making::Elements, 1},
    {"list", "resize", Making::Elements, 1},
    {"forward_list", "resize", Making::Elements, 1},
    {"vector", "vector", Making::ElementsOfRange, 2},
    {"deque", "deque", Making::ElementsOfRange, 2},
    {"list", "list", Making::ElementsOfRange, 2},
    {"forward_list", "forward_list", Making::ElementsOfRange, 2},
    {"set", "set", Making::ElementsOfRange, 2},
    {"vector", "assign", Making::ElementsOfRange, 2},
    {"deque", "assign", Making::ElementsOfRange, 2},
    {"list", "assign", Making::ElementsOfRange, 2},
    {"forward_list", "assign", Making::ElementsOfRange, 2},
    {"map", "[]", Making::Mapped, 1},
    {"unordered_map", "[]", Making::Mapped, 1},
    {"map", "insert_or_assign", Making::MappedOfLast, 2},
    {"unordered_map", "insert_or_assign", Making::MappedOfLast, 2},
    {"optional", "optional", Making::OfValue, 1},
    {"optional", "=", Making::OfValue, 1},
    {"optional", "value_or", Making::OfValue, 1},
    {"variant", "variant", Making::OfAlternative, 1},
    {"variant", "=", Making::OfAlternative, 1},
};

const ClassTemplateSpecializationDecl *holderOf(QualType type) {
  const auto *special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
  return special && special->isInStdNamespace() ? special : nullptr;
}

/// The types that a template was made for, packs included.
llvm::SmallVector<TemplateArgument, 4> argumentsOf(const ClassTemplateSpecializationDecl &holder) {
  llvm::SmallVector<TemplateArgument, 4> all;
  for (const TemplateArgument &argument : holder.getTemplateArgs().asArray())
    if (argument.getKind() == TemplateArgument::Pack)
      all.append(argument.pack_begin(), argument.pack_end());
    else
      all.push_back(argument);
  return all;
}

QualType typeAt(llvm::ArrayRef<TemplateArgument> arguments, std::uint64_t index) {
  return index < arguments.size() && arguments[index].getKind() == TemplateArgument::Type ? arguments[index].getAsType()
                                                                                          : QualType();
}

/// What `*it` is.
QualType elementOfRange(QualType iterator) {
  iterator = iterator.getNonReferenceType();
  if (QualType pointee = iterator->getPointeeType(); !pointee.isNull())
    return pointee;
  const CXXRecordDecl *record = iterator->getAsCXXRecordDecl();
  if (const CXXRecordDecl *definition = record ? record->getDefinition() : nullptr)
    for (const Decl *declaration : definition->decls())
      if (const auto *alias = dyn_cast<TypedefNameDecl>(declaration);
          alias && alias->getIdentifier() && alias->getName() == "value_type")
        return alias->getUnderlyingType();
  return QualType();
}

llvm::SmallVector<QualType, 2> typesOf(llvm::ArrayRef<const Expr *> expressions) {
  llvm::SmallVector<QualType, 2> types;
  for (const Expr *each : expressions)
    types.push_back(each->getType());
  return types;
}

/// The arguments that somebody wrote, without an allocator at the end.
llvm::ArrayRef<const Expr *> written(llvm::ArrayRef<const Expr *> arguments) {
  while (!arguments.empty() && (isa<CXXDefaultArgExpr>(arguments.back()) ||
                                standardName(arguments.back()->getType()->getAsCXXRecordDecl()) == "allocator"))
    arguments = arguments.drop_back();
  return arguments;
}

/// The class that is made of a value which is none of a variant's types: the only class among them, where none of the
/// others takes it without a conversion of somebody's own. Null when that cannot be told.
QualType alternativeFor(llvm::ArrayRef<TemplateArgument> of, QualType value) {
  value = value.getNonReferenceType().getUnqualifiedType();
  QualType only;
  if (standardName(value->getAsCXXRecordDecl()) == "variant")
    return only; // another one
  for (const TemplateArgument &argument : of) {
    if (argument.getKind() != TemplateArgument::Type)
      return QualType();
    QualType type = argument.getAsType();
    if (type.getCanonicalType().getUnqualifiedType() == value.getCanonicalType())
      return QualType();
    const CXXRecordDecl *record = type->getAsCXXRecordDecl();
    if (standardName(record) == "monostate")
      continue;
    if (record && !only.isNull())
      return QualType();
    if (record)
      only = type;
    // A literal text becomes no number, and since C++20 no `bool`.
    else if ((type->isArithmeticType() && (value->isArithmeticType() || value->isEnumeralType())) ||
             (type->isAnyPointerType() &&
              (value->isAnyPointerType() || value->isArrayType() || value->isNullPtrType())))
      return QualType();
  }
  return only;
}

MadeObjects apply(Making making, llvm::ArrayRef<TemplateArgument> of, llvm::ArrayRef<const Expr *> given) {
  auto made = [](QualType type, llvm::SmallVector<QualType, 2> from) {
    return type.isNull() ? MadeObjects() : MadeObjects{{type, std::move(from)}};
  };
  switch (making) {
  case Making::OfArguments: {
    MadeObjects objects = made(typeAt(of, 0), typesOf(given));
    for (MadeObject &object : objects)
      object.isClone = given.size() == 1 && given[0]->isLValue();
    return objects;
  }
  case Making::Elements:
    return given[0]->getType()->isIntegralOrEnumerationType() ? made(typeAt(of, 0), {}) : MadeObjects();
  case Making::ElementsOfRange: {
    QualType element = elementOfRange(given[0]->getType());
    bool isRange =
        given[0]->getType()->getCanonicalTypeUnqualified() == given[1]->getType()->getCanonicalTypeUnqualified();
    return isRange && !element.isNull() ? made(typeAt(of, 0), {element}) : MadeObjects();
  }
  case Making::Mapped:
    return made(typeAt(of, 1), {});
  case Making::MappedOfLast:
    return made(typeAt(of, 1), {given.back()->getType()});
  case Making::OfValue: {
    llvm::StringRef value = standardName(given[0]->getType()->getAsCXXRecordDecl());
    bool isSame = value == "optional" || value == "nullopt_t" || value == "in_place_t";
    return isSame ? MadeObjects() : made(typeAt(of, 0), {given[0]->getType()});
  }
  case Making::OfAlternative:
    return made(alternativeFor(of, given[0]->getType()), {given[0]->getType()});
  }
  return {};
}

MadeObjects lookedUp(llvm::StringRef holder, llvm::StringRef function, llvm::ArrayRef<TemplateArgument> of,
                     llvm::ArrayRef<const Expr *> given) {
  for (const Maker &maker : kMakers)
    if (maker.holder == holder && maker.function == function) {
      if (holder.empty() && given.size() >= maker.arguments)
        return apply(maker.making, of, given.drop_front(maker.arguments));
      if (!holder.empty() && given.size() == maker.arguments)
        if (MadeObjects made = apply(maker.making, of, given); !made.empty())
          return made;
    }
  return {};
}

/// `std::in_place_type<T>` and its like come first and say what is made of the rest.
MadeObjects madeInPlace(llvm::StringRef holder, llvm::ArrayRef<TemplateArgument> of,
                        llvm::ArrayRef<const Expr *> given) {
  const CXXRecordDecl *first = given.empty() ? nullptr : given[0]->getType()->getAsCXXRecordDecl();
  const auto *special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(first);
  llvm::StringRef tag = standardName(first);
  QualType type;
  if (tag == "in_place_t" && holder == "optional")
    type = typeAt(of, 0);
  else if (tag == "in_place_type_t" && special)
    type = typeAt(argumentsOf(*special), 0);
  else if (tag == "in_place_index_t" && special && holder == "variant" &&
           special->getTemplateArgs()[0].getKind() == TemplateArgument::Integral)
    type = typeAt(of, special->getTemplateArgs()[0].getAsIntegral().getZExtValue());
  return type.isNull() ? MadeObjects() : MadeObjects{{type, typesOf(given.drop_front())}};
}

} // namespace

bool MadeObject::isCopy() const {
  const CXXRecordDecl *made = type->getAsCXXRecordDecl();
  const CXXRecordDecl *given = from.size() == 1 ? from[0].getNonReferenceType()->getAsCXXRecordDecl() : nullptr;
  return made && given && !isClone &&
         (made->getCanonicalDecl() == given->getCanonicalDecl() ||
          (given->hasDefinition() && made->hasDefinition() && given->isDerivedFrom(made)));
}

MadeObjects madeBy(const CallExpr &call) {
  const FunctionDecl *callee = call.getDirectCallee();
  const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee);
  if (!callee || !(method ? method->getParent()->isInStdNamespace() : callee->isInStdNamespace()))
    return {};
  llvm::ArrayRef<const Expr *> given(call.getArgs(), call.getNumArgs());
  if (!method) {
    const TemplateArgumentList *arguments = callee->getTemplateSpecializationArgs();
    return callee->getIdentifier() && arguments ? lookedUp("", callee->getName(), arguments->asArray(), written(given))
                                                : MadeObjects();
  }
  if (isa<CXXOperatorCallExpr>(call))
    given = given.drop_front();
  const auto *holder = dyn_cast<ClassTemplateSpecializationDecl>(method->getParent());
  if (!holder)
    return {};
  llvm::StringRef function = callee->getOverloadedOperator() == OO_Subscript ? "[]"
                             : callee->getOverloadedOperator() == OO_Equal   ? "="
                             : callee->getIdentifier()                       ? callee->getName()
                                                                             : llvm::StringRef();
  return lookedUp(standardName(holder), function, argumentsOf(*holder), given);
}

MadeObjects madeBy(const CXXConstructExpr &construction) {
  llvm::StringRef name = standardName(construction.getType()->getAsCXXRecordDecl());
  if (name.empty() || construction.getConstructor()->isCopyOrMoveConstructor())
    return {};
  const ClassTemplateSpecializationDecl *holder = holderOf(construction.getType()); // `std::any` is no template
  llvm::SmallVector<TemplateArgument, 4> of;
  if (holder)
    of = argumentsOf(*holder);
  llvm::ArrayRef<const Expr *> given =
      written(llvm::ArrayRef<const Expr *>(construction.getArgs(), construction.getNumArgs()));
  if (given.empty())
    return madeFromTheStart(construction.getType());
  if (MadeObjects made = madeInPlace(name, of, given); !made.empty())
    return made;
  if (!holder)
    return {};
  bool isTuple = name == "pair" || name == "tuple";
  if (isTuple && given.size() == of.size() && (given.size() > 1 || !holderOf(given[0]->getType()))) {
    MadeObjects all;
    for (std::size_t i = 0; i < of.size(); ++i)
      if (QualType type = typeAt(of, i); !type.isNull())
        all.push_back({type, {given[i]->getType()}});
    return all;
  }
  return lookedUp(name, name, of, given);
}

MadeObjects madeFromTheStart(QualType type) {
  const ClassTemplateSpecializationDecl *holder = holderOf(type);
  llvm::StringRef name = standardName(holder);
  if (!llvm::is_contained({"array", "pair", "tuple", "variant"}, name))
    return {};
  llvm::SmallVector<TemplateArgument, 4> of = argumentsOf(*holder);
  bool isEmpty = name == "array" && of.size() > 1 && of[1].getKind() == TemplateArgument::Integral &&
                 of[1].getAsIntegral().isZero();
  MadeObjects all;
  for (std::size_t i = 0; i < of.size() && !isEmpty; ++i)
    if (QualType held = typeAt(of, i); !held.isNull() && (name != "variant" || i == 0))
      all.push_back({held, {}});
  return all;
}

} // namespace ssot
