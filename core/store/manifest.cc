#include "core/store/manifest.h"

#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/store/files.h"
#include "core/store/status.h"

namespace wonbon {
namespace {

constexpr size_t kNameBytes = 100;

// 0 for the name of another file.
uint64_t NumberOf(std::string_view name) {
  constexpr std::string_view kPrefix = "MANIFEST-";
  uint64_t number = 0;
  if (!name.starts_with(kPrefix)) return 0;
  name.remove_prefix(kPrefix.size());
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
  return parsed.ptr == name.data() + name.size() ? number : 0;
}

}  // namespace

ManifestExtent ManifestOf(rocksdb::DB& db) {
  std::vector<std::string> files;
  ManifestExtent extent;
  if (!db.GetLiveFiles(files, &extent.bytes, /*flush_memtable=*/false).ok()) return {};
  for (const std::string& file : files) {
    const uint64_t number = NumberOf(std::filesystem::path(file).filename().string());
    if (number > 0) extent.number = number;
  }
  return extent;
}

absl::Status CheckManifest(const std::string& path, const ManifestExtent& least) {
  const absl::StatusOr<SmallFile> current = ReadSmallFile(path + "/CURRENT", kNameBytes);
  if (!current.ok()) return absl::OkStatus();
  const std::string name = current->bytes.substr(0, current->bytes.find('\n'));
  const uint64_t number = NumberOf(name);
  if (number == 0 || number > least.number) return absl::OkStatus();
  const std::string expected =
      absl::StrCat("expected MANIFEST-", absl::Dec(least.number, absl::kZeroPad6), " of at least ",
                   least.bytes, " bytes, or a later one", kDamageCure);
  if (number < least.number) {
    return absl::DataLossError(absl::StrCat(path, "/CURRENT: found ", name, "; ", expected));
  }
  std::error_code error;
  const uint64_t bytes = std::filesystem::file_size(path + "/" + name, error);
  if (error || bytes >= least.bytes) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(path, "/", name, ": found ", bytes, " bytes; ", expected));
}

}  // namespace wonbon
