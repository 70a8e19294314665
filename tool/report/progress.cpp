#include "report/progress.h"

#include "report/characters.h"
#include "report/words.h"

#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/Format.h>
#include <llvm/Support/FormatAdapters.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/Process.h>

#include <algorithm>
#include <cmath>

namespace ssot {

namespace {

using namespace std::chrono_literals;

constexpr auto kPause = 100ms; ///< between two drawings: a terminal is slow, units may be quick
constexpr unsigned kDefaultColumns = 80;
constexpr std::size_t kBarColumns = 20;
constexpr unsigned kColumnsForBar = 60; ///< on a narrower terminal the figures matter more
constexpr char kBackToEmptyLine[] = "\r\x1b[K";

/// "0:07", "12:30", "1:02:03"
std::string clockTime(std::int64_t seconds) {
  if (seconds >= 3600)
    return llvm::formatv("{0}:{1,0+2}:{2,0+2}", seconds / 3600, seconds / 60 % 60, seconds % 60).str();
  return llvm::formatv("{0}:{1,0+2}", seconds / 60, seconds % 60).str();
}

/// "[========>           ]"
std::string bar(std::size_t done, std::size_t total) {
  std::size_t filled = std::min(done, total) * kBarColumns / total;
  std::string text(filled, '=');
  if (filled < kBarColumns)
    text += '>' + std::string(kBarColumns - filled - 1, ' ');
  return '[' + text + ']';
}

/// \returns the end of \p text in at most \p columns: of a path the end tells most.
std::string tailOf(llvm::StringRef text, std::size_t columns) {
  if (columnsOf(text) <= columns)
    return text.str();
  if (columns < 4)
    return std::string();
  std::size_t tooMuch = columnsOf(text) - (columns - 3);
  std::size_t skippedColumns = 0;
  std::size_t skippedBytes = 0;
  forEachCharacter(text, [&](const Character &character) {
    if (skippedColumns >= tooMuch)
      return;
    skippedColumns += character.columns;
    skippedBytes += character.bytes.size();
  });
  return "..." + text.drop_front(skippedBytes).str();
}

} // namespace

ProgressMode progressMode(llvm::StringRef word) {
  return llvm::StringSwitch<ProgressMode>(word)
      .Case("always", ProgressMode::Always)
      .Case("never", ProgressMode::Never)
      .Default(ProgressMode::Auto);
}

Progress::Progress(llvm::raw_ostream &out, ProgressMode mode, std::size_t total, Clock clock, unsigned columns)
    : Out(out), Now(std::move(clock)), Total(total),
      Columns(columns ? columns : llvm::sys::Process::StandardErrColumns()),
      Visible(total != 0 && (mode == ProgressMode::Always || (mode == ProgressMode::Auto && out.is_displayed()))),
      Started(Now()) {
  if (!Columns)
    Columns = kDefaultColumns;
  if (Visible)
    draw(llvm::StringRef(), Started);
}

void Progress::step(llvm::StringRef unit) {
  ++Done;
  if (!Visible)
    return;
  auto now = Now();
  if (now - LastDrawn >= kPause)
    draw(unit, now);
}

void Progress::draw(llvm::StringRef unit, std::chrono::steady_clock::time_point now) {
  std::string total = std::to_string(Total);
  std::string line = Columns < kColumnsForBar ? "" : bar(Done, Total) + " ";
  line += llvm::formatv("{0}/{1}", llvm::fmt_align(Done, llvm::AlignStyle::Right, total.size()), total).str();
  double seconds = std::chrono::duration<double>(now - Started).count();
  if (Done && seconds > 0) {
    double rate = static_cast<double>(Done) / seconds;
    auto left = std::llround(static_cast<double>(Total - std::min(Done, Total)) / rate);
    line += llvm::formatv(" {0}/s, {1} left", llvm::format("%.1f", rate), clockTime(left)).str();
  }
  // The last column stays free: some terminals break the line when it is written.
  std::size_t room = Columns > line.size() + 2 ? Columns - line.size() - 2 : 0;
  if (std::string name = tailOf(escaped(unit), room); !name.empty())
    line += " " + name;
  Out << kBackToEmptyLine << line;
  Out.flush();
  Drawn = true;
  LastDrawn = now;
}

void Progress::finish() {
  if (!Drawn)
    return;
  Out << kBackToEmptyLine;
  Out.flush();
  Drawn = false;
  Visible = false;
}

} // namespace ssot
