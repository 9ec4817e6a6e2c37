// CRC-32C (Castagnoli), the checksum of RocksDB's log. Portable, eight bytes a step. Pure function.
#pragma once

#include <cstdint>
#include <string_view>

namespace wonbon {

// Of `bytes` behind others whose checksum was `before`.
uint32_t Crc32c(std::string_view bytes, uint32_t before = 0);

}  // namespace wonbon
