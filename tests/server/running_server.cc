#include "tests/server/running_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>


#include "google/rpc/error_details.pb.h"
#include "server/config/address.h"
#include "server/log.h"
#include "tests/server/texts.h"

namespace wonbon {

ErrorDetails DetailsOf(const google::rpc::Status& status) {
  ErrorDetails details;
  details.code = status.code();
  details.description = status.message();
  for (const google::protobuf::Any& any : status.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    if (any.UnpackTo(&info)) {
      details.reason = info.reason();
      details.domain = info.domain();
    } else if (any.UnpackTo(&bad_request)) {
      details.field = bad_request.field_violations(0).field();
      details.description = bad_request.field_violations(0).description();
    } else if (any.Is<google::rpc::RetryInfo>()) {
      details.retry = true;
    }
  }
  return details;
}

ErrorDetails DetailsOf(const grpc::Status& status) {
  google::rpc::Status full;
  EXPECT_TRUE(full.ParseFromString(status.error_details()));
  if (status.error_details().empty()) full.set_message(status.error_message());
  full.set_code(status.error_code());
  return DetailsOf(full);
}

server::Config RunningServer::LoopbackConfig() const {
  server::Config config;
  config.listen = "127.0.0.1:0";
  config.admin_listen = "127.0.0.1:0";
  config.data_dir = folder_.path() / "data";
  config.insecure = true;
  config.threads = 2;
  config.article_cache_mb = 16;
  config.drain_timeout = absl::Seconds(5);
  return config;
}

void RunningServer::Start() {
  server::SetUpLog(server::LogFormat::kText, server::LogLevel::kWarning);
  absl::StatusOr<std::unique_ptr<server::Server>> started = server::Server::Start(config_);
  ASSERT_TRUE(started.ok()) << started.status();
  server_ = *std::move(started);
  channel_ = NewChannel();
  dedup_ = v1::DedupService::NewStub(channel_);
  collections_ = v1::CollectionService::NewStub(channel_);
  admin_ = v1::AdminService::NewStub(channel_);
}

std::shared_ptr<grpc::Channel> RunningServer::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  arguments.SetMaxReceiveMessageSize(64 << 20);
  return grpc::CreateCustomChannel(server_->grpc_address(), grpc::InsecureChannelCredentials(),
                                   arguments);
}

v1::Document RunningServer::MakeDocument(const std::string& id, const std::string& body,
                                         const std::string& title) {
  v1::Document document;
  document.set_id(id);
  document.set_body(body);
  if (!title.empty()) document.set_title(title);
  return document;
}

v1::Decision RunningServer::MustSubmit(const v1::Document& document,
                                       const std::string& collection) {
  v1::SubmitRequest request;
  *request.mutable_document() = document;
  request.set_collection(collection);
  v1::SubmitResponse response;
  grpc::ClientContext context;
  const grpc::Status status = dedup_->Submit(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.decision();
}

v1::SubmitBatchResponse RunningServer::MustSubmitBatch(const v1::SubmitBatchRequest& request) {
  v1::SubmitBatchResponse response;
  grpc::ClientContext context;
  const grpc::Status status = dedup_->SubmitBatch(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.results_size(), request.documents_size());
  return response;
}

v1::GetStatsResponse RunningServer::Stats() {
  v1::GetStatsResponse response;
  grpc::ClientContext context;
  const grpc::Status status = admin_->GetStats(&context, {}, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

void RunningServer::ExpectUnharmed() {
  const v1::Decision decision = MustSubmit(MakeDocument("unharmed", ArticleText(4'242)));
  EXPECT_EQ(decision.document_id(), "unharmed");
  EXPECT_NE(decision.cluster_id(), "");
}

std::string RunningServer::Http(const std::string& head, const std::string& body) {
  const absl::StatusOr<server::HostPort> address = server::ParseAddress(server_->admin_address());
  EXPECT_TRUE(address.ok()) << address.status();
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(address->port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  const std::string host = head.find("\r\nHost:") == std::string::npos ? "Host: localhost\r\n" : "";
  const std::string request = head + host + "Connection: close\r\n\r\n" + body;
  EXPECT_EQ(send(fd, request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4'096];
  for (ssize_t got = 0; (got = recv(fd, buffer, sizeof buffer, 0)) > 0;) {
    answer.append(buffer, static_cast<size_t>(got));
  }
  close(fd);
  return answer;
}

std::string RunningServer::HttpCall(const std::string& path, const std::string& json,
                                    const std::string& headers) {
  return Http("POST /wonbon.v1." + path + " HTTP/1.1\r\nContent-Type: application/json\r\n" +
                  "Content-Length: " + std::to_string(json.size()) + "\r\n" + headers,
              json);
}

}  // namespace wonbon
