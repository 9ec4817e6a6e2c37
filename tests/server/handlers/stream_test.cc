// SubmitStream: order, flow control, clients that are slow or vanish.
#include <thread>

#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using testing::HasSubstr;
using Stream = grpc::ClientReaderWriter<v1::SubmitStreamRequest, v1::SubmitStreamResponse>;

class StreamTest : public RunningServer {
 protected:
  static v1::SubmitStreamRequest One(const v1::Document& document) {
    v1::SubmitStreamRequest request;
    *request.mutable_document()->mutable_document() = document;
    return request;
  }

  bool WaitForDocuments(uint64_t count) {
    for (int i = 0; i < 200; ++i) {
      if (Stats().documents() >= count) return true;
      absl::SleepFor(absl::Milliseconds(25));
    }
    return false;
  }
};

TEST_F(StreamTest, AnswersComeInTheOrderOfRequests) {
  grpc::ClientContext context;
  std::unique_ptr<Stream> stream = dedup_->SubmitStream(&context);
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) {
      // Long and short texts take turns, so that later ones are prepared earlier.
      ASSERT_TRUE(stream->Write(
          One(MakeDocument("d" + std::to_string(i), ArticleText(i, i % 2 ? 3 : 150)))));
    }
    stream->WritesDone();
  });
  v1::SubmitStreamResponse response;
  uint64_t last = 0;
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(stream->Read(&response)) << i;
    ASSERT_EQ(response.results_size(), 1);
    EXPECT_EQ(response.results(0).decision().document_id(), "d" + std::to_string(i));
    EXPECT_GT(response.results(0).decision().sequence(), last) << "committed in this order too";
    last = response.results(0).decision().sequence();
  }
  EXPECT_FALSE(stream->Read(&response));
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(StreamTest, TheLastVersionSentIsTheOneThatStays) {
  grpc::ClientContext context;
  std::unique_ptr<Stream> stream = dedup_->SubmitStream(&context);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(stream->Write(One(MakeDocument("same", ArticleText(i, i % 2 ? 3 : 200)))));
    if (i < 3) continue;
    v1::SubmitStreamResponse response;
    ASSERT_TRUE(stream->Read(&response));
  }
  stream->WritesDone();
  v1::SubmitStreamResponse response;
  while (stream->Read(&response)) {
  }
  ASSERT_TRUE(stream->Finish().ok());
  v1::GetDocumentRequest request;
  request.set_document_id("same");
  v1::GetDocumentResponse got;
  grpc::ClientContext get;
  ASSERT_TRUE(dedup_->GetDocument(&get, request, &got).ok());
  EXPECT_EQ(got.document().document().body(), ArticleText(19, 3));
}

TEST_F(StreamTest, BatchesAndBadRequestsAreAnsweredInTheirPlace) {
  grpc::ClientContext context;
  std::unique_ptr<Stream> stream = dedup_->SubmitStream(&context);
  v1::SubmitStreamRequest batch;
  for (int i = 0; i < 30; ++i) {
    *batch.mutable_batch()->add_documents() = MakeDocument("b" + std::to_string(i), ArticleText(i));
  }
  batch.mutable_batch()->mutable_documents(4)->clear_id();
  v1::SubmitStreamRequest unknown = One(MakeDocument("x", ArticleText(1)));
  unknown.mutable_document()->set_collection("nowhere");
  v1::SubmitStreamRequest too_many;
  for (int i = 0; i < 1'001; ++i) too_many.mutable_batch()->add_documents()->set_id("x");
  ASSERT_TRUE(stream->Write(batch));
  ASSERT_TRUE(stream->Write(v1::SubmitStreamRequest()));
  ASSERT_TRUE(stream->Write(unknown));
  ASSERT_TRUE(stream->Write(One(MakeDocument("bad", "\xff"))));
  v1::SubmitStreamResponse response;
  ASSERT_TRUE(stream->Read(&response));
  ASSERT_EQ(response.results_size(), 30);
  EXPECT_EQ(response.results(29).decision().document_id(), "b29");
  EXPECT_REFUSED(response.results(4).error(), grpc::StatusCode::INVALID_ARGUMENT,
                 "documents[4].id");
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_REFUSED(response.results(0).error(), grpc::StatusCode::INVALID_ARGUMENT, "document");
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_REFUSED(response.results(0).error(), grpc::StatusCode::NOT_FOUND, "");
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_REFUSED(response.results(0).error(), grpc::StatusCode::INVALID_ARGUMENT, "document.body");
  ASSERT_TRUE(stream->Write(too_many));
  ASSERT_TRUE(stream->Read(&response));
  ASSERT_EQ(response.results_size(), 1);
  EXPECT_THAT(DetailsOf(response.results(0).error()).field, HasSubstr("documents"));
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(StreamTest, AClientThatDoesNotReadIsNotReadEither) {
  grpc::ClientContext context;
  std::unique_ptr<Stream> stream = dedup_->SubmitStream(&context);
  // Answers that fill the connection's windows: batches with the canonical bodies.
  v1::SubmitStreamRequest batch;
  batch.mutable_batch()->set_view(v1::VIEW_FULL);
  for (int i = 0; i < 10; ++i) {
    *batch.mutable_batch()->add_documents() = MakeDocument("", ArticleText(i, 1'000));
  }
  std::atomic<int> written{0};
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) {
      for (auto& document : *batch.mutable_batch()->mutable_documents()) {
        document.set_id("d" + std::to_string(written) + document.body().substr(0, 3));
      }
      if (!stream->Write(batch)) return;
      ++written;
    }
    stream->WritesDone();
  });
  absl::SleepFor(absl::Seconds(2));
  const int while_unread = written;
  EXPECT_LT(while_unread, 100) << "the server kept reading";
  v1::SubmitStreamResponse response;
  int answered = 0;
  while (stream->Read(&response)) ++answered;
  writer.join();
  EXPECT_EQ(answered, 100);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(StreamTest, AVanishedClientHarmsNobody) {
  for (int round = 0; round < 100; ++round) {
    grpc::ClientContext context;
    const std::shared_ptr<grpc::Channel> channel = NewChannel();
    const auto stub = v1::DedupService::NewStub(channel);
    std::unique_ptr<Stream> stream = stub->SubmitStream(&context);
    for (int i = 0; i < round % 20; ++i) {
      stream->Write(One(MakeDocument("v" + std::to_string(i), ArticleText(i, 50))));
    }
    context.TryCancel();
    stream->Finish();
  }
  ExpectUnharmed();
  ASSERT_TRUE(server_->Shutdown().ok());
}

TEST_F(StreamTest, HalfClosingAtOnceIsFine) {
  grpc::ClientContext context;
  std::unique_ptr<Stream> stream = dedup_->SubmitStream(&context);
  stream->WritesDone();
  v1::SubmitStreamResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

}  // namespace
}  // namespace wonbon
