// Seeded commands such as newsrooms send: new stories, copies of every kind, corrections of a known
// id and their withdrawal, halves of one story and the whole that bridges them, deletions,
// deletions that are sent again, days that pass.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/document.h"
#include "tests/corpus/derive.h"
#include "tests/corpus/random.h"
#include "tests/corpus/story.h"

namespace wonbon::oracle {

struct Command {
  enum class Kind { kSubmit, kDelete, kExpire, kPin, kUnpin, kMerge, kSplit };
  Kind kind = Kind::kSubmit;
  Document document;             // kSubmit
  std::string id;                // kDelete; an editor's: of whose cluster it is said
  std::string other_id;          // kMerge
  absl::Duration passes;         // before the command, on the clock
};

// Not thread-safe.
class CommandSequence {
 public:
  // Publication times lie within the weeks before `start`, or before the clock as it has moved on.
  // `editors`: of every ten commands two are an editor's words.
  CommandSequence(uint64_t seed, absl::Time start, bool editors = false);

  Command Next();

 private:
  struct Published {
    size_t story = 0;
    Document document;
  };

  Command Submit(size_t story, Document document);
  Document Derive(Published base, corpus::Kind kind);
  Command NewStory();
  Command Copy();
  Command Update();
  Command Resubmit(bool old_version);
  Command Part(bool whole);
  Command Notice();
  Command Delete();
  Command Expire();
  Command Edit();
  std::string NewId();
  void SetTime(Document* document);
  const Published& AnyPublished();

  corpus::Random random_;
  absl::Time now_;
  const bool editors_;
  uint64_t ids_ = 0;
  std::vector<corpus::Story> stories_;
  std::vector<Published> published_;  // every version that was sent, in order
};

}  // namespace wonbon::oracle
