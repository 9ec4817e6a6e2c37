// Limits of the engine that its users meet, each with its name and with what happens past it; those
// of single stages are in core/*/limits.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wonbon {

// Fields of a document, in bytes. Past one: INVALID_ARGUMENT naming the field.
inline constexpr size_t kMaxIdBytes = 256;
inline constexpr size_t kMaxTitleBytes = 4 << 10;
inline constexpr size_t kDefaultMaxBodyBytes = 256 << 10;  // Engine::Options::max_body_bytes
inline constexpr size_t kMaxPublisherBytes = 256;
inline constexpr size_t kMaxUrlBytes = 4 << 10;
inline constexpr size_t kMaxBylineBytes = 1 << 10;
inline constexpr size_t kMaxSectionBytes = 256;
inline constexpr size_t kMaxLabels = 64;
inline constexpr size_t kMaxLabelKeyBytes = 128;
inline constexpr size_t kMaxLabelValueBytes = 4 << 10;

// Of a deletion and of collections. Past one: INVALID_ARGUMENT naming the field.
inline constexpr size_t kMaxReasonBytes = 1 << 10;
inline constexpr size_t kMaxCollectionNameBytes = 64;
inline constexpr size_t kMaxPublisherListEntries = 100;
// Past it: FAILED_PRECONDITION (kTooManyCollections).
inline constexpr size_t kMaxCollections = 1'000;

// Of a commit number, and with it of document numbers and cluster ids: 20,000 commits a second for
// 446 years. A store that tells of a larger one is damaged (DATA_LOSS).
inline constexpr uint64_t kMaxSequence = (uint64_t{1} << 48) - 1;

// Documents or ids of one call. Past it: INVALID_ARGUMENT.
inline constexpr size_t kMaxBatchDocuments = 1'000;
// Items of a page; a larger size is taken as this. Clusters of more members are listed without
// them.
inline constexpr int kMaxPageSize = 1'000;
inline constexpr int kDefaultPageSize = 100;
// Documents of one answer, counted as they stand on the wire: what most clients accept, 4 MiB, less
// half a megabyte for what an answer carries besides. A list page ends early here; a batch of reads
// has RESPONSE_TOO_LARGE in the place of what does not fit; a batch that asks for more bodies than
// that is refused before anything is done.
inline constexpr size_t kMaxPageBytes = 7 << 19;
// Documents or clusters that a list looks at under one lock; then its page ends, however empty.
inline constexpr size_t kMaxScannedPerRead = 4'096;
// Words that headlines are searched for. Past it: INVALID_ARGUMENT.
inline constexpr size_t kMaxTitleWordsBytes = 256;

// Times of publication before 1990 or more than a day after arrival are not believed: they stand
// behind all others in an election, and retention counts from arrival.
inline constexpr int64_t kMinPlausibleTimeUs = 631'152'000'000'000;  // 1990-01-01T00:00:00Z
inline constexpr int64_t kMaxTimeAheadUs = 86'400'000'000;

// Shorter documents are copies only of the same text under the same headline (SHORT_TEXT).
inline constexpr size_t kMinShingles = 20;

// Look-up. Past the first two those that promise most are taken, and the reply says
// TRUNCATED_CANDIDATES.
inline constexpr size_t kMaxCandidateClusters = 64;  // whose members' sketches are compared
inline constexpr size_t kMaxJudgedClusters = 16;     // whose texts are judged ...
inline constexpr size_t kJudgedBySample = 4;         // ... so many of them for what they contain
// Members whose sketches are compared in one cluster; of a larger one the oldest and the newest
// half of that number, and for the keys that it holds already the newest.
inline constexpr size_t kMaxScannedMembers = 128;

// Shingles of a document that document frequencies count, those with the smallest hashes: judgement
// weighs fewer of the longer text of a pair.
inline constexpr size_t kMaxCountedShingles = 512;

// Sampled shingles of a document, as many as fit the store's 16 bits. Of a text of over 2,097,152
// shingles less than one in 32 is sampled, still evenly from beginning to end.
inline constexpr size_t kMaxSampleSize = 65'535;

// Matches and links of a decision: the strongest; the others are left out.
inline constexpr size_t kMaxMatches = 10;
inline constexpr size_t kMaxLinks = 10;

// An editor's word: who says it, clusters of one merge, documents of one split. Past one:
// INVALID_ARGUMENT naming the field. A note is at most kMaxReasonBytes.
inline constexpr size_t kMaxActorBytes = 256;
inline constexpr size_t kMaxMergedClusters = 16;
inline constexpr size_t kMaxSplitDocuments = 1'000;
// Words kept with a cluster for people to read; of more the oldest are forgotten, not what they
// did.
inline constexpr size_t kMaxEditorWords = 16;
// Documents that an answer names as moved: the first; the others are counted.
inline constexpr size_t kMaxMovedIds = 100;

// Texts of a family, each pair of them judged. One that would become larger stays as it stands: a
// further document joins its best cluster or none, and the reply says TRUNCATED_CANDIDATES.
inline constexpr size_t kMaxFamilyTexts = 64;

// Documents waiting for the commit thread, and how many seconds of work they may be, going by what
// documents took lately. Past either: RESOURCE_EXHAUSTED with RetryInfo.
inline constexpr size_t kMaxQueuedDocuments = 8'192;
inline constexpr int kMaxCommitDelaySeconds = 5;
// Documents of calls for one document, in one group: the first of them does not wait for more.
inline constexpr size_t kMaxGroupSingles = 128;
// Documents written with one fsync; what is queued besides goes into the next group.
inline constexpr size_t kMaxGroupDocuments = 1'024;
// Documents of one command on many, in one group; the others follow in later groups, behind what
// was queued meanwhile.
inline constexpr size_t kMaxPieceDocuments = 256;

// Deleted collections whose last events can still be read by those who watched them; of more, the
// one deleted first is forgotten, and its watchers are told NOT_FOUND at once.
inline constexpr size_t kMaxDeletedFeeds = 1'000;

// Events kept for WatchClusters. A watcher further behind: OUT_OF_RANGE.
inline constexpr uint64_t kMaxKeptEvents = 1'000'000;

}  // namespace wonbon
