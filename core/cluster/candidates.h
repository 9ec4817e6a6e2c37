// Index hits -> the clusters whose texts are worth judging.
#pragma once

#include <array>
#include <vector>

#include "core/state/state.h"

namespace wonbon {

// Hits weaker than both are chance and left out: an estimated Jaccard similarity of .12 (23 equal
// bins more than chance) stands above what unrelated texts reach (.04 at most, and an error of
// .04), and below the weakest real copies (.3).
inline constexpr double kMinEstimatedJaccard = 0.12;
// Sampled shingles in common that are a whole text as far as a sample can tell: 16 of one in 32 are
// about 500 units. Of a shorter text one shingle in 32 is.
inline constexpr double kFullSharedSample = 16;

// Two texts of at least kLongShingles need this many sampled shingles in common: fewer are a footer
// or chance. Of shorter texts the samples are too small to ask for more than the index does.
inline constexpr uint32_t kLongShingles = 400;
inline constexpr int kMinSharedSampleOfLong = 3;

// What a bin of the sketch counts in which one cluster alone agrees, where there are too many
// clusters; divided by their number where several do.
inline constexpr int kRarestBin = 240;

struct CandidateCluster {
  ClusterId id = ClusterId::kNone;
  DocumentNumber canonical = DocumentNumber::kNone;
  DocumentNumber founder = DocumentNumber::kNone;   // its oldest member: what it is about
  DocumentNumber closest = DocumentNumber::kNone;   // the member most like the document
  DocumentNumber same_url = DocumentNumber::kNone;  // a member with its article url
  bool exact = false;                               // `closest` has the same canonical text
  double jaccard = 0;    // estimated, of `closest`; 0 where it is chance
  int rarity = 0;        // of what its sketch shares, where there are too many clusters
  double contained = 0;  // by the sample: 1 where it shares as much as a whole text would

  // The members that are judged, in this order: kNone and repetitions among them.
  std::array<DocumentNumber, 4> heard() const { return {canonical, founder, closest, same_url}; }
};

struct Candidates {
  // At most kMaxJudgedClusters. Of more, those that share what few of the others do, and
  // kJudgedBySample for what they contain.
  std::vector<CandidateCluster> clusters;
  bool truncated = false;                  // there were more
  DocumentNumber except = DocumentNumber::kNone;  // the document that was no candidate
  bool url_known = false;                  // another document has the article url
};

// `except`: a document that is not a candidate (the version that an update replaces).
Candidates FindCandidates(const State& state, CollectionNumber collection,
                          const Fingerprint& fingerprint, DocumentNumber except);

}  // namespace wonbon
