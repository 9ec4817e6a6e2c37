// A Change as bytes: what a log of changes holds and a second engine applies. Pure functions; the
// same rules and notation as document_codec.h, whose records are nested here as they are stored.
//
//    0  version u8, 1 today
//    1  checksum u64: XXH3-64 of everything behind it
//    9  sequence u64           17  previous u64            25  time_us i64
//   33  twelve lists, each its length as a varint, then its items:
//       added                number u64, then as strings: entry, content, packed body, fingerprint;
//                            then the counted shingles (below)
//       changed              number u64, entry string
//       removed              number u64, collection u32, id string, counted shingles, has a
//                            tombstone u8 (0; 1; 2: of a blocked id); with one: sequence u64,
//                            deleted_at time, reason
//                            string
//       clusters             id u64, cluster string
//       redirects            from u64, to u64
//       dropped              cluster id u64
//       band postings        number u64, bands u32
//       sample postings      number u64, bits u8: 1 posted, 2 the sample is that of the added
//                            document with this number; without 2: length as a varint, u32 each
//       events               collection u32, sequence u64, events string (see ledger_codec.h)
//       collections          number u32, collection string
//       dropped collections  number u32
//       tombstones           collection u32, id string, tombstone string
//
// Counted shingles are what document frequencies count of a document that founds a cluster: up to
// 512 hashes of 32 bits, ascending and distinct, as Rice codes of their differences less 1. For
// hashes that are spread evenly that is within 1 % of their entropy (tests/core/store/
// change_codec_test.cc): 24 bits a hash where 700 shingles were there to choose from, against 32.
//       number of hashes as a varint; if it is not 0: k u8, then the bits as a string, the lowest
//       of a byte first. A code: the upper part (value >> k) as that many 1 bits and a 0, then the
//       lower k bits, the lowest first.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/record.h"

namespace wonbon {

std::string EncodeChange(const Change& change);
// DATA_LOSS, "byte N: ...", for bytes that EncodeChange did not make. What it answers otherwise is
// well formed; whether it fits a state, CheckFits (core/state/fits.h) says.
absl::StatusOr<Change> DecodeChange(std::string_view bytes);

}  // namespace wonbon
