#include "facts/packed.h"

#include "facts/binary.h"
#include "facts/visit.h"

namespace ssot {

namespace {

/// For bytes that never left the process: any number of a string or a file is right.
facts::Reader trusting(llvm::StringRef bytes) {
  facts::Reader reader(bytes);
  reader.Strings = reader.Files = std::numeric_limits<std::uint64_t>::max();
  return reader;
}

} // namespace

std::string packed(const FunctionBody &body) {
  facts::Writer writer;
  // The description of a struct is shared with reading and so takes it mutable; writing changes nothing.
  facts::io(writer, const_cast<FunctionBody &>(body));
  return writer.bytes.view().str();
}

FunctionBody unpacked(llvm::StringRef bytes) {
  FunctionBody body;
  facts::Reader reader = trusting(bytes);
  facts::io(reader, body);
  return body;
}

std::vector<CallFact> unpackedCalls(llvm::StringRef bytes) {
  std::vector<CallFact> calls;
  facts::Reader reader = trusting(bytes);
  facts::calls(reader, calls);
  return calls;
}

} // namespace ssot
