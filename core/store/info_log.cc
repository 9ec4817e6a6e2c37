#include "core/store/info_log.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/store/limits.h"

namespace wonbon {

std::string InfoLog::first() const {
  absl::MutexLock lock(&mutex_);
  return first_;
}

void InfoLog::Logv(rocksdb::InfoLogLevel level, const char* format, std::va_list arguments) {
  if (level < rocksdb::InfoLogLevel::WARN_LEVEL || level >= rocksdb::InfoLogLevel::HEADER_LEVEL) {
    return;
  }
  std::array<char, kMaxWarningBytes + 1> text;
  const int wanted = std::vsnprintf(text.data(), text.size(), format, arguments);
  if (wanted < 0) return;
  std::string_view line(text.data(), std::min(static_cast<size_t>(wanted), kMaxWarningBytes));
  while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  {
    absl::MutexLock lock(&mutex_);
    if (first_.empty()) first_ = line;
  }
  if (listener_) listener_(line);
}

}  // namespace wonbon
