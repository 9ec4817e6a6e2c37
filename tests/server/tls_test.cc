// TLS and mTLS, with certificates of a test CA (testdata/, valid for a hundred years).
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "tests/server/running_server.h"

namespace wonbon {
namespace {

std::string TestData(const std::string& name) { return std::string(WONBON_TEST_DATA) + "/" + name; }

std::string Contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class TlsTest : public RunningServer {
 protected:
  void SetUp() override {
    config_.insecure = false;
    config_.tls_cert = folder_.path() / "server.pem";
    config_.tls_key = folder_.path() / "server.key";
    Install("server");
  }

  void Install(const std::string& name) {
    // By renaming, as a certificate agent would: the server never sees half a file.
    for (const std::string end : {".key", ".pem"}) {
      const std::string to = folder_.path() / (std::string("server") + end);
      std::filesystem::copy_file(TestData(name + end), to + ".new");
      std::filesystem::rename(to + ".new", to);
    }
  }

  grpc::Status Call(bool with_client_certificate, std::string* peer = nullptr) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = Contents(TestData("ca.pem"));
    if (with_client_certificate) {
      options.pem_cert_chain = Contents(TestData("client.pem"));
      options.pem_private_key = Contents(TestData("client.key"));
    }
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto stub = v1::AdminService::NewStub(grpc::CreateCustomChannel(
        server_->grpc_address(), grpc::SslCredentials(options), arguments));
    v1::GetStatsResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    const grpc::Status status = stub->GetStats(&context, {}, &response);
    if (peer != nullptr && status.ok()) {
      const auto names = context.auth_context()->FindPropertyValues("x509_common_name");
      *peer = names.empty() ? "" : std::string(names[0].data(), names[0].size());
    }
    return status;
  }
};

TEST_F(TlsTest, ServesClientsThatTrustItsCertificateAndNoPlaintext) {
  Start();
  EXPECT_TRUE(Call(false).ok());
  v1::GetStatsResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
  EXPECT_FALSE(admin_->GetStats(&context, {}, &response).ok()) << "the fixture's channel is plain";
}

TEST_F(TlsTest, AClientCaShutsOutClientsWithoutACertificate) {
  config_.tls_client_ca = TestData("ca.pem");
  Start();
  EXPECT_EQ(Call(false).error_code(), grpc::StatusCode::UNAVAILABLE);
  const grpc::Status status = Call(true);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(TlsTest, ARenewedCertificateIsServedWithoutARestart) {
  Start();
  std::string peer;
  ASSERT_TRUE(Call(false, &peer).ok());
  EXPECT_EQ(peer, "server");
  Install("server2");
  for (int i = 0; i < 50 && peer != "server2"; ++i) {
    absl::SleepFor(absl::Milliseconds(200));
    Call(false, &peer);
  }
  EXPECT_EQ(peer, "server2");
}

TEST_F(TlsTest, UnreadableFilesAreNamed) {
  config_.tls_key = folder_.path() / "missing.key";
  const auto started = server::Server::Start(config_);
  ASSERT_FALSE(started.ok());
  EXPECT_THAT(std::string(started.status().message()), testing::HasSubstr("tls_key"));
  EXPECT_THAT(std::string(started.status().message()), testing::HasSubstr("missing.key"));
}

}  // namespace
}  // namespace wonbon
