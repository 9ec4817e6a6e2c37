// A server past its --memory-limit: it takes no documents, reads and deletes as ever, and starts.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "server/admission/memory_ceiling.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using testing::HasSubstr;

class MemoryLimitTest : public RunningServer {
 protected:
  void StartAnewWith(uint64_t limit) {
    server_.reset();
    config_.memory_limit.bytes = limit;
    Start();
  }
  static constexpr uint64_t kLessThanAnyProcess = 1 << 20;

  void ExpectOutOfMemory(const ErrorDetails& details) {
    EXPECT_EQ(details.code, static_cast<int>(grpc::StatusCode::RESOURCE_EXHAUSTED));
    EXPECT_EQ(details.reason, "MEMORY_LIMIT");
    EXPECT_TRUE(details.retry);
  }
};

TEST_F(MemoryLimitTest, PastItSubmissionsAreRefusedWithAReasonOfTheirOwn) {
  StartAnewWith(kLessThanAnyProcess);
  v1::SubmitRequest one;
  *one.mutable_document() = MakeDocument("a", ArticleText(1));
  {
    grpc::ClientContext context;
    v1::SubmitResponse response;
    ExpectOutOfMemory(DetailsOf(dedup_->Submit(&context, one, &response)));
  }
  {
    grpc::ClientContext context;
    v1::SubmitBatchRequest batch;
    *batch.add_documents() = one.document();
    v1::SubmitBatchResponse response;
    ExpectOutOfMemory(DetailsOf(dedup_->SubmitBatch(&context, batch, &response)));
  }
  {
    grpc::ClientContext context;
    auto stream = dedup_->SubmitStream(&context);
    v1::SubmitStreamRequest request;
    *request.mutable_document() = one;
    stream->Write(request);
    stream->WritesDone();
    v1::SubmitStreamResponse response;
    EXPECT_FALSE(stream->Read(&response));
    ExpectOutOfMemory(DetailsOf(stream->Finish()));
  }
  EXPECT_EQ(Stats().documents(), 0);
}

TEST_F(MemoryLimitTest, AStartWithTheSameDataSucceedsAndReadsAndDeletionsGoOn) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  MustSubmit(MakeDocument("b", ArticleText(2)));
  StartAnewWith(kLessThanAnyProcess);
  EXPECT_EQ(Stats().documents(), 2);
  {
    grpc::ClientContext context;
    v1::GetDocumentRequest request;
    request.set_document_id("a");
    v1::GetDocumentResponse response;
    EXPECT_TRUE(dedup_->GetDocument(&context, request, &response).ok());
  }
  {
    grpc::ClientContext context;
    v1::CheckRequest request;
    *request.mutable_document() = MakeDocument("c", ArticleText(1));
    v1::CheckResponse response;
    EXPECT_TRUE(dedup_->Check(&context, request, &response).ok());
    EXPECT_EQ(response.decision().relation(), v1::RELATION_EXACT);
  }
  {
    grpc::ClientContext context;
    v1::DeleteDocumentRequest request;
    request.set_document_id("b");
    v1::DeleteDocumentResponse response;
    EXPECT_TRUE(dedup_->DeleteDocument(&context, request, &response).ok());
  }
  EXPECT_EQ(Stats().documents(), 1);
  StartAnewWith(0);
  MustSubmit(MakeDocument("b", ArticleText(3)));
}

TEST_F(MemoryLimitTest, ReadinessAndMetricsSayIt) {
  EXPECT_THAT(HttpGet("/readyz"), HasSubstr("\r\n\r\nready\n"));
  StartAnewWith(kLessThanAnyProcess);
  EXPECT_THAT(HttpGet("/readyz?verbose"), HasSubstr("\nsubmissions: the server takes more memory"));
  EXPECT_THAT(HttpGet("/metrics"), HasSubstr("\nwonbon_cannot_submit 1\n"));
  const std::string ready = HttpGet("/readyz");
  EXPECT_THAT(ready, HasSubstr(" 200 "));
  EXPECT_THAT(ready, HasSubstr("submissions are refused"));
  EXPECT_THAT(ready, HasSubstr("--memory-limit"));
  const std::string metrics = HttpGet("/metrics");
  EXPECT_THAT(metrics, HasSubstr("wonbon_memory_limit_bytes 1048576"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_memory_bytes "));
}

TEST(MemoryCeilingTest, WhatIsTakenIsSeenAgainAfterAMoment) {
  uint64_t used = 10;
  server::MemoryCeiling ceiling({.limit = 100, .used = [&] { return used; }});
  EXPECT_TRUE(ceiling.Admit().ok());
  used = 101;
  absl::SleepFor(absl::Milliseconds(150));
  EXPECT_FALSE(ceiling.Admit().ok());
  used = 99;
  absl::SleepFor(absl::Milliseconds(150));
  EXPECT_TRUE(ceiling.Admit().ok());
}

TEST(MemoryCeilingTest, WithoutALimitNothingIsRefused) {
  server::MemoryCeiling ceiling({.limit = 0, .used = [] { return UINT64_MAX; }});
  EXPECT_TRUE(ceiling.Admit().ok());
}

TEST(MemoryCeilingTest, MemoryOfThisProcessAndOfTheMachineIsReadInBytes) {
  const uint64_t before = server::AnonymousMemory();
  EXPECT_GT(before, uint64_t{1} << 20);
  const std::string taken(64 << 20, 'x');
  EXPECT_GE(server::AnonymousMemory(), before + taken.size() / 2);
  EXPECT_GT(server::GrantedMemory(), server::AnonymousMemory());
}

}  // namespace
}  // namespace wonbon
