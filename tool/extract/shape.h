// extract/shape.h - code in normalised form, for likeness: names by role, literals abstracted, loops unified; types up
// to references, pointers, and names that a copy changes.
#pragma once

#include "extract/recorder.h"

namespace ssot {

BodyShape shapeOf(const clang::FunctionDecl &function, Recorder &recorder);

/// \param owner the class the type is written in, whose nested types are its own affair; may be null.
TypeShape typeShapeOf(clang::QualType type, const clang::CXXRecordDecl *owner, Recorder &recorder);

/// \returns the result and the parameters.
std::vector<TypeShape> signatureShapeOf(const clang::FunctionDecl &function, Recorder &recorder);

/// \returns the nested class that the field points to, or null: the state may be hidden in it.
const clang::CXXRecordDecl *hiddenPart(const clang::FieldDecl &field);

} // namespace ssot
