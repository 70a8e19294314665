#include "gate/calendar.h"

#include <llvm/Support/FormatVariadic.h>

#include <chrono>

namespace ssot {

namespace {

/// Takes \p digits and what follows them from the front.
bool take(llvm::StringRef &text, std::size_t digits, llvm::StringRef behind, unsigned &number) {
  llvm::StringRef front = text.take_front(digits);
  if (front.size() != digits || front.find_first_not_of("0123456789") != llvm::StringRef::npos ||
      front.getAsInteger(10, number))
    return false;
  text = text.drop_front(digits);
  return text.consume_front(behind);
}

} // namespace

std::optional<std::int64_t> secondsOf(llvm::StringRef date) {
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!take(date, 4, "-", year) || !take(date, 2, "-", month) || !take(date, 2, "T", day) ||
      !take(date, 2, ":", hour) || !take(date, 2, ":", minute) || !take(date, 2, "Z", second) || !date.empty())
    return std::nullopt;
  std::chrono::year_month_day calendar{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                       std::chrono::day(day)};
  if (!calendar.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  std::chrono::sys_seconds time = std::chrono::sys_days(calendar) + std::chrono::hours(hour) +
                                  std::chrono::minutes(minute) + std::chrono::seconds(second);
  return time.time_since_epoch().count();
}

std::string dateOf(std::int64_t seconds) {
  std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day calendar(day);
  std::chrono::hh_mm_ss clock(time - day);
  return llvm::formatv("{0,0+4}-{1,0+2}-{2,0+2}T{3,0+2}:{4,0+2}:{5,0+2}Z", static_cast<int>(calendar.year()),
                       static_cast<unsigned>(calendar.month()), static_cast<unsigned>(calendar.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count())
      .str();
}

} // namespace ssot
