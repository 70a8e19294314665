// command/options.h - what the command line says, as plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// Options that every command takes.
struct SharedOptions {
  std::vector<std::string> buildPaths;
  std::string root;
  std::string config;
  std::vector<std::string> rules;   ///< --rules FILE|PACK
  std::vector<std::string> ruleIds; ///< --rule ID
  unsigned jobs = 0;                ///< 0: all cores
  std::string color = "auto";
  std::string progress = "auto";
  bool quiet = false;
  bool verbose = false;
  std::string cache; ///< folder; empty: none
  bool noCache = false;
  std::vector<std::string> packDirectories;
};

/// The value of `--profile` without a file.
inline constexpr char kProfileTable[] = "table";

struct CheckOptions {
  std::vector<std::string> paths;
  std::vector<std::string> formats; ///< FORMAT or FORMAT:FILE
  std::string output;
  std::optional<double> minCompliance;
  bool allowIncomplete = false;
  bool showSuppressed = false;
  bool noSnippets = false;
  bool drift = false;
  std::string baseline;
  std::string writeBaseline;
  bool strictBaseline = false;
  std::string diffBase;
  std::string against;
  double timeoutSeconds = 0;      ///< 0: none
  double verifyCache = 0;         ///< percent of the units read from the cache
  std::optional<bool> skip;       ///< nothing: as the rule file says
  std::string history;            ///< file; empty: none
  std::string date;               ///< YYYY-MM-DD; empty: today
  std::vector<std::string> facts; ///< files and folders of `ssot extract`; empty: parse
  bool factsOnly = false;         ///< the units are those of the facts
  std::string profile;            ///< kProfileTable, or the file of a trace; empty: nothing is measured
};

struct ExtractOptions {
  std::vector<std::string> sources;
  std::string output;
  std::string shard;                ///< I/N; empty: all
  std::vector<std::string> command; ///< what stands after `--`; empty: the compile database's
  bool allowIncomplete = false;
  double timeoutSeconds = 0;
  bool everyBody = false; ///< for `discover`
};

struct BaselineOptions {
  std::vector<std::string> paths;
  std::string file; ///< empty: .ssot-baseline in the project's root
  bool allowIncomplete = false;
  double timeoutSeconds = 0;
};

struct BaselineMergeOptions {
  std::string base, ours, theirs;
};

struct ReportOptions {
  std::vector<std::string> paths;
  std::string output; ///< folder
  std::optional<double> minCompliance;
  bool allowIncomplete = false;
  bool noSnippets = false;
  std::string baseline;
  std::string runtimeCounts; ///< file; empty: none
  std::string history;       ///< the same
  double timeoutSeconds = 0;
  std::string date;
};

struct HistoryImportOptions {
  std::string revisions = "HEAD";
  std::string file;
  std::size_t every = 1;
  std::size_t last = 50;
  bool again = false;
  std::string configure; ///< shell command; empty: the compile commands of now
  bool allowIncomplete = false;
  double timeoutSeconds = 0;
};

struct DiscoverOptions {
  std::vector<std::string> paths;
  std::string format = "text"; ///< text or json
  bool allowIncomplete = false;
  double timeoutSeconds = 0;
  std::vector<std::string> facts; ///< as in CheckOptions
  bool factsOnly = false;
};

struct WhereOptions {
  std::vector<std::string> words;
  std::string format = "text"; ///< text or json
  std::size_t limit = 10;      ///< 0: none
  bool allowIncomplete = false;
  double timeoutSeconds = 0;
  std::vector<std::string> facts; ///< as in CheckOptions
  bool factsOnly = false;
};

struct RulesTestOptions {
  std::vector<std::string> examples; ///< files and folders; empty: those beside the rule files
  std::vector<std::string> mutate;   ///< rules; empty: examples are run
  std::string half = "all";          ///< tuning, evaluation or all
  std::string format = "text";       ///< text, json or sarif
  std::string keep;                  ///< folder for the variants' text; empty: none
  bool allowIncomplete = false;
  double timeoutSeconds = 0;
};

struct LspOptions {
  std::string baseline; ///< file; empty: none
  bool showSuppressed = false;
  double timeoutSeconds = 0;
};

struct RegistryOptions {
  std::string format; ///< markdown or json; empty: as the file is called, else markdown
  std::string write;
  std::string check;
  bool allowIncomplete = false;
  double timeoutSeconds = 0;
};

} // namespace ssot
