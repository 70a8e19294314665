#include "catalog/search.h"

#include "facts/words.h"
#include "judge/side_work.h"
#include "judge/sites.h"
#include "store/sql.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

#include <cstdint>
#include <map>
#include <tuple>

namespace ssot {

namespace {

/// From this length on a word matches what begins with it.
constexpr std::size_t kPrefix = 4;

std::string spaced(llvm::StringRef text) { return llvm::join(wordsOf(text), " "); }

/// What FTS5 is asked for one word; it has no character that FTS5 reads as more than a letter.
std::string matchOf(llvm::StringRef word) { return ("\"" + word + "\"").str() + (word.size() >= kPrefix ? "*" : ""); }

/// One name that leads to an entry: its own, or one that it stands for.
struct CatalogName {
  std::size_t entry = 0;
  llvm::StringRef name;
  bool isOwn = false;
  std::vector<std::string> matched;
  bool tells = false;    ///< some word is of the name or of what the rule says, not of the scope alone
  std::int64_t rank = 0; ///< millionths of BM25; less is better
};

/// The names of a catalog as a full text index.
class NameIndex {
public:
  explicit NameIndex(llvm::ArrayRef<CatalogEntry> catalog) : Catalog(catalog) {}

  llvm::Error fill() {
    if (!Rows.open(":memory:", /*mayCreate=*/true) ||
        !Rows.run("CREATE VIRTUAL TABLE names USING fts5(name, scope, about, tokenize = 'porter unicode61')"))
      return failure();
    Statement insert = Rows.prepare("INSERT INTO names (rowid, name, scope, about) VALUES (?, ?, ?, ?)");
    for (std::size_t i = 0; i < Catalog.size(); ++i) {
      const CatalogEntry &entry = Catalog[i];
      if (llvm::Error error =
              add(insert, {i, entry.symbol, true, {}, false, 0}, spaced(entry.about) + ' ' + spaced(entry.include)))
        return error;
      for (const std::string &old : entry.standsFor)
        if (llvm::Error error = add(insert, {i, old, false, {}, false, 0}, ""))
          return error;
    }
    return llvm::Error::success();
  }

  /// \returns the names that have any of \p words, with those they have. A scope alone is not enough: all members have
  /// it.
  llvm::Expected<std::vector<CatalogName>> find(llvm::ArrayRef<std::string> words) {
    std::vector<CatalogName> found;
    if (words.empty())
      return found;
    for (const std::string &word : words)
      if (!eachRow(matchOf(word), [&](CatalogName &name, std::int64_t) { name.matched.push_back(word); }))
        return failure();
    std::string any = llvm::join(llvm::map_range(words, [](const std::string &word) { return matchOf(word); }), " OR ");
    bool isDone = eachRow("{name about} : (" + any + ")", [](CatalogName &name, std::int64_t) { name.tells = true; }) &&
                  eachRow(any, [&](CatalogName &name, std::int64_t rank) {
                    name.rank = rank;
                    if (name.tells)
                      found.push_back(name);
                  });
    if (!isDone)
      return failure();
    return found;
  }

private:
  llvm::Error failure() const {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), "the index of names: " + Rows.message());
  }

  llvm::Error add(Statement &insert, CatalogName name, const std::string &about) {
    // In one piece as well: who looks for `fullmatch` means FullMatch.
    std::string words = spaced(unqualified(name.name)), scope = spaced(scopeOf(name.name));
    words += ' ' + llvm::join(wordsOf(unqualified(name.name)), "");
    Names.push_back(std::move(name));
    insert.bind(1, static_cast<std::int64_t>(Names.size()));
    insert.bindText(2, words);
    insert.bindText(3, scope);
    insert.bindText(4, about);
    if (insert.step() != Step::Done)
      return failure();
    insert.reset();
    return llvm::Error::success();
  }

  template <typename Visit>
  bool eachRow(const std::string &match, Visit visit) {
    // A word of the name says more than one of what is around it.
    Statement select = Rows.prepare("SELECT rowid, CAST(1000000 * bm25(names, 10.0, 2.0, 2.0) AS INTEGER) "
                                    "FROM names WHERE names MATCH ? ORDER BY rowid");
    select.bindText(1, match);
    Step step = Step::Failed;
    while ((step = select.step()) == Step::Row)
      visit(Names[static_cast<std::size_t>(select.integer(0)) - 1], select.integer(1));
    return step == Step::Done;
  }

  llvm::ArrayRef<CatalogEntry> Catalog;
  std::vector<CatalogName> Names;
  Database Rows;
};

struct PossibleHit {
  CatalogHit hit;
  std::size_t own = 0; ///< words that its own name has
  std::int64_t rank = 0;
  double score() const {
    return static_cast<double>(hit.matched.size()) + 0.5 * static_cast<double>(hit.matchedTypes.size()) +
           (hit.takesTheSame ? 1 : 0);
  }
};

class HitFinder {
public:
  HitFinder(llvm::ArrayRef<CatalogEntry> catalog, const CatalogQuery &query) : Catalog(catalog), Query(query) {}

  CatalogAnswer answer(const std::vector<CatalogName> &names) {
    for (const CatalogName &name : names)
      addName(name);
    for (const CatalogName &name : names)
      addAskedFor(name);
    if (Query.isSignature)
      for (const CatalogEntry &entry : Catalog)
        addSignature(entry);
    std::vector<PossibleHit> list = sorted();
    CatalogAnswer answer;
    for (const std::string &word : Query.words)
      if (llvm::none_of(names, [&](const CatalogName &name) { return llvm::is_contained(name.matched, word); }))
        answer.unmatched.push_back(word);
    for (PossibleHit &candidate : list)
      if (isAnswer(candidate, list.front()))
        answer.hits.push_back(candidate.hit);
    return answer;
  }

private:
  PossibleHit &candidateOf(const CatalogEntry &entry) {
    PossibleHit &candidate = Found[&entry];
    candidate.hit.entry = &entry;
    return candidate;
  }

  bool isAskedFor(llvm::StringRef name) const {
    return name.equals_insensitive(Query.name) || unqualified(name).equals_insensitive(Query.name);
  }

  void addName(const CatalogName &name) {
    PossibleHit &candidate = candidateOf(Catalog[name.entry]);
    candidate.hit.isExact |= isAskedFor(name.name);
    if (name.isOwn)
      candidate.own = name.matched.size();
    if (name.matched.size() > candidate.hit.matched.size())
      candidate.hit.matched = name.matched;
    candidate.rank = std::min(candidate.rank, name.rank);
  }

  /// Another name is worth saying when it is why the entry was found.
  void addAskedFor(const CatalogName &name) {
    PossibleHit &candidate = candidateOf(Catalog[name.entry]);
    bool isWhy = name.matched.size() > candidate.own && name.matched.size() == candidate.hit.matched.size();
    if (!name.isOwn && (isWhy || isAskedFor(name.name)))
      candidate.hit.askedFor.push_back(name.name.str());
  }

  void addSignature(const CatalogEntry &entry) {
    bool takesTheSame = llvm::any_of(entry.signatures, [&](const CatalogSignature &signature) {
      return signature.takes == Query.takes && (Query.result.empty() || signature.result == Query.result);
    });
    std::vector<std::string> shared = sharedTypes(entry);
    bool tells = Query.words.empty() || llvm::any_of(shared, [](llvm::StringRef word) { return !isPlainType(word); });
    if (!Found.count(&entry) && !(takesTheSame && tells))
      return;
    PossibleHit &candidate = candidateOf(entry);
    candidate.hit.takesTheSame = takesTheSame;
    candidate.hit.matchedTypes = std::move(shared);
  }

  std::vector<std::string> sharedTypes(const CatalogEntry &entry) const {
    std::vector<std::string> shared;
    auto add = [&](const std::vector<std::string> &asked) {
      for (const std::string &word : asked)
        if (!llvm::is_contained(shared, word) && llvm::any_of(entry.signatures, [&](const CatalogSignature &signature) {
              return llvm::is_contained(signature.result, word) ||
                     llvm::any_of(signature.takes, [&](const auto &type) { return llvm::is_contained(type, word); });
            }))
          shared.push_back(word);
    };
    add(Query.result);
    for (const std::vector<std::string> &type : Query.takes)
      add(type);
    return shared;
  }

  /// Beside one of the very name only what has all words, beside others what has more than half of what the best has.
  bool isAnswer(const PossibleHit &candidate, const PossibleHit &best) const {
    if (candidate.hit.isExact)
      return true;
    return best.hit.isExact ? candidate.hit.matched.size() == Query.words.size() : 2 * candidate.score() > best.score();
  }

  std::vector<PossibleHit> sorted() {
    std::vector<PossibleHit> list;
    for (auto &[entry, candidate] : Found)
      list.push_back(std::move(candidate));
    llvm::sort(list, [](const PossibleHit &a, const PossibleHit &b) {
      auto key = [](const PossibleHit &candidate) {
        const CatalogHit &hit = candidate.hit;
        return std::tuple<bool, double, bool, std::int64_t, llvm::StringRef>(
            !hit.isExact, -candidate.score(), hit.entry->rule.empty(), candidate.rank, hit.entry->symbol);
      };
      return key(a) < key(b);
    });
    return list;
  }

  llvm::ArrayRef<CatalogEntry> Catalog;
  const CatalogQuery &Query;
  std::map<const CatalogEntry *, PossibleHit> Found; ///< in the order of the catalog: its entries stand in one array
};

} // namespace

llvm::Expected<CatalogAnswer> search(llvm::ArrayRef<CatalogEntry> catalog, const CatalogQuery &query) {
  NameIndex names(catalog);
  if (llvm::Error error = names.fill())
    return std::move(error);
  llvm::Expected<std::vector<CatalogName>> found = names.find(query.words);
  if (!found)
    return found.takeError();
  return HitFinder(catalog, query).answer(*found);
}

} // namespace ssot
