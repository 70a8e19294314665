// extract/shape.h - code in normalised form, for likeness: names by role, literals abstracted, loops unified; types up
// to references, pointers, and names that a copy changes.
#pragma once

#include "extract/recorder.h"

namespace ssot {

BodyShape shapeOf(const clang::FunctionDecl &function, Recorder &recorder);

/// The shapes of the types of one unit, each read once.
class TypeShapes {
public:
  explicit TypeShapes(Recorder &recorder) : Out(recorder) {}

  /// \param owner the class the type is written in, whose nested types are its own affair; may be null.
  TypeShape of(clang::QualType type, const clang::CXXRecordDecl *owner);
  /// \returns the result and the parameters.
  std::vector<TypeShape> ofSignature(const clang::FunctionDecl &function);

private:
  Recorder &Out;
  llvm::DenseMap<std::pair<const void *, const clang::CXXRecordDecl *>, TypeShape> Known; ///< by canonical type
};

/// \returns the nested class that the field points to, or null: the state may be hidden in it.
const clang::CXXRecordDecl *hiddenPart(const clang::FieldDecl &field);

} // namespace ssot
