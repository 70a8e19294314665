// extract/value_text.h - an expression as text that does not depend on how names are written.
#pragma once

#include "extract/clang_headers.h"

#include <string>

namespace ssot {

/// \p expression with its names qualified: `nullopt` and `std::nullopt` are one default.
std::string printedQualified(const clang::Expr &expression, const clang::ASTContext &context);

/// The same, but integer and enumeration constants are given by value.
std::string valueText(const clang::Expr &value, const clang::ASTContext &context);

} // namespace ssot
