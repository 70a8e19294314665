#include "facts/serialize.h"

#include "facts/binary.h"
#include "facts/visit.h"

namespace ssot {

namespace {

/// Raised whenever the meaning of the bytes changes.
constexpr std::uint64_t kFormat = 17;
constexpr llvm::StringLiteral kMagic = "ssot-facts";

} // namespace

std::string serialize(const UnitFacts &unit) {
  // The description of a struct is shared with reading and so takes it mutable; writing changes nothing.
  auto &source = const_cast<UnitFacts &>(unit);
  facts::Writer writer;
  writer.bytes.append(kMagic);
  writer.number(kFormat);
  facts::tables(writer, source);
  facts::contents(writer, source);
  return writer.bytes.view().str();
}

llvm::Expected<UnitFacts> deserialize(llvm::StringRef bytes) {
  auto error = [](const char *what) { return llvm::createStringError(std::errc::illegal_byte_sequence, what); };
  if (!bytes.consume_front(kMagic))
    return error("not a facts file");
  facts::Reader reader(bytes);
  if (reader.number() != kFormat)
    return error("facts of another version of ssot");
  UnitFacts read;
  facts::tables(reader, read);
  if (!reader.failed() && read.strings.empty())
    return error("damaged facts");
  reader.Strings = read.strings.size();
  reader.Files = read.files.size();
  facts::contents(reader, read);
  if (reader.failed() || !reader.atEnd())
    return error("damaged facts");
  return read;
}

} // namespace ssot
