#include "core/store/info_log.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "core/store/limits.h"

namespace wonbon {
namespace {

// RocksDB warns of its own checkpoint, which pauses the removal of files twice over.
constexpr std::string_view kOfACheckpoint = "File Deletions ";

}  // namespace

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
  if (line.find(kOfACheckpoint) != line.npos) return;
  {
    absl::MutexLock lock(&mutex_);
    if (first_.empty()) first_ = line;
  }
  if (listener_) listener_(line);
}

}  // namespace wonbon
