#include "project/command.h"

#include "project/paths.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/Allocator.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/StringSaver.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/Triple.h>

namespace ssot {

namespace {

using Arguments = std::vector<std::string>;

/// A response file may name others; more than this is a circle.
constexpr int kResponseFileDepth = 16;

bool startsWithAny(llvm::StringRef text, llvm::ArrayRef<llvm::StringRef> prefixes) {
  return llvm::any_of(prefixes, [&](llvm::StringRef prefix) { return text.starts_with(prefix); });
}

bool isAssignment(llvm::StringRef argument) { return !argument.starts_with("-") && argument.contains('='); }

/// Takes what stands before the compiler: `ccache`, `distcc`, `env A=B`, `cmake -E env A=B` and their options.
void stripLaunchers(Arguments &arguments) {
  static constexpr llvm::StringLiteral kLaunchers[] = {"ccache", "distcc",     "sccache",   "gomacc",
                                                       "icecc",  "buildcache", "rewrapper", "env"};
  auto at = arguments.begin();
  while (at != arguments.end()) {
    llvm::StringRef name = llvm::sys::path::filename(*at);
    bool isEnv = name == "env";
    if (name == "cmake" && std::next(at) != arguments.end() && *std::next(at) == "-E") {
      if (auto end = std::find(at, arguments.end(), "--"); end != arguments.end()) {
        at = std::next(end);
        continue;
      }
      at += std::min<std::ptrdiff_t>(3, arguments.end() - at); // cmake -E env
      isEnv = true;
    } else if (llvm::is_contained(kLaunchers, name) && std::next(at) != arguments.end()) {
      ++at;
    } else {
      break;
    }
    while (at != arguments.end() && (isAssignment(*at) || llvm::StringRef(*at).starts_with("-"))) {
      bool takesValue = isEnv && (*at == "-u" || *at == "-C" || *at == "--unset" || *at == "--chdir");
      at += takesValue && std::next(at) != arguments.end() ? 2 : 1;
    }
  }
  arguments.erase(arguments.begin(), at);
}

llvm::Error expandResponseFiles(Arguments &arguments, llvm::StringRef directory, int depth = 0) {
  Arguments expanded;
  for (std::string &argument : arguments) {
    llvm::StringRef name = argument;
    if (!name.consume_front("@") || name.empty()) {
      expanded.push_back(std::move(argument));
      continue;
    }
    auto buffer = llvm::MemoryBuffer::getFile(absoluteFrom(directory, name));
    if (!buffer) {
      // Module maps are written while building; a unit without modules does not miss them.
      if (name.ends_with(".modmap"))
        continue;
      return llvm::createStringError(buffer.getError(), "its response file " + name + " cannot be read: " +
                                                            buffer.getError().message() + "; build the project first");
    }
    if (depth == kResponseFileDepth)
      return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                     "its response file " + name + " names itself");
    llvm::BumpPtrAllocator memory;
    llvm::StringSaver saver(memory);
    llvm::SmallVector<const char *, 64> words;
    llvm::cl::TokenizeGNUCommandLine((*buffer)->getBuffer(), saver, words);
    Arguments inner(words.begin(), words.end());
    if (llvm::Error error = expandResponseFiles(inner, directory, depth + 1))
      return error;
    llvm::move(inner, std::back_inserter(expanded));
  }
  arguments = std::move(expanded);
  return llvm::Error::success();
}

/// How many arguments, from the one given on, write something or ask for another job than parsing; 0 when it is none of
/// those.
std::size_t lengthOfOutputOption(llvm::StringRef argument) {
  std::size_t exact =
      llvm::StringSwitch<std::size_t>(argument)
          .Cases("-o", "--output", "-MF", "-MT", "-MQ", "-MJ", "--serialize-diagnostics", 2)
          .Cases("-include-pch", "-index-store-path", "-dumpdir", "-dumpbase", "-dumpbase-ext", "-aux-info", 2)
          .Cases("-c", "-S", "-E", "-M", "-MM", "-MD", "-MMD", "-MP", "-MG", 1)
          .Cases("--compile", "--assemble", "--preprocess", "-fsyntax-only", "-emit-llvm", "-v", "-###", 1)
          .Cases("-Winvalid-pch", "-fpch-preprocess", "-fpch-instantiate-templates", "-pedantic-errors", 1)
          .Cases("-Werror", "-Wfatal-errors", "-ftime-trace", "-ftime-report", 1)
          .Default(0);
  if (exact)
    return exact;
  // -o, -MF and so on may carry their value in the same word; -objc... are no outputs.
  if (argument.starts_with("-o") && !argument.starts_with("-objc"))
    return 1;
  return startsWithAny(argument, {"-MF", "-MT", "-MQ", "--output=", "-Werror=", "-Wp,-M", "-save-temps", "--save-temps",
                                  "-ftime-trace=", "-fplugin=", "-fplugin-arg-", "-fpass-plugin=", "-fstack-usage",
                                  "-fcallgraph-info"})
             ? 1
             : 0;
}

/// `-Xclang A` pairs that load something or use a precompiled header; those take a value that comes as a pair of its
/// own.
std::size_t lengthOfClangInternal(llvm::ArrayRef<std::string> rest) {
  if (rest.size() < 2 || rest[0] != "-Xclang")
    return 0;
  llvm::StringRef inner = rest[1];
  if (inner == "-include-pch" || inner == "-load" || inner == "-add-plugin" || inner == "-plugin")
    return std::min<std::size_t>(4, rest.size());
  return inner == "-emit-pch" || inner == "-fno-pch-timestamp" || inner.starts_with("-plugin-arg-") ? 2 : 0;
}

/// GCC's options of the -f family are many and mostly about code generation. These have a meaning for the parser, and
/// Clang takes them.
bool isMeaningfulFeature(llvm::StringRef feature) {
  feature.consume_front("no-");
  static constexpr llvm::StringLiteral kExact[] = {"exceptions",
                                                   "rtti",
                                                   "signed-char",
                                                   "unsigned-char",
                                                   "short-enums",
                                                   "short-wchar",
                                                   "ms-extensions",
                                                   "openmp",
                                                   "openmp-simd",
                                                   "PIC",
                                                   "pic",
                                                   "PIE",
                                                   "pie",
                                                   "fast-math",
                                                   "finite-math-only",
                                                   "math-errno",
                                                   "char8_t",
                                                   "coroutines",
                                                   "builtin",
                                                   "freestanding",
                                                   "hosted",
                                                   "wrapv",
                                                   "sized-deallocation",
                                                   "aligned-new",
                                                   "gnu89-inline",
                                                   "access-control",
                                                   "operator-names",
                                                   "gnu-keywords",
                                                   "asm",
                                                   "dollars-in-identifiers",
                                                   "threadsafe-statics",
                                                   "signed-bitfields",
                                                   "unsigned-bitfields",
                                                   "strict-enums",
                                                   "lax-vector-conversions",
                                                   "permissive",
                                                   "blocks",
                                                   "declspec",
                                                   "concepts-ts",
                                                   "stack-protector",
                                                   "stack-protector-strong",
                                                   "stack-protector-all",
                                                   "elide-constructors",
                                                   "delete-null-pointer-checks",
                                                   "digraphs",
                                                   "pack-struct"};
  if (feature == "stack-protector" || llvm::is_contained(kExact, feature))
    return feature != "permissive";
  return startsWithAny(feature, {"builtin-", "aligned-new=", "template-depth=", "constexpr-depth=", "pack-struct=",
                                 "visibility=", "macro-prefix-map=", "file-prefix-map=", "sanitize=address",
                                 "sanitize=thread", "sanitize=undefined", "sanitize=leak"});
}

/// The machine options that decide sizes, types and predefined macros.
bool isMeaningfulMachine(llvm::StringRef machine) {
  machine.consume_front("no-");
  if (startsWithAny(machine, {"avx256-split", "avx5124", "avx512er", "avx512pf", "sse2avx", "sse5"}))
    return false;
  return startsWithAny(machine, {"16",           "32",
                                 "64",           "x32",
                                 "arch=",        "cpu=",
                                 "fpu=",         "float-abi=",
                                 "abi=",         "thumb",
                                 "arm",          "mmx",
                                 "sse",          "ssse3",
                                 "avx",          "fma",
                                 "aes",          "bmi",
                                 "popcnt",       "f16c",
                                 "lzcnt",        "pclmul",
                                 "sha",          "rdrnd",
                                 "rdseed",       "cx16",
                                 "adx",          "gfni",
                                 "vaes",         "vpclmulqdq",
                                 "movbe",        "fsgsbase",
                                 "xsave",        "long-double-",
                                 "soft-float",   "general-regs-only",
                                 "ms-bitfields", "little-endian",
                                 "big-endian",   "altivec",
                                 "vsx"});
}

/// \returns whether Clang need not see an option of a command for GCC.
bool isForGccOnly(llvm::StringRef argument) {
  if (llvm::StringRef rest = argument; rest.consume_front("-f"))
    return !isMeaningfulFeature(rest);
  if (llvm::StringRef rest = argument; rest.consume_front("-m"))
    return !isMeaningfulMachine(rest);
  return startsWithAny(argument, {"-g", "-Wp,-W", "-specs", "--specs", "-print-", "-traditional-cpp", "--param="}) ||
         argument == "-no-integrated-cpp" || argument == "-time" || argument == "-pass-exit-codes" || argument == "-B";
}

/// Whether an option of the command can change what the compiler answers about its include paths.
bool changesIncludePaths(llvm::StringRef argument) {
  return startsWithAny(argument, {"-m", "-std=", "--std=", "-stdlib=", "--sysroot", "-isysroot", "-nostdinc",
                                  "-nostdlibinc", "-B", "-specs"});
}

bool isSourceArgument(llvm::StringRef argument, const DatabaseEntry &entry, llvm::StringRef file) {
  if (argument.empty() || argument.starts_with("-"))
    return false;
  return argument == entry.file || normalised(absoluteFrom(entry.directory, argument)) == file;
}

/// Options whose value is the next word, which so is never the source file nor an option.
bool takesSeparateValue(llvm::StringRef argument) {
  return llvm::StringSwitch<bool>(argument)
      .Cases("-I", "-D", "-U", "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-isysroot", "--sysroot",
             true)
      .Cases("-x", "-Xclang", "-Xlinker", "-Xassembler", "-Xpreprocessor", "-target", "-arch", "-L", "-l", "-B", true)
      .Cases("--param", "-iprefix", "-iwithprefix", "-iwithprefixbefore", "-mllvm", "-T", "-u", "-z", "-G", "-A", true)
      .Default(false);
}

struct Options {
  Arguments kept;
  Arguments forIncludePaths;
  std::string language; ///< of the last -x before the source; empty when there is none
  bool namesTarget = false;
};

/// Sorts the words after the compiler's name.
Options sortOptions(const DatabaseEntry &entry, llvm::ArrayRef<std::string> arguments, llvm::StringRef source,
                    bool forClang) {
  Options options;
  std::string file = normalised(absoluteFrom(entry.directory, entry.file));
  bool sourceSeen = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    llvm::StringRef argument = arguments[i];
    llvm::ArrayRef<std::string> rest = arguments.drop_front(i);
    std::size_t dropped = lengthOfOutputOption(argument);
    if (!dropped)
      dropped = lengthOfClangInternal(rest);
    if (!dropped && !forClang && isForGccOnly(argument))
      dropped = argument == "-B" ? 2 : 1;
    if (dropped) {
      i += dropped - 1;
      continue;
    }
    if (isSourceArgument(argument, entry, file)) {
      if (!sourceSeen)
        options.kept.push_back(source.str());
      sourceSeen = true;
      continue;
    }
    bool hasValue = takesSeparateValue(argument) && rest.size() > 1;
    llvm::ArrayRef<std::string> words = rest.take_front(hasValue ? 2 : 1);
    if (argument == "-x" && hasValue && !sourceSeen)
      options.language = rest[1];
    else if (argument.starts_with("-x") && !sourceSeen)
      options.language = argument.drop_front(2).str();
    options.namesTarget |= argument == "-target" || argument.starts_with("--target");
    if (changesIncludePaths(argument))
      llvm::append_range(options.forIncludePaths, words);
    llvm::append_range(options.kept, words);
    i += words.size() - 1;
  }
  if (!sourceSeen)
    options.kept.push_back(source.str());
  return options;
}

/// Whether the driver named \p program takes what it is given for C++: g++, x86_64-linux-gnu-c++-12.
bool isCxxDriver(llvm::StringRef program) { return llvm::sys::path::filename(program).contains("++"); }

std::string languageOf(const Options &options, llvm::StringRef program, llvm::StringRef source) {
  if (!options.language.empty() && options.language != "none")
    return llvm::StringRef(options.language).starts_with("c++") ? "c++" : "c";
  bool isC = llvm::sys::path::extension(source) == ".c";
  return isC && !isCxxDriver(program) ? "c" : "c++";
}

bool isForAnotherMachine(llvm::StringRef target) {
  llvm::Triple theirs(llvm::Triple::normalize(target));
  llvm::Triple ours(llvm::sys::getDefaultTargetTriple());
  return theirs.getArch() != ours.getArch() || theirs.getOS() != ours.getOS();
}

/// Puts the compiler's own include paths where it would search them: the C++ library before the intrinsics, the system
/// after.
void addKnowledge(Arguments &command, const Options &options, const CompilerKnowledge &knowledge) {
  if (!knowledge.target.empty() && !options.namesTarget && isForAnotherMachine(knowledge.target))
    command.push_back("--target=" + knowledge.target);
  if (knowledge.beforeIntrinsics.empty() && knowledge.afterIntrinsics.empty())
    return;
  if (!knowledge.beforeIntrinsics.empty())
    command.push_back("-nostdinc++");
  command.push_back("-nostdlibinc");
  for (const std::string &folder : knowledge.beforeIntrinsics)
    llvm::append_range(command, std::initializer_list<std::string>{"-isystem", folder});
  for (const std::string &folder : knowledge.afterIntrinsics)
    llvm::append_range(command, std::initializer_list<std::string>{"-idirafter", folder});
}

} // namespace

llvm::Expected<Arguments> fitForClang(const DatabaseEntry &entry, llvm::StringRef source, Compilers &compilers) {
  Arguments arguments = entry.arguments;
  stripLaunchers(arguments);
  if (arguments.empty())
    return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), "its command names no compiler");
  if (llvm::Error error = expandResponseFiles(arguments, entry.directory))
    return std::move(error);
  std::string program = arguments.front();
  bool forClang = isClang(program);
  Options options = sortOptions(entry, llvm::ArrayRef(arguments).drop_front(), source, forClang);

  Arguments command;
  if (forClang && llvm::StringRef(program).contains('/')) // Clang finds a libc++ of its own beside itself
    command.push_back(normalised(absoluteFrom(entry.directory, program)));
  else
    command.push_back(isCxxDriver(program) ? "clang++" : "clang");
  llvm::append_range(command, options.kept);
  if (!forClang)
    addKnowledge(
        command, options,
        compilers.ask(program, entry.directory, languageOf(options, program, source), options.forIncludePaths));
  return command;
}

bool makesDeprecationAnError(const DatabaseEntry &entry) {
  bool warns = true, all = false;
  std::optional<bool> itself;
  for (llvm::StringRef argument : entry.arguments) {
    if (argument == "-w" || argument == "-Wno-deprecated-declarations" || argument == "-Wno-deprecated")
      warns = false;
    else if (argument == "-Wdeprecated-declarations" || argument == "-Wdeprecated")
      warns = true;
    else if (argument == "-Werror" || argument == "-Wno-error")
      all = argument == "-Werror";
    else if (argument == "-Werror=deprecated-declarations" || argument == "-Wno-error=deprecated-declarations")
      itself = argument == "-Werror=deprecated-declarations";
  }
  return warns && itself.value_or(all);
}

} // namespace ssot
