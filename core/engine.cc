#include "core/engine.h"

#include <atomic>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/cluster/candidates.h"
#include "core/engine_parts.h"
#include "core/error.h"
#include "core/validate.h"
#include "xxhash.h"

namespace wonbon {
namespace {

constexpr char kDefaultCollection[] = "default";
// Documents between two calls of Options::on_progress.
constexpr uint64_t kProgressStep = 10'000;

CollectionSettings DefaultSettings() {
  // The agencies whose wire copy Korean outlets reprint.
  return {.wire_publishers = {"연합뉴스", "뉴시스", "뉴스1"}};
}

uint64_t ProfileSeed(const Seed& seed) { return XXH3_64bits(seed.data(), seed.size()); }

void AddField(XXH3_state_t* state, std::string_view text) {
  const uint64_t size = text.size();
  XXH3_128bits_update(state, &size, sizeof(size));
  XXH3_128bits_update(state, text.data(), text.size());
}

// Of every submitted field: two documents with the same key are the same submission.
absl::uint128 ContentKey(const Document& document) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> owned(XXH3_createState(),
                                                                       &XXH3_freeState);
  XXH3_state_t* const state = owned.get();
  XXH3_128bits_reset(state);
  for (const std::string* field :
       {&document.id, &document.title, &document.body, &document.publisher, &document.url,
        &document.byline, &document.section}) {
    AddField(state, *field);
  }
  const int64_t numbers[] = {
      static_cast<int64_t>(document.content_type), document.published_at.has_value() ? 1 : 0,
      document.published_at.has_value() ? absl::ToUnixNanos(*document.published_at) : 0};
  XXH3_128bits_update(state, numbers, sizeof(numbers));
  for (const auto& [key, value] : document.labels) {
    AddField(state, key);
    AddField(state, value);
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(state);
  return absl::MakeUint128(hash.high64, hash.low64);
}

}  // namespace

Engine::Parts::Parts(Options options_in, std::unique_ptr<Store> store_in)
    : options(std::move(options_in)),
      store(std::move(store_in)),
      sketcher(store->seed()),
      profile_seed(ProfileSeed(store->seed())),
      cache(options.article_cache_bytes) {}

absl::Status Engine::Parts::Rebuild() {
  absl::StatusOr<DocumentNumber> counted = rarity.Load(*store);
  if (!counted.ok()) return counted.status();
  const uint64_t expected = store->EstimatedDocuments();
  uint64_t done = 0;
  std::vector<DocumentNumber> founders;
  absl::WriterMutexLock lock(&mutex);
  absl::Status visited = store->VisitAll(
      {.collection =
           [&](CollectionRecord record) {
             state.LoadCollection(std::move(record));
             return absl::OkStatus();
           },
       .cluster = [&](const ClusterRecord& record) { return state.LoadCluster(record); },
       .redirect =
           [&](const Redirect& redirect) {
             state.LoadRedirect(redirect);
             return absl::OkStatus();
           },
       .document =
           [&](const DocumentEntry& entry, const Fingerprint& fingerprint) {
             if (entry.is_counted_in_rarity() && entry.number > *counted) {
               founders.push_back(entry.number);
             }
             if (++done % kProgressStep == 0 && options.on_progress) {
               options.on_progress(done, expected);
             }
             return state.LoadDocument(entry, fingerprint);
           }});
  if (!visited.ok()) return visited;
  if (absl::Status status = state.FinishLoading(); !status.ok()) return status;
  for (const DocumentNumber number : founders) {
    absl::StatusOr<std::shared_ptr<const Article>> article = FetchArticle(number);
    if (!article.ok()) return article.status();
    rarity.Add({*article, &(*article)->profile}, number);
    rarity.Publish();
  }
  publication.set_published(store->last_sequence());
  if (options.on_progress) options.on_progress(done, done);
  return absl::OkStatus();
}

CommitContext Engine::Parts::Context(Group& group, const ArticleSource& source) const {
  return {.group = &group,
          .source = &source,
          .rarity = rarity.current(),
          .now_us = absl::ToUnixMicros(options.now())};
}

absl::Status Engine::Parts::WriteGroup(Group& group) {
  publication.Begin();
  absl::Status status = store->Write(group.changes());
  if (status.ok()) {
    if (options.before_publish) options.before_publish();
    group.Publish();
  } else {
    group.Abandon();
  }
  publication.End(store->last_sequence());
  if (!status.ok()) {
    rarity.Abandon();
    if (!std::exchange(write_failed, true) && options.on_write_failed) {
      options.on_write_failed(status);
    }
    return status;
  }
  write_failed = false;
  // Not sooner: the numbers of a group that is given up are drawn again.
  for (std::shared_ptr<const Article>& article : group.articles()) cache.Insert(std::move(article));
  rarity.Publish();
  commit_groups.fetch_add(1, std::memory_order_relaxed);
  // A lost blob costs time at the next open, nothing else.
  rarity.Save(*store).IgnoreError();
  return absl::OkStatus();
}

void Engine::Parts::NotifyListeners() {
  absl::MutexLock lock(&listeners_mutex);
  for (const auto& [ticket, listener] : listeners) listener(store->last_sequence());
}

absl::StatusOr<Decision> Engine::Parts::CommitOne(Group& group, Submission& submission) {
  const size_t judged = submission.judgements.judged();
  const ArticleSource source = Source(&group, submission.article);
  absl::StatusOr<Decision> decision =
      CommitSubmission(Context(group, source), submission, CommitMode::kSubmit);
  judged_pairs.fetch_add(submission.judgements.judged() - judged, std::memory_order_relaxed);
  if (!decision.ok() || decision->outcome == Outcome::kUnchanged) return decision;
  const DocumentEntry* entry = group.FindEntry(submission.article->number);
  if (entry != nullptr && entry->is_counted_in_rarity()) {
    rarity.Add({submission.article, &submission.article->profile}, entry->number);
  }
  return decision;
}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Open(Options options) {
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(options.store);
  if (!store.ok()) return store.status();
  // The first text builds tables and compiles rules (45 ms): not at a client's expense.
  (void)Canonicalize("원본", {});
  auto parts = std::make_unique<Parts>(std::move(options), *std::move(store));
  if (absl::Status status = parts->Rebuild(); !status.ok()) return status;
  Parts* const p = parts.get();
  parts->commits = std::make_unique<CommitThread>(CommitThread::Hooks{
      .new_group =
          [p] { return std::make_unique<Group>(&p->state, &p->mutex, p->store.get()); },
      .write = [p](Group& group) { return p->WriteGroup(group); },
      .after = [p] { p->NotifyListeners(); }});
  std::unique_ptr<Engine> engine(new Engine(std::move(parts)));
  if (!engine->GetCollection(kDefaultCollection).ok()) {
    absl::StatusOr<CollectionView> made =
        engine->CreateCollection(kDefaultCollection, DefaultSettings());
    if (!made.ok()) return made.status();
  }
  return engine;
}

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() = default;

absl::StatusOr<std::unique_ptr<Submission>> Engine::Prepare(std::string_view collection,
                                                            Document document,
                                                            bool id_optional) const {
  absl::StatusOr<CollectionNumber> number = parts_->FindCollection(collection);
  if (!number.ok()) return number.status();
  if (absl::Status status =
          ValidateDocument(document, parts_->options.max_body_bytes, id_optional);
      !status.ok()) {
    return status;
  }
  auto submission = std::make_unique<Submission>();
  submission->collection = *number;
  submission->received_us = absl::ToUnixMicros(parts_->options.now());
  const absl::uint128 content_key = ContentKey(document);
  submission->packed_body = PackBody(document.body);
  CanonicalText body;
  submission->article = parts_->MakeArticle(std::move(document), /*with_source=*/false, &body);
  if (body.units.empty()) {
    return InvalidField("document.body", "has no letter or digit");
  }
  submission->article->content.content_key = content_key;
  const Document& head = submission->article->content.document;
  submission->fingerprint = parts_->sketcher.Make(
      body.units, submission->article->profile.title_units, head.publisher, head.url);
  return submission;
}

void Engine::Prejudge(Submission& submission) const {
  submission.judgements.UseRarity(parts_->rarity.current());
  Candidates candidates;
  {
    absl::ReaderMutexLock lock(&parts_->mutex);
    candidates = FindCandidates(parts_->state, submission.collection, submission.fingerprint,
                                DocumentNumber::kNone);
  }
  const ArticleSource source = parts_->Source(nullptr, nullptr);
  const size_t judged = submission.judgements.judged();
  for (const CandidateCluster& cluster : candidates.clusters) {
    for (const DocumentNumber number : cluster.heard()) {
      if (number == DocumentNumber::kNone) continue;
      // An error shows again when the commit thread asks.
      (void)submission.judgements.Of(submission.article->profile, number, source);
    }
  }
  parts_->judged_pairs.fetch_add(submission.judgements.judged() - judged,
                                 std::memory_order_relaxed);
}

absl::Status Engine::Enqueue(std::vector<std::unique_ptr<Submission>> batch, SubmitOptions options,
                             SubmitCallback done) {
  struct Work {
    std::vector<std::unique_ptr<Submission>> batch;
    std::vector<absl::StatusOr<Decision>> decisions;
    SubmitCallback done;
  };
  auto work = std::make_shared<Work>();
  const size_t documents = batch.size();
  work->batch = std::move(batch);
  work->done = std::move(done);
  Parts* const p = parts_.get();
  return p->commits->Enqueue(
      {.documents = documents,
       .run =
           [p, work](Group& group) {
             work->decisions.reserve(work->batch.size());
             for (const auto& submission : work->batch) {
               work->decisions.push_back(p->CommitOne(group, *submission));
             }
           },
       .answer =
           [p, work, options](const absl::Status& status) {
             for (absl::StatusOr<Decision>& decision : work->decisions) {
               if (!status.ok()) {
                 decision = status;
               } else if (decision.ok() && options.canonical_body) {
                 absl::Status filled = p->FillBody(&*decision);
                 if (!filled.ok()) decision = filled;
               }
             }
             work->done(std::move(work->decisions));
           }});
}

absl::StatusOr<Decision> Engine::Submit(std::string_view collection, Document document,
                                        SubmitOptions options) {
  absl::StatusOr<std::unique_ptr<Submission>> submission = Prepare(collection, std::move(document));
  if (!submission.ok()) return submission.status();
  Prejudge(**submission);
  std::vector<std::unique_ptr<Submission>> batch;
  batch.push_back(*std::move(submission));
  absl::Notification done;
  absl::StatusOr<Decision> result = absl::UnknownError("not answered");
  const absl::Status queued = Enqueue(std::move(batch), options,
                                      [&](std::vector<absl::StatusOr<Decision>> decisions) {
                                        result = std::move(decisions.front());
                                        done.Notify();
                                      });
  if (!queued.ok()) return queued;
  done.WaitForNotification();
  return result;
}

absl::StatusOr<Decision> Engine::Check(Submission& submission, SubmitOptions options) const {
  Prejudge(submission);
  absl::StatusOr<Decision> decision;
  for (int look = 0; look < Parts::kMaxLooks; ++look) {
    bool settled = true;  // the store had what the state names, and nothing newer
    {
      // The state is held still while it is decided; nearly all is judged already.
      absl::ReaderMutexLock lock(&parts_->mutex);
      Group group(&parts_->state, nullptr, parts_->store.get());
      const ArticleSource published = parts_->Source(&group, submission.article);
      const ArticleSource source = [&](DocumentNumber number) {
        absl::StatusOr<std::shared_ptr<const Article>> article = published(number);
        if (absl::IsNotFound(article.status())) settled = false;
        return article;
      };
      decision = CommitSubmission(parts_->Context(group, source), submission, CommitMode::kCheck);
      if (absl::IsNotFound(decision.status())) settled = false;
      if (parts_->store->last_sequence() != parts_->publication.published()) settled = false;
    }
    if (settled || !parts_->publication.Await()) break;
  }
  if (decision.ok() && options.canonical_body) {
    if (absl::Status status = parts_->FillBody(&*decision); !status.ok()) return status;
  }
  return decision;
}

absl::Status Engine::Delete(std::string_view collection, std::vector<std::string> ids,
                            std::string reason, DeleteCallback done) {
  absl::StatusOr<CollectionNumber> number = parts_->FindCollection(collection);
  if (!number.ok()) return number.status();
  if (absl::Status status = ValidateText("reason", reason, kMaxReasonBytes); !status.ok()) {
    return status;
  }
  auto results = std::make_shared<std::vector<absl::StatusOr<Deletion>>>();
  Parts* const p = parts_.get();
  const size_t documents = ids.size();
  return p->commits->Enqueue(
      {.documents = documents,
       .run =
           [p, results, number = *number, ids = std::move(ids),
            reason = std::move(reason)](Group& group) {
             const ArticleSource source = p->Source(&group, nullptr);
             for (const std::string& id : ids) {
               if (absl::Status status = ValidateId("document_id", id); !status.ok()) {
                 results->push_back(std::move(status));
                 continue;
               }
               absl::StatusOr<DeletionResult> result =
                   CommitDeletion(p->Context(group, source), number, id, reason);
               if (result.ok()) {
                 results->push_back(Deletion{std::move(result->tombstone), result->deleted});
               } else {
                 results->push_back(result.status());
               }
             }
           },
       .answer =
           [results, done = std::move(done)](const absl::Status& status) {
             if (!status.ok()) {
               for (absl::StatusOr<Deletion>& result : *results) result = status;
             }
             done(std::move(*results));
           }});
}

absl::StatusOr<uint64_t> Engine::ExpireDocuments() {
  Parts* const p = parts_.get();
  uint64_t total = 0;
  for (;;) {
    std::vector<DocumentNumber> expired;
    {
      absl::ReaderMutexLock lock(&p->mutex);
      expired = p->state.FindExpired(p->options.now(), kMaxBatchDocuments);
    }
    if (expired.empty()) return total;
    absl::StatusOr<uint64_t> removed = RemoveWithoutTombstone(std::move(expired));
    if (!removed.ok()) return removed.status();
    if (*removed == 0) return total;
    total += *removed;
  }
}

absl::StatusOr<uint64_t> Engine::RemoveWithoutTombstone(std::vector<DocumentNumber> numbers) {
  Parts* const p = parts_.get();
  uint64_t removed = 0;
  absl::Status failed;
  const absl::Status status = p->commits->Run(
      {.documents = numbers.size(), .run = [&](Group& group) {
         const ArticleSource source = p->Source(&group, nullptr);
         for (const DocumentNumber number : numbers) {
           absl::StatusOr<bool> gone = CommitExpiry(p->Context(group, source), number);
           if (!gone.ok()) {
             failed = gone.status();
             return;
           }
           removed += *gone ? 1 : 0;
         }
       }});
  if (!status.ok()) return status;
  if (!failed.ok()) return failed;
  return removed;
}

absl::Status Engine::Drain() {
  parts_->commits->Close();
  return parts_->store->Flush();
}

uint64_t Engine::AddCommitListener(std::function<void(Sequence)> listener) {
  absl::MutexLock lock(&parts_->listeners_mutex);
  const uint64_t ticket = parts_->next_ticket++;
  parts_->listeners[ticket] = std::move(listener);
  return ticket;
}

void Engine::RemoveCommitListener(uint64_t ticket) {
  absl::MutexLock lock(&parts_->listeners_mutex);
  parts_->listeners.erase(ticket);
}

std::string FormatClusterId(ClusterId id) {
  return id == ClusterId::kNone ? "" : absl::StrCat("c", static_cast<uint64_t>(id));
}

std::optional<ClusterId> ParseClusterId(std::string_view text) {
  uint64_t number = 0;
  if (text.size() < 2 || text[0] != 'c' || text[1] == '0' || text[1] == '+' ||
      !absl::SimpleAtoi(absl::string_view(text.data() + 1, text.size() - 1), &number)) {
    return std::nullopt;
  }
  return static_cast<ClusterId>(number);
}

}  // namespace wonbon
