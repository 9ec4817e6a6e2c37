// The FORMAT file: what a data folder was written with. Lines of text in this order:
//
//   wonbon store                magic
//   format 3                    version of this file and of what lies beside it
//   store_id 0123...            32 hex digits, drawn at the first open
//   seed_from folder            or: file (--seed-file)
//   seed_fingerprint 89abcdef   SeedFingerprint, 8 hex digits
//   text_rules 2                kTextRulesVersion (core/text/canonical.h)
//   sketch 4                    kSketchVersion and the parameters of core/sketch/fingerprint.h:
//   shingle_units 5
//   bins 256
//   bands 24
//   rows_per_band 4
//   sample_shingle_units 8
//   sample_rate 32
//   min_sample 16
//   max_sample 65535
//   checksum 0123456789abcdef   XXH3-64 of all bytes before this line, 16 hex digits
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/status/statusor.h"

namespace wonbon {

inline constexpr uint32_t kFormatVersion = 3;

struct StoreFormat {
  using Parameter = std::pair<std::string_view, uint32_t>;  // name in the file, value
  // What texts, sketches and samples of this program depend on.
  static std::array<Parameter, 10> ProgramParameters();

  std::string store_id;
  bool seed_in_folder = true;
  uint32_t seed_fingerprint = 0;
  std::array<Parameter, 10> parameters = ProgramParameters();
};

std::string FormatText(const StoreFormat& format);
// `path` is for messages. DATA_LOSS for a damaged file; FAILED_PRECONDITION for another version.
absl::StatusOr<StoreFormat> ParseFormat(std::string_view text, std::string_view path);

// What the file says, its parameters checked; nothing where there is none.
absl::StatusOr<std::optional<StoreFormat>> ReadFormat(const std::string& path);

// FAILED_PRECONDITION where a folder written as `found` cannot be used with this program's
// parameters, or with this seed: what was found, what was expected, what to do.
absl::Status CheckParameters(const StoreFormat& found, std::string_view path);
absl::Status CheckSeed(const StoreFormat& found, uint32_t seed_fingerprint, std::string_view path);

}  // namespace wonbon
