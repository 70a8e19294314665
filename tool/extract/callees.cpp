#include "extract/callees.h"

#include "extract/risks.h"
#include "extract/value_text.h"

#include <clang/Lex/Lexer.h>

namespace ssot {

using namespace clang;

namespace {

class CalleeRecorder {
public:
  CalleeRecorder(Recorder &recorder, ASTContext &context) : Out(recorder), Context(context) {}

  void function(const FunctionDecl &function, const std::string &name) {
    const auto *method = dyn_cast<CXXMethodDecl>(&function);
    bool needsObject = method && !method->isStatic();
    add(function, name, needsObject ? llvm::StringRef(name).rsplit("::").first : llvm::StringRef());
  }

  /// The methods of the class and those that it inherits, and its own constructors.
  void methods(const CXXRecordDecl &record, const std::string &className, unsigned depth = 0) {
    for (const Decl *member : record.decls()) {
      const FunctionDecl *function = member->getAsFunction();
      const auto *method = dyn_cast_or_null<CXXMethodDecl>(function);
      if (const auto *constructor = dyn_cast_or_null<CXXConstructorDecl>(method);
          constructor && !constructor->isImplicit() && depth == 0)
        add(*constructor, className + "::" + record.getName().str(), llvm::StringRef());
      bool callable = method && !method->isImplicit() && method->getAccess() == AS_public && method->getIdentifier();
      if (callable)
        add(*method, className + "::" + method->getName().str(),
            method->isStatic() ? llvm::StringRef() : llvm::StringRef(className));
    }
    constexpr unsigned kDeepest = 16;
    for (const CXXBaseSpecifier &base : record.bases())
      if (const CXXRecordDecl *parent = base.getType()->getAsCXXRecordDecl();
          parent && parent->getDefinition() && base.getAccessSpecifier() == AS_public && depth < kDeepest)
        methods(*parent->getDefinition(), className, depth + 1);
  }

private:
  void add(const FunctionDecl &function, const std::string &name, llvm::StringRef className) {
    CalleeFact fact;
    fact.name = Out.intern(name);
    fact.usr = Out.usr(primaryDecl(&function));
    fact.className = Out.intern(className);
    fact.place = Out.anyToken(function.getLocation());
    fact.result = Out.typeName(function.getReturnType(), Context);
    for (const ParmVarDecl *parameter : function.parameters())
      fact.parameters.push_back({Out.intern(parameter->getNameAsString()), Out.typeName(parameter->getType(), Context),
                                 defaultOf(*parameter), valueOf(*parameter)});
    fact.isNoexcept = !function.isTemplated() && saysNoexcept(function);
    if (const auto *record = function.getReturnType().getNonReferenceType()->getAsCXXRecordDecl())
      if (const CXXRecordDecl *definition = record->getDefinition())
        offers(*definition, fact.members);
    fact.givesStatic = givesStatic(function);
    Out.facts.callees.push_back(std::move(fact));
  }

  static bool givesStatic(const FunctionDecl &function) {
    const FunctionDecl *definition = nullptr;
    if (!function.getReturnType()->isPointerType() || !function.isDefined(definition) || !definition->getBody())
      return false;
    ReturnVisitor returns;
    returns.TraverseStmt(definition->getBody());
    return returns.variable && !returns.isOther;
  }

  /// What is returned: `&variable`, of one static variable.
  struct ReturnVisitor : RecursiveASTVisitor<ReturnVisitor> {
    const VarDecl *variable = nullptr;
    bool isOther = false;

    bool TraverseLambdaExpr(LambdaExpr *) { return true; }
    bool TraverseDecl(Decl *declaration) {
      // What `catch (...)` declares is null.
      return isa_and_nonnull<RecordDecl>(declaration) || RecursiveASTVisitor::TraverseDecl(declaration);
    }
    bool VisitReturnStmt(ReturnStmt *given) {
      const auto *address =
          given->getRetValue() ? dyn_cast<UnaryOperator>(given->getRetValue()->IgnoreParenImpCasts()) : nullptr;
      const auto *named = address && address->getOpcode() == UO_AddrOf
                              ? dyn_cast<DeclRefExpr>(address->getSubExpr()->IgnoreParenImpCasts())
                              : nullptr;
      const auto *known = named ? dyn_cast<VarDecl>(named->getDecl()) : nullptr;
      bool isOne = known && known->hasGlobalStorage() && known->getTLSKind() == VarDecl::TLS_None &&
                   !known->getType()->isReferenceType() && (!variable || variable == known);
      isOther |= !isOne;
      variable = known;
      return true;
    }
  };

  /// As it is written.
  StringId defaultOf(const ParmVarDecl &parameter) {
    if (!parameter.hasDefaultArg())
      return 0;
    bool known = !parameter.hasUninstantiatedDefaultArg() && !parameter.hasUnparsedDefaultArg();
    llvm::StringRef text;
    if (known)
      text = Lexer::getSourceText(CharSourceRange::getTokenRange(parameter.getDefaultArgRange()), Out.sources(),
                                  Out.language());
    return Out.intern(text.empty() ? "default" : text);
  }

  StringId valueOf(const ParmVarDecl &parameter) {
    bool known =
        parameter.hasDefaultArg() && !parameter.hasUninstantiatedDefaultArg() && !parameter.hasUnparsedDefaultArg();
    return known ? Out.intern(valueText(*parameter.getDefaultArg(), Context)) : 0;
  }

  void offers(const CXXRecordDecl &record, std::vector<ParameterFact> &members) {
    for (const Decl *member : record.decls()) {
      if (member->getAccess() != AS_public || member->isImplicit())
        continue;
      if (const auto *field = dyn_cast<FieldDecl>(member); field && field->getIdentifier())
        members.push_back({Out.intern(field->getName()), Out.typeName(field->getType(), Context), 0});
      const auto *method = dyn_cast<CXXMethodDecl>(member);
      if (method && method->getIdentifier() && method->param_empty() && method->isConst())
        members.push_back(
            {Out.intern(method->getName().str() + "()"), Out.typeName(method->getReturnType(), Context), 0});
    }
  }

  Recorder &Out;
  ASTContext &Context;
};

} // namespace

void recordCallees(Recorder &recorder, const VocabularyNames &names, ASTContext &context) {
  CalleeRecorder callees(recorder, context);
  for (const auto &[declaration, name] : names.entries()) {
    if (const FunctionDecl *function = declaration->getAsFunction())
      callees.function(*function, *name);
    else if (const auto *record = dyn_cast<CXXRecordDecl>(declaration); record && record->getDefinition())
      callees.methods(*record->getDefinition(), *name);
  }
}

} // namespace ssot
