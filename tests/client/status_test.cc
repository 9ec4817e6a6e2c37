#include "client/status.h"

#include <gmock/gmock.h>
#include <grpcpp/support/status.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace wonbon::client {
namespace {

using ::testing::HasSubstr;

google::rpc::Status WithViolation(const std::string& message) {
  google::rpc::Status status;
  status.set_code(3);
  status.set_message(message);
  google::rpc::BadRequest bad;
  auto* violation = bad.add_field_violations();
  violation->set_field("documents[3].title");
  violation->set_description("not UTF-8 at byte 17");
  status.add_details()->PackFrom(bad);
  return status;
}

// Of a call without a deadline that nobody can cancel.
absl::Status Outcome(const grpc::Status& status) {
  const grpc::ClientContext context;
  return OutcomeOf(status, context, nullptr);
}

TEST(StatusTest, EveryCodeButCancelledKeepsItsNumber) {
  for (int code = 1; code <= 16; ++code) {
    if (code == grpc::StatusCode::CANCELLED) continue;
    const absl::Status status =
        Outcome(grpc::Status(static_cast<grpc::StatusCode>(code), "because"));
    EXPECT_EQ(static_cast<int>(status.code()), code);
    EXPECT_EQ(status.message(), "because");
  }
  EXPECT_TRUE(Outcome(grpc::Status::OK).ok());
}

TEST(StatusTest, CancelledIsOnlyWhatThisSideCancelled) {
  const grpc::Status cancelled(grpc::StatusCode::CANCELLED, "stopping");
  Cancellation cancellation;
  grpc::ClientContext context;
  EXPECT_EQ(OutcomeOf(cancelled, context, nullptr).code(), absl::StatusCode::kUnavailable);
  const absl::Status unasked = OutcomeOf(cancelled, context, &cancellation);
  EXPECT_EQ(unasked.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(unasked.message(), "ended by the other side: stopping");
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  EXPECT_EQ(OutcomeOf(cancelled, context, &cancellation).code(),
            absl::StatusCode::kDeadlineExceeded);
  cancellation.Cancel();
  EXPECT_EQ(OutcomeOf(cancelled, context, &cancellation).code(), absl::StatusCode::kCancelled);
}

TEST(StatusTest, ADocumentIsNeverCancelledByThisSide) {
  google::rpc::Status status;
  status.set_code(grpc::StatusCode::CANCELLED);
  EXPECT_EQ(FromRpc(status).code(), absl::StatusCode::kUnavailable);
}

TEST(StatusTest, UnknownNumbersBecomeUnknown) {
  google::rpc::Status status;
  status.set_code(99);
  EXPECT_EQ(FromRpc(status).code(), absl::StatusCode::kUnknown);
}

TEST(StatusTest, TheMessageNamesFieldViolations) {
  const google::rpc::Status error = WithViolation("bad document");
  const absl::Status status = Outcome(
      grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "bad document", error.SerializeAsString()));
  EXPECT_EQ(status.message(), "bad document; documents[3].title: not UTF-8 at byte 17");
}

TEST(StatusTest, ViolationsThatTheMessageNamesAreNotRepeated) {
  const absl::Status status = FromRpc(WithViolation("documents[3].title: not UTF-8 at byte 17"));
  EXPECT_EQ(status.message(), "documents[3].title: not UTF-8 at byte 17");
}

TEST(StatusTest, DetailsStayAsPayloads) {
  const absl::Status status = FromRpc(WithViolation("bad"));
  EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.BadRequest").has_value());
  EXPECT_EQ(RetryDelay(status), std::nullopt);
  EXPECT_EQ(ErrorReason(status), "");
}

TEST(StatusTest, RetryInfoAndErrorInfoAreRead) {
  google::rpc::Status error;
  error.set_code(8);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(2);
  retry.mutable_retry_delay()->set_nanos(500'000'000);
  error.add_details()->PackFrom(retry);
  google::rpc::ErrorInfo info;
  info.set_domain("wonbon");
  info.set_reason("QUEUE_FULL");
  error.add_details()->PackFrom(info);
  const absl::Status status = FromRpc(error);
  EXPECT_EQ(RetryDelay(status), absl::Milliseconds(2500));
  EXPECT_EQ(ErrorReason(status), "QUEUE_FULL");
}

TEST(StatusTest, DamagedDetailsLeaveCodeAndMessage) {
  const absl::Status status =
      Outcome(grpc::Status(grpc::StatusCode::INTERNAL, "broken", "\xFF\xFF not a message"));
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), HasSubstr("broken"));
}

}  // namespace
}  // namespace wonbon::client
