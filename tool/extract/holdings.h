// extract/holdings.h - which objects of the vocabulary's classes a type keeps, and by which way.
//
// A variable keeps what it is, what its bases and members are, what its containers and smart pointers are of. The ways
// through the project's own classes are told step by step, so that a finding can name the path from root to object.
#pragma once

#include "extract/names.h"
#include "extract/recorder.h"
#include "facts/vocabulary.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/SmallVector.h>

#include <string>
#include <utility>
#include <vector>

namespace ssot {

/// One object that a type keeps.
struct Holding {
  const std::string *name = nullptr; ///< of the class, as the vocabulary has it
  StringId usr = 0;
  bool viaPointer = false; ///< somewhere on the way a pointer, a reference or a smart pointer
  bool mutableWay = false; ///< somewhere on the way something that a constant owner can still change
  bool byTemplate = false; ///< somewhere on the way an argument of a template, such as a container's
  std::vector<StorageStep> way;
};

class Holdings {
public:
  Holdings(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary, clang::ASTContext &context);

  /// The vocabulary name of the class behind a type, and its USR; null when it is none of those asked for.
  std::pair<const std::string *, StringId> classOf(clang::QualType type);
  /// All that a variable of the type keeps, what is deepest last. At most `kMaxWays`, one for each way.
  std::vector<Holding> of(clang::QualType type);
  /// Whether it keeps the class itself, or through pointers and templates, without looking into other classes.
  Holding direct(clang::QualType type);

  static constexpr std::size_t kMaxWays = 16;

private:
  /// How a type was reached.
  struct Walk {
    bool viaPointer = false;
    bool mutableWay = false;
    bool byTemplate = false;
    bool isMember = false; ///< a raw pointer inside an object may point to anybody's
    bool looksInside = true;
    unsigned depth = 0;
  };
  void walk(clang::QualType type, Walk walk, std::vector<Holding> &into);
  void arguments(const clang::TemplateDecl *described, llvm::ArrayRef<clang::TemplateArgument> arguments, Walk walk,
                 std::vector<Holding> &into);
  /// What the parts of an object of the class keep.
  /// As somebody writes it: a member of an anonymous union is one of the class around it.
  StringId nameOf(const clang::NamedDecl &member, const clang::CXXRecordDecl &record);
  std::vector<Holding> inside(const clang::CXXRecordDecl &record);

  Recorder &Out;
  const VocabularyNames &Names;
  const Vocabulary &Words;
  clang::ASTContext &Context;
  llvm::DenseMap<const clang::CXXRecordDecl *, std::vector<Holding>> Known;
  llvm::SmallVector<const clang::CXXRecordDecl *, 8> Open; ///< classes that are being looked into
  bool Cut = false;                                        ///< one of them was met again, so what was found is a part
};

} // namespace ssot
